#include "files/heartbeat.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdint>

#include "files/watched_file.hpp"

namespace bms::files {

using std::chrono::milliseconds;

namespace {

std::string beat_of(const std::string& directory, std::string_view name) {
  return watched_path(directory, "heartbeat", name);
}

}  // namespace

Heartbeat::Heartbeat(const std::string& directory, std::string_view name)
    : file_{open_to_tell(directory, beat_of(directory, name))} {}

void Heartbeat::beat(Moment at) {
  if (!file_.is_open()) return;
  // All have the same length, so that each takes exactly the place of the one before.
  std::array<char, 16> text{};
  const auto since_start = std::chrono::duration_cast<milliseconds>(at.time_since_epoch()).count();
  fmt::format_to_n(text.data(), text.size(), "{:015}\n", since_start);
  // What cannot be written is a beat that is missed.
  [[maybe_unused]] const ssize_t written = ::pwrite(file_.number(), text.data(), text.size(), 0);
}

HeartbeatWatch::HeartbeatWatch(const std::string& directory, std::string_view name)
    : file_{open_to_watch(directory, beat_of(directory, name))} {}

std::optional<Heartbeat::Moment> HeartbeatWatch::last() const {
  if (!file_.is_open()) return std::nullopt;
  std::array<char, 16> text{};
  const ssize_t size = ::pread(file_.number(), text.data(), text.size(), 0);
  if (size <= 0 || text[static_cast<std::size_t>(size) - 1] != '\n') return std::nullopt;
  const char* line_end = text.data() + size - 1;
  std::int64_t since_start = 0;
  const auto [end, error] = std::from_chars(text.data(), line_end, since_start);
  const auto latest =
      std::chrono::duration_cast<milliseconds>(Heartbeat::Moment::clock::now().time_since_epoch()).count();
  const bool believed = error == std::errc{} && end == line_end && since_start >= 0 && since_start <= latest;
  return believed ? std::optional{Heartbeat::Moment{milliseconds{since_start}}} : std::nullopt;
}

}  // namespace bms::files
