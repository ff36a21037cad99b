#include "files/watched_file.hpp"

#include <filesystem>

#include "files/atomic_file.hpp"
#include "files/small_file.hpp"

namespace bms::files {

std::string watched_path(const std::string& directory, std::string_view kind, std::string_view name) {
  return directory + "/" + std::string(kind) + "/" + file_name_of(name);
}

Descriptor open_to_tell(const std::string& directory, const std::string& path) {
  Descriptor none(-1);
  if (directory.empty()) return none;
  std::error_code ignored;  // then it cannot be opened either
  std::filesystem::create_directories(std::filesystem::path{path}.parent_path(), ignored);
  auto file = open_to_overwrite(path);
  if (!file && move_aside(path, ".corrupt")) file = open_to_overwrite(path);
  return file ? *std::move(file) : std::move(none);
}

Descriptor open_to_watch(const std::string& directory, const std::string& path) {
  if (directory.empty()) return Descriptor(-1);
  auto file = open_to_read(path);
  return file ? *std::move(file) : Descriptor(-1);
}

}  // namespace bms::files
