// A backup: all that could be read from one board, and who that was. Undo files have the same form.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "bms/parameter.hpp"
#include "console/answer.hpp"

namespace bms::console {

struct Backup {
  std::string program{};  ///< version of the program that made it
  std::string taken{};    ///< "2026-01-31T12:00:00Z"
  BoardFacts board{};
  std::map<std::string, Value> values{};            ///< in the unit of the parameter
  std::map<std::string, std::string> unreadable{};  ///< why not
};

/// The largest file that is read: several times as large as that of the board with the longest table.
inline constexpr std::size_t largest_backup = 64 * 1024;

/// What a Get of everything has brought.
[[nodiscard]] Backup backup_of(const Answer& answer, std::string taken);

/// One JSON document with sorted keys and a line for each value, so that files can be compared; ends with a line feed.
/// `parameters` add units.
[[nodiscard]] std::string written(const Backup& backup, std::span<const Parameter* const> parameters);

/// Reads a file from anybody. Errors: ErrorKind::rejected, with what was expected and what is there.
[[nodiscard]] Result<Backup> read_backup(std::string_view text);

}  // namespace bms::console
