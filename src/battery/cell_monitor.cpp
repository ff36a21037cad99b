#include "battery/cell_monitor.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "battery/facts.hpp"
#include "battery/imbalance.hpp"
#include "battery/seconds.hpp"
#include "bms/capacity.hpp"

namespace bms::battery {

namespace {

constexpr double most_flowing_a = 1e4;
constexpr double longest_held_s = 60;    // before it is reckoned with
constexpr double above_empty_v = 0.200;  // of where discharging should end: the end begins
// A cell that is weak enough keeps the mean from ever getting there.
constexpr double rounding_mv = 1e-6;   // of thresholds that are sums
constexpr double first_cell_mv = 100;  // beyond the mean of a class
constexpr double notable_share = 0.5;  // of the warning's threshold
constexpr Delays notable_delays{.on_s = 300, .off_s = 600};

constexpr std::array<Alarm, cell_alert_kinds> alarms{Alarm::cell_imbalance, Alarm::low_cell_voltage,
                                                     Alarm::high_cell_voltage};

/// In mV; 0: no cell can have that.
std::uint16_t believable_mv(double cell_v) {
  constexpr double least_v = 0.5;
  constexpr double most_v = 5;
  return cell_v > least_v && cell_v < most_v ? static_cast<std::uint16_t>(std::lround(cell_v * 1000)) : 0;
}

/// Of those that are not 0; 0: all are.
double median_of(std::span<const std::uint16_t> cells_mv) {
  boost::container::static_vector<std::uint16_t, max_cells> known;
  for (const std::uint16_t cell_mv : cells_mv)
    if (cell_mv != 0) known.push_back(cell_mv);
  if (known.empty()) return 0;
  const auto middle = known.begin() + static_cast<std::ptrdiff_t>(known.size() / 2);
  std::ranges::nth_element(known, middle);
  const double upper = *middle;
  return known.size() % 2 != 0 ? upper : (*std::max_element(known.begin(), middle) + upper) / 2;
}

double top_begins_v(const Config& config) {
  return std::min(config.absorption_cell_v, config.usual_absorption_cell_v) - below_target_v;
}

/// From which spread on it is worth an entry; empty: the owner wants no such alarm, or it says nothing here.
std::optional<double> notable_mv(const Config& config, std::optional<CellClass> where, double mean_mv) {
  const double lowest_mean_v = top_begins_v(config) + below_target_v - rest_band_v;
  std::optional<double> warning_v;
  if (where == CellClass::charge_top) warning_v = config.alarms.imbalance_top_v.warning;
  if (where == CellClass::rest && mean_mv >= lowest_mean_v * 1000) warning_v = config.alarms.imbalance_rest_v.warning;
  return warning_v ? std::optional(*warning_v * 1000 * notable_share) : std::nullopt;
}

}  // namespace

void CellMonitor::restore(CellRecord record, std::optional<double> down_s) {
  *this = {};
  record_ = std::move(record);
  if (record_.alerts.lasts(CellAlertKind::spread)) uneven_.set(true);
  // That time has passed is to be seen in any case.
  unseen_s_ = down_s ? sane_seconds(*down_s) : CellTrend::cell_row_s;
}

void CellMonitor::follow(const Config& config, const Battery& battery, std::optional<double> unix_s, double dt_s) {
  const double passed_s = sane_seconds(dt_s);
  const double counted_s = pace_.counted_s(passed_s, config.poll_interval_s);
  pace_.take(passed_s);
  if (seen_.cells_v.empty()) {
    unseen_s_ += passed_s;
  } else {
    held_s_ += counted_s;
    unseen_s_ += passed_s - counted_s;
  }
  unix_s_ = sane(unix_s, 0, latest_unix_s).value_or(0);
  if (repeated_ && held_s_ < longest_held_s && unseen_s_ <= 0 && is_like_before(battery)) return;
  take(config, battery);
}

bool CellMonitor::is_like_before(const Battery& battery) const {
  for (std::size_t i = 0; i < alarms.size(); ++i)
    if (battery.alarms[alarms[i]] != seen_.alarms[i]) return false;
  return battery.reading.current_a == seen_.current_a && battery.estimate.soc_pct == seen_.soc_pct &&
         battery.estimate.capacity_ah == seen_.capacity_ah && battery.reading.cells_v == seen_.cells_v;
}

void CellMonitor::take(const Config& config, const Battery& battery) {
  const std::size_t cells = battery.reading.cells_v.size();
  if (cells != 0 && cells != record_.cells) {
    const double unix_s = unix_s_;
    *this = {};
    record_.cells = cells;
    record_.trend = CellTrend(cells);
    return follow(config, battery, unix_s, 0);
  }
  const double held_s = held_s_;
  settle();
  if (battery.reading.cells_v != seen_.cells_v) {
    take_cells(battery.reading);
  } else if (!repeated_) {
    before_mv_ = record_.present_mv;
    repeated_ = true;
  }
  seen_.current_a = battery.reading.current_a;
  seen_.soc_pct = battery.estimate.soc_pct;
  seen_.capacity_ah = battery.estimate.capacity_ah;
  for (std::size_t i = 0; i < alarms.size(); ++i) seen_.alarms[i] = battery.alarms[alarms[i]];
  if (cells == 0) return;
  note_extremes();
  choose_class(config);
  judge(config, held_s);
}

/// Reckons with the time that has passed since the newest reading.
void CellMonitor::settle() {
  const std::size_t cells = record_.cells;
  const bool judged = class_ && held_s_ > 0;
  for (std::size_t i = 0; i < cell_class_count; ++i) {
    const bool here = judged && i == static_cast<std::size_t>(*class_);
    if (here) record_.classes[i].stay(std::span(deviations_mv_).first(cells), static_cast<float>(held_s_));
    record_.classes[i].leave(static_cast<float>(unseen_s_ + (here ? 0 : held_s_)));
  }
  if (cells != 0) {
    const double held_until = std::max(0.0, unix_s_ - unseen_s_);
    const TrendWriter::Held held{.cells_mv = std::span(record_.present_mv).first(cells),
                                 .current_a = sane(seen_.current_a, -most_flowing_a, most_flowing_a),
                                 .soc_pct = sane(seen_.soc_pct, 0, 100)};
    trend_.hold(record_.trend, held, held_s_, held_until);
    trend_.skip(record_.trend, unseen_s_, unix_s_);
  }
  rest_s_ = unseen_s_ < rest_time_s ? rest_s_ + held_s_ : 0;
  held_s_ = unseen_s_ = 0;
}

void CellMonitor::take_cells(const Reading& reading) {
  constexpr double most_off_median_mv = 1000;
  seen_.cells_v = reading.cells_v;
  repeated_ = false;
  before_mv_ = record_.present_mv;
  const std::span cells_mv = std::span(record_.present_mv).first(reading.cells_v.size());
  std::ranges::transform(reading.cells_v, cells_mv.begin(), believable_mv);
  const double median_mv = median_of(cells_mv);
  all_sound_ = !cells_mv.empty();
  double sum_mv = 0;
  lowest_ = highest_ = furthest_ = 0;
  for (std::size_t i = 0; i < cells_mv.size(); ++i) {
    const double deviation_mv = cells_mv[i] - median_mv;
    if (std::abs(deviation_mv) >= most_off_median_mv) cells_mv[i] = 0;
    if (cells_mv[i] == 0) all_sound_ = false;
    sum_mv += cells_mv[i];
    deviations_mv_[i] = static_cast<float>(deviation_mv);
    if (std::abs(deviations_mv_[i]) > std::abs(deviations_mv_[furthest_])) furthest_ = i;
    if (deviations_mv_[i] < deviations_mv_[lowest_]) lowest_ = i;
    if (deviations_mv_[i] > deviations_mv_[highest_]) highest_ = i;
  }
  mean_mv_ = cells_mv.empty() ? 0 : sum_mv / static_cast<double>(cells_mv.size());
}

/// What only one reading shows leaves no trace.
void CellMonitor::note_extremes() {
  for (std::size_t i = 0; i < record_.cells; ++i) {
    const std::uint16_t now_mv = record_.present_mv[i];
    const std::uint16_t before_mv = before_mv_[i];
    if (now_mv == 0 || before_mv == 0) continue;
    CellExtremes& extremes = record_.extremes[i];
    const auto [less_mv, more_mv] = std::minmax(now_mv, before_mv);
    if (extremes.lowest_mv == 0 || more_mv < extremes.lowest_mv) {
      extremes.lowest_mv = more_mv;
      extremes.lowest_unix_s = unix_s_;
    }
    if (less_mv > extremes.highest_mv) {
      extremes.highest_mv = less_mv;
      extremes.highest_unix_s = unix_s_;
    }
  }
}

void CellMonitor::choose_class(const Config& config) {
  const double small_a = rest_current_c * seen_.capacity_ah.value_or(careful_capacity_ah);
  if (!seen_.current_a || !(std::abs(*seen_.current_a) < small_a)) rest_s_ = 0;
  class_.reset();
  // A broken sense wire makes its neighbours read wrong as well.
  if (!all_sound_) return;
  const double top_mv = top_begins_v(config) * 1000 - rounding_mv;
  const double end_mv = (config.min_cell_v + above_empty_v) * 1000 + rounding_mv;
  if (mean_mv_ >= top_mv || record_.present_mv[highest_] >= top_mv + first_cell_mv) {
    class_ = CellClass::charge_top;
  } else if (mean_mv_ <= end_mv || record_.present_mv[lowest_] <= end_mv - first_cell_mv) {
    class_ = CellClass::discharge_end;
  } else if (rest_s_ >= rest_time_s && record_.present_mv[highest_] < top_mv && record_.present_mv[lowest_] > end_mv) {
    class_ = CellClass::rest;
  }
}

void CellMonitor::judge(const Config& config, double held_s) {
  const auto notable = notable_mv(config, class_, mean_mv_);
  const double spread_mv = deviations_mv_[highest_] - deviations_mv_[lowest_];
  const bool on = notable && spread_mv >= *notable;
  // What was found at the top is not over because nothing shows at rest.
  const bool same_place = !uneven_in_ || class_ == uneven_in_;
  const bool off = notable && same_place && spread_mv <= *notable * even_share;
  const bool was_on = uneven_.on();
  const bool is_on = uneven_.follow(on, off, notable_delays, held_s);
  if (is_on != was_on) uneven_in_ = is_on ? class_ : std::nullopt;
  for (std::size_t i = 0; i < cell_alert_kinds; ++i) {
    const auto kind = static_cast<CellAlertKind>(i);
    const auto level = level_of(kind);
    if (!level && !record_.alerts.lasts(kind)) continue;
    // On the way to empty all cells drift apart; that makes no spread worse which was found at rest or at the top.
    const bool measured = kind != CellAlertKind::spread || notable || !record_.alerts.lasts(kind);
    record_.alerts.follow(kind, level, measured ? worst(kind) : std::nullopt, unix_s_);
  }
}

std::optional<CellAlertLevel> CellMonitor::level_of(CellAlertKind kind) const {
  switch (seen_.alarms[static_cast<std::size_t>(kind)].value_or(AlarmLevel::ok)) {
    case AlarmLevel::alarm: return CellAlertLevel::alarm;
    case AlarmLevel::warning: return CellAlertLevel::warning;
    case AlarmLevel::ok: break;
  }
  const bool notable = kind == CellAlertKind::spread && uneven_.on();
  return notable ? std::optional(CellAlertLevel::info) : std::nullopt;
}

std::optional<CellAlerts::Worst> CellMonitor::worst(CellAlertKind kind) const {
  if (!all_sound_) return std::nullopt;
  const auto& cells_mv = record_.present_mv;
  const auto at = [](std::size_t cell, int value_mv) {
    return CellAlerts::Worst{static_cast<std::uint8_t>(cell + 1), static_cast<std::uint16_t>(value_mv)};
  };
  switch (kind) {
    case CellAlertKind::spread: return at(furthest_, cells_mv[highest_] - cells_mv[lowest_]);
    case CellAlertKind::low_cell: return at(lowest_, cells_mv[lowest_]);
    case CellAlertKind::high_cell: return at(highest_, cells_mv[highest_]);
  }
  return std::nullopt;
}

}  // namespace bms::battery
