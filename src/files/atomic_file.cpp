#include "files/atomic_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <filesystem>

#include "files/small_file.hpp"

namespace bms::files {

namespace fs = std::filesystem;

namespace {

bool sync(const Descriptor& file) { return ::fsync(file.number()) == 0; }

/// A new file of this name. What is left there from a save that did not end is removed; it is never opened, as it may
/// be anything.
Descriptor create(const std::string& path) {
  ::unlink(path.c_str());
  constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
  constexpr mode_t mode = 0644;
  Descriptor file(::open(path.c_str(), flags, mode));
  if (!file.is_open() && errno == EEXIST && move_aside(path, ".corrupt"))
    return Descriptor(::open(path.c_str(), flags, mode));
  return file;
}

/// Gives the new file its name. Whatever has that name is replaced, except for a directory, which is moved aside.
bool put_in_place(const std::string& fresh, const std::string& path) {
  std::error_code problem;
  fs::rename(fresh, path, problem);
  if (problem && fs::is_directory(path) && move_aside(path, ".corrupt")) fs::rename(fresh, path, problem);
  return !problem;
}

}  // namespace

bool write_all(const Descriptor& file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(file.number(), content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool write_atomically(const std::string& path, std::string_view content, Lasting lasting) {
  const fs::path directory = fs::path(path).parent_path();
  std::error_code problem;
  if (!directory.empty()) fs::create_directories(directory, problem);
  const std::string fresh = path + ".new";
  {
    const Descriptor file = create(fresh);
    if (!file.is_open() || !write_all(file, content)) return false;
    if (lasting == Lasting::yes && !sync(file)) return false;
  }
  if (!put_in_place(fresh, path)) return false;
  if (lasting == Lasting::no) return true;
  // Without this a power cut can undo the rename.
  const Descriptor parent(::open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return parent.is_open() && sync(parent);
}

std::string file_name_of(std::string_view name) {
  std::string result{name};
  std::ranges::replace_if(
      result, [](unsigned char c) { return c >= 0x80 || (std::isalnum(c) == 0 && c != '_' && c != '-'); }, '_');
  return result;
}

}  // namespace bms::files
