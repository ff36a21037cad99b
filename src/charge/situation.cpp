#include "charge/situation.hpp"

#include <algorithm>
#include <cmath>

#include "bms/capacity.hpp"
#include "charge/profiles.hpp"

namespace bms::charge {

namespace {

// What a cell of any chemistry can have, and how far cells of one pack can be apart.
constexpr double lowest_cell_v = 0.5;
constexpr double highest_cell_v = 5.0;
constexpr double stopping_cell_v = 4.5;
constexpr double apart_v = 1.0;

// Room between our voltages and those at which the BMS opens its FETs.
constexpr double absorption_room_v = 0.100;
constexpr double ceiling_room_v = 0.050;
constexpr double low_room_v = 0.100;
constexpr double cut_off_room_v = 0.050;

constexpr double warned_room_v = 0.010;             // noise of a cell is not an alarm
constexpr double balancing_warned_above_v = 0.050;  // of the target, as the rules of the alarms have it

constexpr double usual_capacity_ah = 100;
constexpr double largest_capacity_ah = 1e5;
constexpr double largest_current_a = 1e4;
constexpr double largest_told_a = 1e6;
constexpr double largest_told_v = 1e6;
constexpr double cell_ohm_ah = 0.001 * 150;  // a good cell of 150 Ah has 1 mOhm ...
constexpr double resistance_margin = 1.3;    // ... and one that is warm and young has less than an old one

constexpr double slow_samples_s = 6;
constexpr double slow_charge_c = 0.3;
constexpr double longest_dt_s = 1e9;

std::optional<double> believable(std::optional<double> value, double largest) {
  return value && std::isfinite(*value) && std::abs(*value) <= largest ? value : std::nullopt;
}

std::optional<double> positive(std::optional<double> value, double largest) {
  const auto checked = believable(value, largest);
  return checked && *checked > 0 ? checked : std::nullopt;
}

double median_of(boost::container::static_vector<double, max_cells> cells_v) {
  std::ranges::sort(cells_v);
  return (cells_v[(cells_v.size() - 1) / 2] + cells_v[cells_v.size() / 2]) / 2;
}

// A limit of 0 is no measure of anything: it is a reason of its own.
double base_limit(double configured_a, std::optional<double> user_a, const ToldLimit& bms) {
  const double wished_a = user_a && *user_a >= 0 ? std::min(configured_a, *user_a) : configured_a;
  return bms.value ? std::min(wished_a, *bms.value) : wished_a;
}

double pack_resistance(const Config& config, std::size_t cell_count, double capacity_ah) {
  return config.pack_resistance_ohm.value_or(static_cast<double>(cell_count) * cell_ohm_ah / capacity_ah *
                                             resistance_margin);
}

}  // namespace

Targets targets_within(const Config& config, std::optional<double> over_v, std::optional<double> under_v) {
  Targets targets{.absorption_v = config.absorption_cell_v,
                  .float_v = config.float_cell_v,
                  .low_v = config.min_cell_v,
                  .balancing_v = config.balancing_cell_v,
                  .cut_off_v = config.cutoff_cell_v,
                  .reopen_v = config.reopen_cell_v,
                  .reopen_charging_v = config.reopen_charging_cell_v};
  const auto over = positive(over_v, highest_cell_v);
  if (over && *over - absorption_room_v > targets.low_v) {
    targets.ceiling_v = *over - ceiling_room_v;
    targets.absorption_v = std::min(targets.absorption_v, *over - absorption_room_v);
    targets.balancing_v = std::min(targets.balancing_v, *targets.ceiling_v);
  }
  targets.float_v = std::min(targets.float_v, targets.absorption_v);
  targets.balancing_v = std::max(targets.balancing_v, targets.absorption_v);
  const auto under = positive(under_v, highest_cell_v);
  if (under && *under + low_room_v < targets.float_v) {
    targets.low_v = std::max(targets.low_v, *under + low_room_v);
    const double raised_v = std::max(*under + cut_off_room_v - targets.cut_off_v, 0.0);
    targets.cut_off_v += raised_v;
    targets.reopen_v += raised_v;
    targets.reopen_charging_v += raised_v;
  }
  return targets;
}

Cells look_at_cells(const Sample& sample) {
  boost::container::static_vector<double, max_cells> possible_v;
  std::ranges::copy_if(sample.cells_v, std::back_inserter(possible_v),
                       [](double cell_v) { return cell_v > lowest_cell_v && cell_v < highest_cell_v; });
  const auto above = [&](double bound_v) {
    return std::ranges::any_of(sample.cells_v, [&](double cell_v) { return cell_v >= bound_v; });
  };
  Cells cells{.too_high = above(stopping_cell_v)};
  if (possible_v.empty()) return cells;
  const double median_v = median_of(possible_v);
  cells.too_high = cells.too_high || above(median_v + apart_v);
  cells.believable = !cells.too_high && possible_v.size() == sample.cells_v.size() &&
                     std::ranges::none_of(possible_v, [&](double cell_v) { return cell_v <= median_v - apart_v; });
  const auto [lowest, highest] = std::ranges::minmax(possible_v);
  cells.lowest_v = lowest;
  cells.highest_v = highest;
  for (const double cell_v : possible_v) cells.sum_v += cell_v;
  return cells;
}

Situation look_at(const Config& config, const State& state, const Sample& sample, double dt_s) {
  dt_s = std::isfinite(dt_s) ? std::clamp(dt_s, 0.0, longest_dt_s) : 0.0;
  const auto capacity_ah = positive(sample.capacity_ah, largest_capacity_ah);
  const std::size_t cell_count = sample.cells_v.empty() ? state.cell_count : sample.cells_v.size();
  const double counted_s = state.pace.counted_s(dt_s, config.poll_interval_s);
  const Zero zero = rules_of(config.profile).asks_the_bms ? Zero::always_nothing : Zero::once_told;
  const auto after = [&](const ToldLimit& before, std::optional<double> says_a) {
    return heard(before, says_a, zero, largest_told_a, counted_s);
  };
  Situation now{
      .config = config,
      .sample = sample,
      .dt_s = dt_s,
      .counted_s = counted_s,
      .slow = state.pace.shown_s(dt_s) > slow_samples_s,
      .cell_count = cell_count,
      .cells = look_at_cells(sample),
      .targets = targets_within(config, sample.cell_over_voltage_v, sample.cell_under_voltage_v),
      .current_a = believable(sample.current_a, largest_current_a),
      .capacity_ah = capacity_ah.value_or(usual_capacity_ah),
      .capacity_known = capacity_ah.has_value(),
      .careful_capacity_ah = capacity_ah.value_or(bms::careful_capacity_ah),
      .resistance_ohm = 0,
      .charge_limit = after(state.charge_limit, sample.max_charge_current_a),
      .discharge_limit = after(state.discharge_limit, sample.max_discharge_current_a),
      .voltage_limit = heard(state.voltage_limit, sample.max_charge_voltage_v, Zero::unsaid, largest_told_v, counted_s),
      .charge_base_a = 0,
      .discharge_base_a = 0,
  };
  now.charge_base_a = base_limit(configured_charge_a(config, capacity_ah), config.user_max_charge_a, now.charge_limit);
  now.discharge_base_a =
      base_limit(configured_discharge_a(config, capacity_ah), config.user_max_discharge_a, now.discharge_limit);
  now.resistance_ohm = pack_resistance(config, cell_count, now.capacity_ah);
  if (now.slow) now.charge_base_a = std::min(now.charge_base_a, slow_charge_c * now.careful_capacity_ah);
  return now;
}

double target_cell_v(const Situation& now, const Kept& kept) {
  const double rise_v = kept.balancing_rise_v / static_cast<double>(std::max<std::size_t>(now.cell_count, 1));
  return std::min(now.targets.absorption_v + rise_v, now.targets.balancing_v);
}

std::optional<double> ceiling_cell_v(const Situation& now, const Kept& kept) {
  auto ceiling_v = now.targets.ceiling_v;
  const auto end_at = [&](double end_v) { ceiling_v = std::min(ceiling_v.value_or(end_v), end_v); };
  if (now.config.borne_cell_v) end_at(*now.config.borne_cell_v - warned_room_v);
  if (const auto warned_v = now.config.warned_cell_v) {
    const bool balancing = kept.balancing_rise_v > 0;
    const double raised_v = balancing ? target_cell_v(now, kept) + balancing_warned_above_v : 0;
    end_at(std::max(*warned_v, raised_v) - warned_room_v);
  }
  return ceiling_v;
}

}  // namespace bms::charge
