// Lists of places and lists of shares that become curves.
#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "config/import/values.hpp"
#include "config/presets.hpp"
#include "config/text.hpp"

namespace bms::config {

namespace {

using Points = std::vector<std::pair<double, double>>;

std::string text_of(const Points& points) {
  std::vector<std::string> texts;
  for (const auto& [at, value] : points) texts.push_back(number_text(at) + ":" + number_text(value));
  return joined(texts);
}

/// The points of the lists in the first two keys, or why there are none.
struct Lists {
  Points points{};
  std::string problem{};
};

Lists lists_of(std::string_view places, std::string_view shares) {
  const auto at = parse_numbers(places);
  const auto share = parse_numbers(shares);
  if (!at || !share) return {{}, "is not a list of numbers"};
  if (at->size() != share->size()) return {{}, "the two lists are not of the same length"};
  Points points;
  for (std::size_t i = 0; i < at->size(); ++i) points.emplace_back((*at)[i], (*share)[i]);
  // They may be in either direction.
  std::ranges::sort(points);
  return {std::move(points), {}};
}

/// Both lists of the file, or both of its version. Never one of each: a list that is missing belongs to the version
/// that was running, and nobody knows for sure which one that was.
Lists lists_of(const ForeignFile& file, const ImportRow& row) {
  const std::string_view places = row.keys[0];
  const std::string_view shares = row.keys[1];
  if (file.has(places) != file.has(shares)) {
    return {{},
            "the list that belongs to it, " + std::string(file.has(places) ? shares : places) + ", is not in the file"};
  }
  const auto at = file.value(places);
  const auto share = file.value(shares);
  if (!at || !share)
    return {{}, "is switched on, but by which lists depends on the version: write " + std::string(row.option)};
  return lists_of(*at, *share);
}

bool lists_changed(const ForeignFile& file, const ImportRow& row) {
  return file.changed(row.keys[0]) || file.changed(row.keys[1]);
}

Converted as_curve(const Lists& lists) {
  return lists.problem.empty() ? taken(text_of(lists.points)) : ask(lists.problem);
}

/// A curve that may be switched off: off is what it then is, and the lists mean nothing.
Converted unless_off(const ForeignFile& file, const ImportRow& row,
                     Converted (*when_on)(const ForeignFile&, const ImportRow&)) {
  const std::string_view key = row.keys[2];
  const auto on = file.flag(key);
  if (!on)
    return ask(std::string(key) + (file.has(key) ? " is neither True nor False"
                                                 : " is not in the file, and whether it is on depends on the version"));
  if (*on) return when_on(file, row);
  Converted off;
  if (file.changed(key)) off.value = "off";
  if (lists_changed(file, row)) off.meaningless = "is switched off by " + std::string(key);
  return off;
}

constexpr std::string_view always_looked_after =
    "single cells are always looked after here, by the profile's own curve";

/// Curves of cells cannot be off. Whether the owner wants the lists beside the switch instead is theirs to say.
Converted of_cells(const ForeignFile& file, const ImportRow& row,
                   Converted (*when_on)(const ForeignFile&, const ImportRow&)) {
  const auto on = file.flag(row.keys[2]);
  if (!on) return ask(std::string(row.keys[2]) + " is neither True nor False");
  if (*on) return when_on(file, row);
  std::string question(always_looked_after);
  const Converted instead = lists_changed(file, row) ? when_on(file, row) : Converted{};
  if (instead.value) question += "; what is switched off would be " + std::string(row.option) + " = " + *instead.value;
  return ask(question);
}

Converted both_lists(const ForeignFile& file, const ImportRow& row) { return as_curve(lists_of(file, row)); }

/// A table that never comes to nothing would not protect a cell.
Lists protecting_lists(const ForeignFile& file, const ImportRow& row) {
  Lists lists = lists_of(file, row);
  if (!lists.problem.empty() || lists.points.empty()) return lists;
  constexpr double beyond_v = 0.05;
  // A curve may go a little further, to hold a cell that is ahead of the others; that is nothing to begin with.
  const double highest_v = highest_of(file, "absorption_cell_voltage");
  auto& [last_v, share] = lists.points.back();
  if (share > 0 && last_v < highest_v) {
    lists.points.emplace_back(std::min(last_v + beyond_v, highest_v), 0);
  } else if (share > 0 && last_v == highest_v) {
    share = 0;
  }
  if (lists.points.size() < 2) lists.problem = "a single point is not a curve";
  return lists;
}

Converted ending_in_zero(const ForeignFile& file, const ImportRow& row) {
  return as_curve(protecting_lists(file, row));
}

const ImportRow& table_of(std::string_view curve) {
  return *std::ranges::find(import_rows(), curve, &ImportRow::option);
}
const ImportRow& charge_table() { return table_of("charge_cell_curve"); }

// ---- The SoC limits of versions before 1.2 ----

struct OldLimits {
  std::array<double, 3> soc{}, share{};
};

bool has_old_limits(const ForeignFile& file, const ImportRow& row) {
  return std::ranges::any_of(row.keys.begin() + 3, row.keys.end(), [&](std::string_view key) { return file.has(key); });
}

std::optional<OldLimits> old_limits_of(const ForeignFile& file, const ImportRow& row) {
  OldLimits limits;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto soc = parse_number(file.value(row.keys[3 + i]).value_or(""));
    const auto share = parse_number(file.value(row.keys[6 + i]).value_or(""));
    if (!soc || !share) return std::nullopt;
    limits.soc[i] = *soc;
    limits.share[i] = *share;
  }
  return limits;
}

constexpr double step_pct = 0.1;

/// The full current up to the third limit, then less and less, the least when full. In linear mode straight lines;
/// otherwise, or where the mode is not known, steps, which allow less.
Points old_charge_points(const OldLimits& limits, std::optional<bool> linear) {
  const auto& [soc, share] = limits;
  if (linear.value_or(false)) return {{soc[2], 1}, {soc[1], share[2]}, {soc[0], share[1]}, {100, share[0]}};
  return {{soc[2], 1},        {soc[2] + step_pct, share[2]}, {soc[1] - step_pct, share[2]},
          {soc[1], share[1]}, {soc[0] - step_pct, share[1]}, {soc[0], share[0]}};
}

/// Above the third limit it is the full current at once. In step mode steps below; otherwise straight lines, which
/// allow less.
Points old_discharge_points(const OldLimits& limits, std::optional<bool> linear) {
  const auto& [soc, share] = limits;
  if (linear.value_or(true)) return {{soc[0], share[0]}, {soc[1], share[1]}, {soc[2], share[2]}, {soc[2] + 1, 1}};
  return {{soc[0], share[0]}, {soc[0] + step_pct, share[1]}, {soc[1], share[1]}, {soc[1] + step_pct, share[2]},
          {soc[2], share[2]}, {soc[2] + step_pct, 1}};
}

Converted old_soc_curve(const ForeignFile& file, const ImportRow& row, bool charging) {
  const auto switched = file.has(row.keys[2]) ? file.flag(row.keys[2]) : std::optional(true);
  if (!switched) return ask(std::string(row.keys[2]) + " is neither True nor False");
  if (!*switched) return {.value = "off", .question = {}, .meaningless = {}};
  const auto limits = old_limits_of(file, row);
  if (!limits) return ask("is not a number");
  const auto linear = file.flag("LINEAR_LIMITATION_ENABLE");
  return taken(text_of(charging ? old_charge_points(*limits, linear) : old_discharge_points(*limits, linear)));
}

Converted soc_curve(const ForeignFile& file, const ImportRow& row, bool charging) {
  const bool old = has_old_limits(file, row);
  const bool off = file.flag(row.keys[2]) == false;
  if (old && !off && (file.has(row.keys[0]) || file.has(row.keys[1]))) {
    return ask("are limits of two versions; write " + std::string(row.option));
  }
  return old ? old_soc_curve(file, row, charging) : unless_off(file, row, both_lists);
}

}  // namespace

