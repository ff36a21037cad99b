#include "cli/cells/texts.hpp"

#include <array>
#include <cmath>
#include <ctime>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <vector>

#include "battery/cell_ranking.hpp"
#include "bms/short_text.hpp"
#include "cli/console/columns.hpp"

namespace bms::cli {

namespace {

using battery::CellAlert;
using battery::CellAlertKind;
using battery::CellExtremes;
using battery::CellRecord;
using battery::CellTrend;
using battery::PackPoint;
using battery::RankedCell;
using Json = nlohmann::ordered_json;

constexpr std::string_view unknown = "--";

std::string number(double value, int decimals) { return std::string(ShortText().append(value, decimals).view()); }

std::string volts(std::uint16_t mv) { return mv == 0 ? std::string(unknown) : number(mv / 1000.0, 3); }

std::string signed_mv(std::optional<double> mv) {
  if (!mv) return std::string(unknown);
  const std::string text = number(*mv, 0);
  return text.starts_with('-') || text == "0" ? text : "+" + text;
}

/// As strftime() says it, in UTC, which is what Venus OS has on the wall.
std::string moment(double unix_s, const char* form) {
  const auto seconds = static_cast<std::time_t>(unix_s);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 40> text{};
  return {text.data(), std::strftime(text.data(), text.size(), form, &parts)};
}

std::string day(double unix_s) { return unix_s > 0 ? moment(unix_s, "%Y-%m-%d") : std::string(unknown); }

void print_heading(const battery::CellDocument& document, std::string_view name, std::ostream& out) {
  const CellRecord& record = document.record;
  std::uint16_t lowest_mv = 0;
  std::uint16_t highest_mv = 0;
  for (std::size_t i = 0; i < record.cells; ++i) {
    const std::uint16_t cell_mv = record.present_mv[i];
    if (cell_mv == 0) continue;
    if (lowest_mv == 0 || cell_mv < lowest_mv) lowest_mv = cell_mv;
    highest_mv = std::max(highest_mv, cell_mv);
  }
  out << name << ", " << record.cells << (record.cells == 1 ? " cell, " : " cells, ")
      << date_text(document.saved_unix_s.value_or(0)) << ": " << volts(lowest_mv) << " to " << volts(highest_mv)
      << " V, " << highest_mv - lowest_mv << " mV apart\n";
}

/// All cells, in their order, where nothing has been compared yet.
std::vector<RankedCell> ranked_or_not(const CellRecord& record) {
  std::vector<RankedCell> cells = battery::ranked(record);
  if (!cells.empty()) return cells;
  for (std::size_t i = 0; i < record.cells; ++i) cells.push_back({.cell = i + 1});
  return cells;
}

std::string peak_text(const CellAlert& alert) {
  if (alert.peak_mv == 0) return std::string(unknown);
  const std::string value =
      alert.kind == CellAlertKind::spread ? std::to_string(alert.peak_mv) + " mV" : volts(alert.peak_mv) + " V";
  return value + (alert.cell != 0 ? ", cell " + std::to_string(alert.cell) : "");
}

std::string_view words_of(CellAlertKind kind) {
  switch (kind) {
    case CellAlertKind::spread: return "cells apart";
    case CellAlertKind::low_cell: return "cell too low";
    case CellAlertKind::high_cell: return "cell too high";
  }
  return "";
}

void print_alerts(const battery::CellAlerts& alerts, std::ostream& out) {
  if (alerts.list().empty()) {
    out << "\nNothing has happened to the cells.\n";
    return;
  }
  out << '\n';
  Columns columns({{"What"}, {"Level"}, {"Worst"}, {"Began"}, {"Ended"}});
  for (const CellAlert& alert : alerts.list()) {
    columns.add({std::string(words_of(alert.kind)), std::string(name_of(alert.level)), peak_text(alert),
                 date_text(alert.begun_unix_s), alert.lasts ? "lasts" : date_text(alert.ended_unix_s)});
  }
  columns.print(out);
}

/// Rows of the cells by how many rows of the pack they lie before the newest one of it.
std::optional<std::size_t> cell_row(const CellTrend& trend, std::size_t pack_rows_ago) {
  const bool dated = trend.pack_until_unix_s > 0 && trend.cells_until_unix_s > 0;
  const double lead_s = dated ? trend.pack_until_unix_s - trend.cells_until_unix_s : 0;
  const std::size_t lead = std::abs(lead_s - CellTrend::pack_row_s) < CellTrend::pack_row_s / 2 ? 1 : 0;
  if (pack_rows_ago < lead || (pack_rows_ago - lead) % 2 != 0) return std::nullopt;
  const std::size_t ago = (pack_rows_ago - lead) / 2;
  return ago < trend.cells_mv.size() ? std::optional(trend.cells_mv.size() - 1 - ago) : std::nullopt;
}

void print_point(const PackPoint& point, std::ostream& out) {
  if (!point.known()) {
    out << ",,,,,";
    return;
  }
  out << point.lowest_mv << ',' << int{point.lowest_cell} << ',' << point.highest_mv << ',' << int{point.highest_cell}
      << ',';
  if (const auto current_a = point.current_a()) out << number(*current_a, 1);
  out << ',';
  if (const auto soc_pct = point.soc_pct()) out << number(*soc_pct, 1);
}

Json json_of(std::optional<double> value) { return value ? Json(*value) : Json(); }
Json json_of_mv(std::uint16_t mv) { return mv != 0 ? Json(mv) : Json(); }
Json json_of_time(double unix_s) { return unix_s > 0 ? Json(unix_s) : Json(); }

Json json_of(const RankedCell& cell, const CellRecord& record) {
  const CellExtremes& extremes = record.extremes[cell.cell - 1];
  return {{"cell", cell.cell},
          {"present_mv", json_of_mv(record.present_mv[cell.cell - 1])},
          {"rest_mv", json_of(cell.rest_mv)},
          {"charge_top_mv", json_of(cell.charge_top_mv)},
          {"discharge_end_mv", json_of(cell.discharge_end_mv)},
          {"weakness_mv", cell.weakness_mv},
          {"verdict", battery::text_of(cell.verdict)},
          {"lowest_mv", json_of_mv(extremes.lowest_mv)},
          {"lowest_unix_s", json_of_time(extremes.lowest_unix_s)},
          {"highest_mv", json_of_mv(extremes.highest_mv)},
          {"highest_unix_s", json_of_time(extremes.highest_unix_s)}};
}

Json json_of(const CellAlert& alert) {
  return {{"kind", name_of(alert.kind)},
          {"level", name_of(alert.level)},
          {"cell", alert.cell != 0 ? Json(alert.cell) : Json()},
          {"peak_mv", json_of_mv(alert.peak_mv)},
          {"begun_unix_s", json_of_time(alert.begun_unix_s)},
          {"peak_unix_s", json_of_time(alert.peak_unix_s)},
          {"ended_unix_s", json_of_time(alert.ended_unix_s)},
          {"lasts", alert.lasts},
          {"acknowledged", alert.acknowledged}};
}

}  // namespace

std::string date_text(double unix_s) {
  return unix_s > 0 ? moment(unix_s, "%Y-%m-%d %H:%M UTC") : "at an unknown time";
}

void print_cells(const battery::CellDocument& document, std::string_view name, std::ostream& out) {
  const CellRecord& record = document.record;
  print_heading(document, name, out);
  out << "Against the median of all cells, in mV; the weakest cell first:\n\n";
  constexpr auto right = Align::right;
  Columns columns({{"Cell", right},
                   {"Now V", right},
                   {"At rest", right},
                   {"Full", right},
                   {"Empty", right},
                   {"Weakness", right},
                   {"Lowest V", right},
                   {"On"},
                   {"Highest V", right},
                   {"On"},
                   {"Verdict"}});
  for (const RankedCell& cell : ranked_or_not(record)) {
    const CellExtremes& extremes = record.extremes[cell.cell - 1];
    const bool compared = cell.rest_mv || cell.charge_top_mv || cell.discharge_end_mv;
    columns.add({std::to_string(cell.cell), volts(record.present_mv[cell.cell - 1]), signed_mv(cell.rest_mv),
                 signed_mv(cell.charge_top_mv), signed_mv(cell.discharge_end_mv),
                 compared ? number(cell.weakness_mv, 0) : std::string(unknown), volts(extremes.lowest_mv),
                 day(extremes.lowest_unix_s), volts(extremes.highest_mv), day(extremes.highest_unix_s),
                 std::string(battery::text_of(cell.verdict))});
  }
  columns.print(out);
  print_alerts(record.alerts, out);
}

void print_cells_csv(const CellRecord& record, std::ostream& out) {
  const CellTrend& trend = record.trend;
  out << "time,seconds_ago,lowest_mv,lowest_cell,highest_mv,highest_cell,current_a,soc_pct";
  for (std::size_t cell = 1; cell <= record.cells; ++cell) out << ",cell_" << cell << "_mv";
  out << '\n';
  for (std::size_t row = 0; row < trend.pack.size(); ++row) {
    const std::size_t ago = trend.pack.size() - 1 - row;
    const double ago_s = static_cast<double>(ago) * CellTrend::pack_row_s;
    const double unix_s = trend.pack_until_unix_s - ago_s;
    out << (trend.pack_until_unix_s > 0 && unix_s > 0 ? moment(unix_s, "%Y-%m-%dT%H:%M:%SZ") : "") << ','
        << number(ago_s, 0) << ',';
    print_point(trend.pack[row].front(), out);
    const auto cells = cell_row(trend, ago);
    for (std::size_t cell = 0; cell < record.cells; ++cell) {
      out << ',';
      if (cells && trend.cells_mv[*cells][cell] != 0) out << trend.cells_mv[*cells][cell];
    }
    out << '\n';
  }
}

void print_cells_json(const battery::CellDocument& document, std::string_view name, std::ostream& out) {
  Json cells = Json::array();
  for (const RankedCell& cell : ranked_or_not(document.record)) cells.push_back(json_of(cell, document.record));
  Json alerts = Json::array();
  for (const CellAlert& alert : document.record.alerts.list()) alerts.push_back(json_of(alert));
  const Json all{{"battery", name},
                 {"saved_unix_s", json_of(document.saved_unix_s)},
                 {"cells", std::move(cells)},
                 {"unacknowledged", document.record.alerts.unacknowledged()},
                 {"alerts", std::move(alerts)}};
  out << all.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace bms::cli
