// Small files that are found again by their names. What lies there may be something else by now: only regular files are
// opened, since a FIFO would block, a device would act, and a directory would be in the way for ever.
#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>

#include "files/descriptor.hpp"

namespace bms::files {

/// What a name has led to.
struct SmallFile {
  std::optional<std::string> content;
  std::string problem;  ///< what is there instead, in words: "is a FIFO"; empty without content: nothing is there
};

/// What is there instead of a regular file, in words; empty: a file, or nothing at all.
[[nodiscard]] std::string strange_at(const std::string& path);

inline constexpr std::size_t largest_small_file = 1'000'000;

/// Reads a regular file, or the one that a symbolic link leads to; a larger one than `limit` is a problem.
[[nodiscard]] SmallFile read_small_file(const std::string& path, std::size_t limit = largest_small_file);

/// Opens a regular file in order to read it piece by piece. Errors: what is there instead.
[[nodiscard]] std::expected<Descriptor, std::string> open_to_read(const std::string& path);

/// Opens a file and empties it, and makes it where it is missing. Errors: what is there instead, or why it cannot be
/// made.
[[nodiscard]] std::expected<Descriptor, std::string> open_to_overwrite(const std::string& path);

/// Gets what is there out of the way, whatever it is, by giving it another name: `path` and `suffix`, with a number
/// after them where that name is taken. At most nine are kept; then the new one replaces another. Returns the new
/// name; empty: it cannot be moved.
[[nodiscard]] std::optional<std::string> move_aside(const std::string& path, const std::string& suffix);

}  // namespace bms::files
