// What differs between two boards, or between two times of one. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bms/parameter.hpp"
#include "console/backup.hpp"

namespace bms::console {

/// A setting that differs; empty where one side does not have it.
struct Difference {
  std::string name;
  std::optional<Value> first{}, second{};
};

/// Whether a value is a setting of the owner's or the maker's: what changes by itself, and who the board is, are not.
[[nodiscard]] bool is_setting(const Parameter& parameter);

/// The settings that differ, in the order of the table; what the table does not have comes last. Precondition: the
/// boards are of the family and the dialect that `parameters` are for.
[[nodiscard]] std::vector<Difference> differences(const Backup& first, const Backup& second,
                                                  std::span<const Parameter* const> parameters,
                                                  bool ignore_calibration = false);

}  // namespace bms::console
