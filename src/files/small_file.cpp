#include "files/small_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace bms::files {

namespace fs = std::filesystem;

namespace {

constexpr int most_kept_aside = 9;
constexpr mode_t usual_mode = 0644;

std::string cannot_be(const char* what) { return std::string("cannot be ") + what + ": " + std::strerror(errno); }

/// What is there instead of a regular file; empty: that is what it is.
std::string strange(const struct stat& found) {
  switch (found.st_mode & S_IFMT) {
    case S_IFREG: return {};
    case S_IFDIR: return "is a directory";
    case S_IFIFO: return "is a FIFO";
    case S_IFSOCK: return "is a socket";
    default: return "is a device";
  }
}

struct Look {
  bool is_there = true;
  std::string problem;
};

/// Looks without opening anything.
Look look_at(const std::string& path) {
  struct stat found{};
  if (::stat(path.c_str(), &found) == 0) return {.is_there = true, .problem = strange(found)};
  const int error = errno;
  if (error != ENOENT) return {.is_there = true, .problem = cannot_be("read")};
  const bool link = ::lstat(path.c_str(), &found) == 0;
  return {.is_there = link, .problem = link ? "is a link to nothing" : ""};
}

/// Opens what was a regular file a moment ago; what has taken its place since can neither block nor pass.
std::expected<Descriptor, std::string> open_regular(const std::string& path, int flags) {
  Descriptor file(::open(path.c_str(), flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, usual_mode));
  if (!file.is_open()) return std::unexpected(cannot_be("opened"));
  struct stat found{};
  if (::fstat(file.number(), &found) != 0) return std::unexpected(cannot_be("read"));
  if (std::string problem = strange(found); !problem.empty()) return std::unexpected(std::move(problem));
  return file;
}

}  // namespace

std::string strange_at(const std::string& path) { return look_at(path).problem; }

std::expected<Descriptor, std::string> open_to_read(const std::string& path) {
  const Look look = look_at(path);
  if (!look.is_there) return std::unexpected(std::string("is not there"));
  if (!look.problem.empty()) return std::unexpected(look.problem);
  return open_regular(path, O_RDONLY);
}

SmallFile read_small_file(const std::string& path, std::size_t limit) {
  if (!look_at(path).is_there) return {};
  const auto file = open_to_read(path);
  if (!file) return {.content = std::nullopt, .problem = file.error()};
  std::string content;
  std::array<char, 16'384> piece{};
  for (;;) {
    const ssize_t got = ::read(file->number(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return {.content = std::nullopt, .problem = cannot_be("read")};
    if (got == 0) return {.content = std::move(content), .problem = {}};
    content.append(piece.data(), static_cast<std::size_t>(got));
    if (content.size() > limit)
      return {.content = std::nullopt, .problem = "is larger than " + std::to_string(limit) + " bytes"};
  }
}

std::expected<Descriptor, std::string> open_to_overwrite(const std::string& path) {
  if (std::string problem = strange_at(path); !problem.empty()) return std::unexpected(std::move(problem));
  auto file = open_regular(path, O_WRONLY | O_CREAT);
  if (file && ::ftruncate(file->number(), 0) != 0) return std::unexpected(cannot_be("emptied"));
  return file;
}

std::optional<std::string> move_aside(const std::string& path, const std::string& suffix) {
  const auto name = [&](int number) { return path + suffix + (number == 1 ? "" : "." + std::to_string(number)); };
  std::error_code problem;
  int number = 1;
  while (number < most_kept_aside && fs::exists(fs::symlink_status(name(number), problem))) ++number;
  if (number == most_kept_aside) fs::remove(name(number), problem);  // makes room; a directory with content stays
  fs::rename(path, name(number), problem);
  return problem ? std::nullopt : std::optional(name(number));
}

}  // namespace bms::files
