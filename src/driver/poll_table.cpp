#include "driver/poll_table.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <optional>

namespace bms::driver {

namespace {

constexpr std::string_view unknown = "--";

struct Column {
  std::string_view head;
  int width;  ///< negative: to the left
};

constexpr Column time_column{"time s", 9};
constexpr Column voltage_column{"V", 8};
constexpr Column current_column{"A", 8};
constexpr Column soc_column{"SoC %", 6};
constexpr Column state_column{"state", -15};
constexpr Column charge_column{"CCL A", 7};
constexpr Column discharge_column{"DCL A", 7};

/// The text in its column, and a gap. A text that is wider sticks out.
std::string cell(const Column& column, std::string_view text) {
  const auto width = static_cast<std::size_t>(std::abs(column.width));
  const std::string padding(text.size() < width ? width - text.size() : 0, ' ');
  return (column.width < 0 ? std::string(text) + padding : padding + std::string(text)) + "  ";
}

std::string number(std::optional<double> value, int decimals) {
  if (!value || !std::isfinite(*value)) return std::string(unknown);
  if (std::abs(*value) < 0.5 * std::pow(10.0, -decimals)) value = 0.0;  // and so never "-0.0"
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), std::abs(*value) < 1e9 ? "%.*f" : "%.*e", decimals, *value);
  return text.data();
}

/// Limits are never shown higher than they are.
std::string limit(std::optional<double> value_a) {
  constexpr double tenths = 10;
  if (value_a) value_a = std::floor(*value_a * tenths + 1e-9) / tenths;
  return number(value_a, 1);
}

std::optional<double> voltage_of(const Battery& battery) {
  if (!battery.measurements_valid()) return std::nullopt;
  return battery.reading.voltage_v ? battery.reading.voltage_v : battery.derived.cell_sum_v;
}

/// As on the bus: kept while the BMS is silent, and invalid when it is lost.
std::optional<double> soc_of(const Battery& battery) {
  switch (battery.contact) {
    case Contact::fresh:
    case Contact::returning:
    case Contact::stale:
    case Contact::kept: return battery.estimate.soc_pct;
    case Contact::never:
    case Contact::releasing:
    case Contact::lost: break;
  }
  return std::nullopt;
}

std::string reason_of(const Limits& limits) {
  const std::string_view charge = limits.charge_reason.view();
  const std::string_view discharge = limits.discharge_reason.view();
  if (charge.empty() && discharge.empty()) return std::string(unknown);
  if (charge == discharge) return std::string(charge);
  const auto shown = [](std::string_view text) { return std::string(text.empty() ? unknown : text); };
  return "CCL: " + shown(charge) + ", DCL: " + shown(discharge);
}

}  // namespace

std::string poll_table_head() {
  std::string line;
  for (const Column& column :
       {time_column, voltage_column, current_column, soc_column, state_column, charge_column, discharge_column}) {
    line += cell(column, column.head);
  }
  return line + "reason";
}

std::string poll_table_row(double time_s, const Battery& battery, const Limits& limits, std::string_view remark) {
  const auto current_a = battery.measurements_valid() ? battery.reading.current_a : std::nullopt;
  std::string line = cell(time_column, number(time_s, 1)) + cell(voltage_column, number(voltage_of(battery), 2)) +
                     cell(current_column, number(current_a, 1)) + cell(soc_column, number(soc_of(battery), 1)) +
                     cell(state_column, limits.state ? name_of(*limits.state) : unknown) +
                     cell(charge_column, limit(limits.charge_current_a)) +
                     cell(discharge_column, limit(limits.discharge_current_a)) + reason_of(limits);
  if (!remark.empty()) line.append("; ").append(remark);
  return line;
}

}  // namespace bms::driver
