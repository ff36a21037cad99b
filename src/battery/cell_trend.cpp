#include "battery/cell_trend.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "bms/reading.hpp"

namespace bms::battery {

namespace {

static_assert(CellTrend::cell_row_s == 2 * CellTrend::pack_row_s);

/// More time than this leaves nothing of what was there; an even number of rows, so that those of the cells stay where
/// they are.
constexpr double longest_skip_s = 2.0 * static_cast<double>(CellTrend::pack_rows) * CellTrend::pack_row_s;

void note_cell(PackPoint& point, std::uint16_t cell_mv, std::size_t index) {
  const auto number = static_cast<std::uint8_t>(index + 1);
  if (point.lowest_mv == 0 || cell_mv < point.lowest_mv) {
    point.lowest_mv = cell_mv;
    point.lowest_cell = number;
  }
  if (cell_mv > point.highest_mv) {
    point.highest_mv = cell_mv;
    point.highest_cell = number;
  }
}

}  // namespace

std::optional<double> PackPoint::current_a() const {
  return current_100ma == no_current ? std::nullopt : std::optional(current_100ma / 10.0);
}

std::optional<double> PackPoint::soc_pct() const {
  return soc_half_pct == no_soc ? std::nullopt : std::optional(soc_half_pct / 2.0);
}

void TrendWriter::Mean::add(double value, double for_s) {
  sum += value * for_s;
  seconds += for_s;
}

std::optional<double> TrendWriter::Mean::value() const {
  return seconds > 0 ? std::optional(sum / seconds) : std::nullopt;
}

void TrendWriter::hold(CellTrend& trend, const Held& held, double seconds, double unix_s) {
  while (seconds > 0) {
    const double here_s = std::min(seconds, CellTrend::pack_row_s - row_s_);
    seconds -= here_s;
    collect(held, here_s);
    pass(trend, here_s, std::max(0.0, unix_s - seconds));
  }
}

void TrendWriter::skip(CellTrend& trend, double seconds, double unix_s) {
  if (seconds > longest_skip_s) seconds = longest_skip_s + std::fmod(seconds, CellTrend::cell_row_s);
  while (seconds > 0) {
    const double here_s = std::min(seconds, CellTrend::pack_row_s - row_s_);
    seconds -= here_s;
    pass(trend, here_s, std::max(0.0, unix_s - seconds));
  }
}

void TrendWriter::collect(const Held& held, double seconds) {
  cells_mv_.resize(held.cells_mv.size());
  for (std::size_t i = 0; i < held.cells_mv.size(); ++i) {
    if (held.cells_mv[i] == 0) continue;
    note_cell(point_, held.cells_mv[i], i);
    cells_mv_[i].add(held.cells_mv[i], seconds);
  }
  if (held.current_a) current_a_.add(*held.current_a, seconds);
  if (held.soc_pct)
    point_.soc_half_pct = static_cast<std::uint8_t>(std::lround(std::clamp(*held.soc_pct, 0.0, 100.0) * 2));
}

void TrendWriter::pass(CellTrend& trend, double seconds, double unix_s) {
  row_s_ += seconds;
  constexpr double rounding_s = 1e-6;
  if (row_s_ < CellTrend::pack_row_s - rounding_s) return;
  row_s_ = 0;
  end_pack_row(trend, unix_s);
  if (second_) end_cell_row(trend, unix_s);
  second_ = !second_;
}

void TrendWriter::end_pack_row(CellTrend& trend, double unix_s) {
  if (const auto current_a = current_a_.value()) {
    constexpr double most = INT16_MAX;
    point_.current_100ma = static_cast<std::int16_t>(std::lround(std::clamp(*current_a * 10, -most, most)));
  }
  if (!point_.known()) point_ = {};
  trend.pack.push({&point_, 1});
  trend.pack_until_unix_s = unix_s;
  point_ = {};
  current_a_ = {};
}

void TrendWriter::end_cell_row(CellTrend& trend, double unix_s) {
  std::array<std::uint16_t, max_cells> row{};
  for (std::size_t i = 0; i < std::min(cells_mv_.size(), trend.cells_mv.width()); ++i) {
    if (const auto mean_mv = cells_mv_[i].value()) row[i] = static_cast<std::uint16_t>(std::lround(*mean_mv));
    cells_mv_[i] = {};
  }
  trend.cells_mv.push(std::span(row).first(trend.cells_mv.width()));
  trend.cells_until_unix_s = unix_s;
}

}  // namespace bms::battery
