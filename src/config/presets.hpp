// What a chemistry decides: the values that nobody configures, and how far they may be configured.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "config/settings.hpp"

namespace bms::config {

inline constexpr std::size_t chemistry_count = 3;

/// The value of one option for each chemistry, in the order of the enumeration.
struct PresetRow {
  std::string_view option;
  std::array<double, chemistry_count> values;
};

[[nodiscard]] std::span<const PresetRow> preset_rows();

/// How far a cell voltage of one chemistry may be configured at all.
struct CellRange {
  double min_v, max_v;
};

struct CellRangeRow {
  std::string_view option;
  std::array<CellRange, chemistry_count> ranges;
};

[[nodiscard]] std::span<const CellRangeRow> cell_range_rows();

/// How far an option goes by following another one, where that is less than it may be configured: what makers of cells
/// name as the end.
[[nodiscard]] std::span<const CellRangeRow> reach_rows();

/// Sets the chemistry and every option that depends on it.
void apply_preset(Settings& settings, Chemistry chemistry);

/// Nothing configured but the chemistry.
[[nodiscard]] Settings preset_settings(Chemistry chemistry);

}  // namespace bms::config
