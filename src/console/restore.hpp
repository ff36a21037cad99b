// What restoring a backup would do: which values differ, and what is left alone and why. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bms/parameter.hpp"
#include "console/backup.hpp"
#include "console/request.hpp"

namespace bms::console {

struct RestoreOptions {
  std::optional<ParameterGroup> only{};  ///< of this group alone; the only way to restore a calibration
  bool other_board = false;              ///< also onto another model, or one with another firmware
};

/// A value that is not restored although it is in the file.
struct LeftAlone {
  std::string name;
  std::string why;
};

struct RestorePlan {
  std::vector<Setting> settings{};      ///< what is restored, in the order of the table
  std::vector<LeftAlone> left_alone{};  ///< settings that can be written, but not from this file to this board
  std::vector<std::string> notes{};     ///< what should be known: that it is another board
};

/// Whether a backup fits a board at all. Errors: ErrorKind::rejected: another family, dialect or number of cells;
/// another model or firmware, unless that is wanted; a calibration for another board than its own.
[[nodiscard]] Result<void> fits(const BoardFacts& from, const BoardFacts& onto, const RestoreOptions& options);

/// What would be restored. `parameters` are those of the board. Errors as of fits(), and ErrorKind::rejected when a
/// value that is to be restored lies outside of its range or is no number.
[[nodiscard]] Result<RestorePlan> plan_restore(const Backup& backup, const BoardFacts& onto,
                                               std::span<const Parameter* const> parameters,
                                               const RestoreOptions& options);

}  // namespace bms::console
