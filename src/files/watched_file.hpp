// A small file in the run directory that one process writes over and over, and others look at.
#pragma once

#include <string>
#include <string_view>

#include "files/descriptor.hpp"

namespace bms::files {

/// Where it lies: each `kind` has a folder of its own, with a file for each `name`.
[[nodiscard]] std::string watched_path(const std::string& directory, std::string_view kind, std::string_view name);

/// For the one who writes; makes the folder. What is no file there is moved aside. Not open, if that cannot be or
/// `directory` is empty: then nobody is told.
[[nodiscard]] Descriptor open_to_tell(const std::string& directory, const std::string& path);

/// For those who look. Not open, if there is none or `directory` is empty.
[[nodiscard]] Descriptor open_to_watch(const std::string& directory, const std::string& path);

}  // namespace bms::files