Converted curve(const ForeignFile& file, const ImportRow& row) { return unless_off(file, row, both_lists); }

Converted charge_cell_curve(const ForeignFile& file, const ImportRow& row) {
  return of_cells(file, row, ending_in_zero);
}

Converted discharge_cell_curve(const ForeignFile& file, const ImportRow& row) {
  return of_cells(file, row, both_lists);
}

std::optional<double> end_of_own_charge_table(const ForeignFile& file) {
  const ImportRow& row = charge_table();
  if (!lists_changed(file, row) || !file.flag(row.keys[2]).value_or(true)) return std::nullopt;
  const Lists lists = protecting_lists(file, row);
  if (!lists.problem.empty() || lists.points.empty()) return std::nullopt;
  const Named named = *battery_options().find(row.option);
  Settings any;
  const double end_v = lists.points.back().first;
  const bool fits = named.option->set(any, named.index, text_of(lists.points));
  return fits && end_v <= highest_of(file, row.option) ? std::optional(end_v) : std::nullopt;
}

std::optional<double> end_of_shipped_charge_table(const ForeignFile& file) {
  const ImportRow& row = charge_table();
  if (!file.flag(row.keys[2]).value_or(true)) return std::nullopt;
  const auto certain = file.value(row.keys[0]);
  std::optional<double> end_v;
  for (const ShippedValue& one : shipped_values()) {
    if (one.key != row.keys[0] || (certain && !same_value(one.value, *certain))) continue;
    const auto places = parse_numbers(one.value);
    if (places) end_v = std::max(end_v.value_or(0), std::ranges::max(*places));
  }
  return end_v;
}

std::optional<double> end_of_shipped_discharge_table(const ForeignFile& file) {
  const ImportRow& row = table_of("discharge_cell_curve");
  if (lists_changed(file, row) || !file.flag(row.keys[2]).value_or(true)) return std::nullopt;
  const auto certain = file.value(row.keys[0]);
  std::optional<double> end_v;
  for (const ShippedValue& one : shipped_values()) {
    if (one.key != row.keys[0] || (certain && !same_value(one.value, *certain))) continue;
    const auto places = parse_numbers(one.value);
    if (places) end_v = std::max(end_v.value_or(0), std::ranges::min(*places));
  }
  return end_v;
}

Converted charge_soc_curve(const ForeignFile& file, const ImportRow& row) { return soc_curve(file, row, true); }

Converted discharge_soc_curve(const ForeignFile& file, const ImportRow& row) { return soc_curve(file, row, false); }

Converted current_map(const ForeignFile& file, const ImportRow& row) {
  const Lists lists = lists_of(file, row);
  if (!lists.problem.empty()) return ask(lists.problem);
  const bool changes = std::ranges::any_of(lists.points, [](const auto& point) { return point.first != point.second; });
  if (!changes) return {};
  const bool for_soc_alone = std::ranges::any_of(row.keys, [&](std::string_view key) {
    const ForeignLine* line = file.line(key);
    return line != nullptr && line->wrote.starts_with("SOC_CALC_");
  });
  if (for_soc_alone && !file.flag("SOC_CALCULATION").value_or(false)) {
    return ask(
        "corrected the current for SOC_CALCULATION alone, which is off; for every use it would be current_map = " +
        text_of(lists.points));
  }
  return taken(text_of(lists.points));
}

}  // namespace bms::config
