#include "files/heartbeat.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <filesystem>

#include "files/atomic_file.hpp"
#include "files/small_file.hpp"

namespace bms::files {

using std::chrono::milliseconds;

namespace {

std::string file_of(const std::string& directory, std::string_view name) {
  return directory + "/heartbeat/" + file_name_of(name);
}

Descriptor open_to_beat(const std::string& directory, const std::string& path) {
  Descriptor none(-1);
  if (directory.empty()) return none;
  std::error_code ignored;  // then it cannot be opened either
  std::filesystem::create_directories(std::filesystem::path{path}.parent_path(), ignored);
  auto file = open_to_overwrite(path);
  if (!file && move_aside(path, ".corrupt")) file = open_to_overwrite(path);
  return file ? *std::move(file) : std::move(none);
}

Descriptor open_to_watch(const std::string& path) {
  auto file = open_to_read(path);
  return file ? *std::move(file) : Descriptor(-1);
}

}  // namespace

Heartbeat::Heartbeat(const std::string& directory, std::string_view name)
    : file_{open_to_beat(directory, file_of(directory, name))} {}

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
    : file_{open_to_watch(file_of(directory, name))} {}

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
