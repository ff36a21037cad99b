#include "bank/cell_monitors.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <tuple>

#include "bank/member.hpp"
#include "battery/cell_event_text.hpp"
#include "bms/reading.hpp"
#include "bms/short_text.hpp"

namespace bms::bank {

namespace {

constexpr double highest_cell_v = 10;
constexpr double lowest_cell_v = 0.001;
constexpr int most_weakness_mv = 10'000;

/// Takes a number off the front of a text: digits, and a minus where it may be negative. Empty: there is none.
std::optional<int> take_number(std::string_view& text, int least, int most) {
  int number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || number < least || number > most) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

/// The same behind a letter.
std::optional<int> take_number_after(std::string_view& text, char letter) {
  if (!text.starts_with(letter)) return std::nullopt;
  text.remove_prefix(1);
  return take_number(text, 1, static_cast<int>(max_cells));
}

ShortText name_of(std::size_t pack) { return ShortText("B").append(static_cast<double>(pack + 1), 0); }

ShortText in_words(std::size_t pack, const JudgedCell& cell) {
  ShortText text = name_of(pack);
  if (cell.unit > 0) text.append("U").append(cell.unit, 0);
  return text.append("C").append(cell.cell, 0).append(" ").append(cell.weakness_mv, 0).append(" mV");
}

void lower(std::optional<double>& lowest, std::optional<double> value) {
  if (value) lowest = std::min(*value, lowest.value_or(*value));
}

void raise(std::optional<double>& highest, std::optional<double> value) {
  if (value) highest = std::max(*value, highest.value_or(*value));
}

void sum_up_voltages(std::span<const PackMonitor> packs, CellSummary& all) {
  double sum_v = 0;
  double cells = 0;
  for (const PackMonitor& pack : packs) {
    lower(all.lowest_v, pack.lowest_v);
    raise(all.highest_v, pack.highest_v);
    raise(all.widest_v, pack.widest_v);
    if (!pack.mean_v) continue;
    const auto count = static_cast<double>(pack.cells);
    sum_v += *pack.mean_v * count;
    cells += count;
  }
  if (cells > 0) all.mean_v = sum_v / cells;
}

/// The cell of one pack that is ahead by the most, or behind.
ShortText farthest(std::span<const PackMonitor> packs, std::optional<JudgedCell> PackMonitor::* which, double sign) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < packs.size(); ++i) {
    const auto& cell = packs[i].*which;
    if (cell && (!found || sign * cell->weakness_mv > sign * (packs[*found].*which)->weakness_mv)) found = i;
  }
  return found ? in_words(*found, *(packs[*found].*which)) : ShortText();
}

void report_events(std::span<const PackMonitor> packs, CellSummary& all) {
  const auto age = [](const battery::CellAlert& event) { return std::tuple(event.begun_unix_s, event.lasts); };
  std::optional<std::size_t> newest;
  for (std::size_t i = 0; i < packs.size(); ++i) {
    all.alerts += packs[i].alerts;
    const auto& event = packs[i].latest;
    if (event && (!newest || age(*event) > age(*packs[*newest].latest))) newest = i;
  }
  if (!newest) return;
  const battery::CellAlert& event = *packs[*newest].latest;
  const ShortText pack = name_of(*newest);
  const ShortText cell = ShortText(pack).append("C").append(event.cell, 0);
  all.latest_alert = battery::event_in_words(event, cell);
  // Nobody would know which pack it is.
  if (event.cell == 0) all.latest_alert.append(", ").append(pack);
  all.latest_alert_code = battery::event_in_numbers(event).append(":").append(static_cast<double>(*newest + 1), 0);
}

}  // namespace

std::optional<JudgedCell> judged_cell(std::string_view text) {
  const auto unit = text.starts_with('U') ? take_number_after(text, 'U') : std::optional(0);
  const auto cell = take_number_after(text, 'C');
  if (!unit || !cell || !text.starts_with(' ')) return std::nullopt;
  text.remove_prefix(1);
  const auto weakness_mv = take_number(text, -most_weakness_mv, most_weakness_mv);
  if (!weakness_mv || text != " mV") return std::nullopt;
  return JudgedCell{.unit = *unit, .cell = *cell, .weakness_mv = static_cast<double>(*weakness_mv)};
}

PackMonitor understood(const MonitorTold& told) {
  const auto volts = [](std::optional<double> value) { return within(value, lowest_cell_v, highest_cell_v); };
  return {.cells = static_cast<std::size_t>(within(told.cells, 1, static_cast<double>(max_cells)).value_or(0)),
          .lowest_v = volts(told.lowest_v),
          .highest_v = volts(told.highest_v),
          .mean_v = volts(told.mean_v),
          .widest_v = within(told.widest_v, 0, highest_cell_v),
          .weakest = judged_cell(told.weakest),
          .strongest = judged_cell(told.strongest),
          .alerts = static_cast<int>(within(told.alerts, 0, battery::CellAlerts::most).value_or(0)),
          .latest = battery::event_from_numbers(told.latest_code)};
}

CellSummary together(std::span<const PackMonitor> packs) {
  CellSummary all;
  sum_up_voltages(packs, all);
  all.weakest = farthest(packs, &PackMonitor::weakest, 1);
  all.strongest = farthest(packs, &PackMonitor::strongest, -1);
  report_events(packs, all);
  return all;
}

}  // namespace bms::bank
