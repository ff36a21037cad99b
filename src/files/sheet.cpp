#include "files/sheet.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/crc.hpp>
#include <cstring>
#include <filesystem>

#include "files/watched_file.hpp"

namespace bms::files {

namespace {

/// Both processes run on the same machine, so numbers are as it has them.
struct Head {
  std::uint32_t size;
  std::uint32_t sum;
};

std::string file_of(const std::string& directory, std::string_view name) {
  return watched_path(directory, "sheet", name);
}

std::uint32_t sum_of(std::span<const std::uint8_t> content) {
  boost::crc_32_type sum;
  sum.process_bytes(content.data(), content.size());
  return sum.checksum();
}

/// Whoever looks at the sheet of an earlier process goes on to do so, and sees that it ages.
Descriptor open_new(const std::string& directory, const std::string& path) {
  std::error_code ignored;  // then it is overwritten
  if (!directory.empty()) std::filesystem::remove(path, ignored);
  return open_to_tell(directory, path);
}

}  // namespace

Sheet::Sheet(const std::string& directory, std::string_view name)
    : file_{open_new(directory, file_of(directory, name))} {
  if (file_.is_open()) room_.resize(sizeof(Head) + largest_sheet);
}

void Sheet::write(std::span<const std::uint8_t> content) {
  if (!file_.is_open()) return;
  if (content.size() > largest_sheet) content = {};
  const Head head{.size = static_cast<std::uint32_t>(content.size()), .sum = sum_of(content)};
  std::memcpy(room_.data(), &head, sizeof head);
  std::ranges::copy(content, room_.begin() + sizeof head);
  // What cannot be written is found out by its age.
  [[maybe_unused]] const ssize_t written = ::pwrite(file_.number(), room_.data(), sizeof head + content.size(), 0);
}

SheetWatch::SheetWatch(const std::string& directory, std::string_view name)
    : file_{open_to_watch(directory, file_of(directory, name))} {
  if (file_.is_open()) room_.resize(sizeof(Head) + largest_sheet);
}

std::span<const std::uint8_t> SheetWatch::look() {
  if (!file_.is_open()) return {};
  const ssize_t size = ::pread(file_.number(), room_.data(), room_.size(), 0);
  Head head{};
  if (size < static_cast<ssize_t>(sizeof head)) return {};
  std::memcpy(&head, room_.data(), sizeof head);
  if (head.size > static_cast<std::size_t>(size) - sizeof head) return {};
  const auto content = std::span<const std::uint8_t>(room_).subspan(sizeof head, head.size);
  // While the other process writes, old and new are found together.
  return sum_of(content) == head.sum ? content : std::span<const std::uint8_t>{};
}

}  // namespace bms::files
