#include "battery/cell_summary.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "battery/cell_event_text.hpp"
#include "battery/cell_ranking.hpp"

namespace bms::battery {

namespace {

constexpr double renewed_after_s = 1800;
constexpr std::size_t rows_of_point = 3;  // of ten minutes
constexpr std::size_t pack_rows = CellTrend::cell_rows * static_cast<std::size_t>(CellTrend::cell_row_s) /
                                  static_cast<std::size_t>(CellTrend::pack_row_s);
constexpr double mv_per_v = 1000;

/// "C7", or "U2C7" where several units share the cells. Cells count from 1.
ShortText name_of_cell(std::size_t cell, std::size_t cells, std::size_t units) {
  const std::size_t cells_of_unit = units > 1 ? cells / units : 0;
  if (cells_of_unit == 0) return ShortText("C").append(static_cast<double>(cell), 0);
  const std::size_t unit = (cell - 1) / cells_of_unit + 1;
  const std::size_t cell_of_unit = (cell - 1) % cells_of_unit + 1;
  return ShortText("U").append(static_cast<double>(unit), 0).append("C").append(static_cast<double>(cell_of_unit), 0);
}

std::optional<double> volts(double mv) { return mv > 0 ? std::optional(mv / mv_per_v) : std::nullopt; }

/// The extremes of the pack's rows of two days.
void sum_up_pack(const CellTrend& trend, CellSummary& summary) {
  std::uint16_t lowest_mv = 0;
  std::uint16_t highest_mv = 0;
  const auto& rows = trend.pack;
  for (std::size_t row = rows.size() - std::min(rows.size(), pack_rows); row < rows.size(); ++row) {
    const PackPoint& point = rows[row].front();
    if (!point.known()) continue;
    lowest_mv = lowest_mv == 0 ? point.lowest_mv : std::min(lowest_mv, point.lowest_mv);
    highest_mv = std::max(highest_mv, point.highest_mv);
  }
  summary.lowest_v = volts(lowest_mv);
  summary.highest_v = volts(highest_mv);
}

/// Mean and spread of the cells' own rows, which are means of ten minutes.
void sum_up_cells(const CellTrend& trend, CellSummary& summary) {
  double sum_mv = 0;
  std::size_t count = 0;
  int widest_mv = -1;
  for (std::size_t row = 0; row < trend.cells_mv.size(); ++row) {
    const auto cells_mv = trend.cells_mv[row];
    if (cells_mv.empty() || std::ranges::find(cells_mv, std::uint16_t{0}) != cells_mv.end()) continue;
    const auto [lowest, highest] = std::ranges::minmax(cells_mv);
    widest_mv = std::max(widest_mv, highest - lowest);
    for (const std::uint16_t cell_mv : cells_mv) sum_mv += cell_mv;
    count += cells_mv.size();
  }
  summary.mean_v = count > 0 ? volts(sum_mv / static_cast<double>(count)) : std::nullopt;
  summary.widest_v = widest_mv >= 0 ? std::optional(widest_mv / mv_per_v) : std::nullopt;
}

/// The means of so many rows from `first` on; 0: the cell is not known there.
std::vector<double> means_of(const RowRing<std::uint16_t>& rows, std::size_t first, std::size_t count) {
  std::vector<double> means(rows.width());
  for (std::size_t cell = 0; cell < means.size(); ++cell) {
    int known = 0;
    double sum_mv = 0;
    for (std::size_t row = first; row < first + count; ++row) {
      if (rows[row][cell] == 0) continue;
      ++known;
      sum_mv += rows[row][cell];
    }
    if (known > 0) means[cell] = sum_mv / known;
  }
  return means;
}

/// "7:12"; nothing where a cell is not known.
void append_point(std::string& text, const std::vector<double>& cells_mv) {
  if (cells_mv.empty() || std::ranges::find(cells_mv, 0.0) != cells_mv.end()) return;
  double sum_mv = 0;
  for (const double cell_mv : cells_mv) sum_mv += cell_mv;
  const auto lowest = std::ranges::min_element(cells_mv);
  const double below_mv = sum_mv / static_cast<double>(cells_mv.size()) - *lowest;
  text += std::to_string(lowest - cells_mv.begin() + 1) + ':' + std::to_string(std::lround(below_mv));
}

void write_trend(const CellTrend& trend, std::string& text) {
  text.clear();
  const auto& rows = trend.cells_mv;
  for (std::size_t row = rows.size() % rows_of_point; row < rows.size(); row += rows_of_point) {
    if (!text.empty() || row >= rows_of_point) text += ',';
    append_point(text, means_of(rows, row, rows_of_point));
  }
}

ShortText in_words(const RankedCell& cell, std::size_t cells, std::size_t units) {
  return name_of_cell(cell.cell, cells, units).append(" ").append(cell.weakness_mv, 0).append(" mV");
}

void rank(const CellRecord& record, std::size_t units, CellSummary& summary) {
  const auto cells = ranked(record);
  summary.weakest = cells.empty() ? ShortText() : in_words(cells.front(), record.cells, units);
  summary.strongest = cells.empty() ? ShortText() : in_words(cells.back(), record.cells, units);
}

void report_events(const CellRecord& record, std::size_t units, CellSummary& summary) {
  summary.alerts = static_cast<int>(record.alerts.unacknowledged());
  summary.latest_alert = summary.latest_alert_code = {};
  if (record.alerts.list().empty()) return;
  const CellAlert& newest = record.alerts.list().front();
  const ShortText cell = newest.cell != 0 ? name_of_cell(newest.cell, record.cells, units) : ShortText();
  summary.latest_alert = event_in_words(newest, cell);
  summary.latest_alert_code = event_in_numbers(newest);
}

}  // namespace

CellSummarizer::Events CellSummarizer::events_of(const CellAlerts& alerts) {
  Events events{.listed = alerts.list().size(), .unseen = alerts.unacknowledged()};
  if (events.listed == 0) return events;
  events.newest = alerts.list().front();
  events.newest.cell = 0;
  events.newest.peak_mv = 0;
  events.newest.peak_unix_s = 0;
  return events;
}

void CellSummarizer::follow(const CellRecord& record, std::size_t units, double dt_s, CellSummary& summary) {
  if (record.cells == 0) return;
  age_s_ += std::isfinite(dt_s) ? std::max(dt_s, 0.0) : 0;
  const Events events = events_of(record.alerts);
  const bool anew = cells_ != record.cells || age_s_ >= renewed_after_s;
  if (anew || events != said_) report_events(record, units, summary);
  said_ = events;
  if (!anew) return;
  cells_ = record.cells;
  age_s_ = 0;
  sum_up_pack(record.trend, summary);
  sum_up_cells(record.trend, summary);
  rank(record, units, summary);
  write_trend(record.trend, summary.trend);
}

}  // namespace bms::battery
