#include "charge/temperature_sources.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <span>

#include "charge/play.hpp"
#include "charge/profiles.hpp"

namespace bms::charge {

namespace {

constexpr double temperature_play_k = 1;
constexpr double mos_play_k = 10;
constexpr double unsensed_share = 0.1;  // sensors should be there and none works
constexpr double returned_k = 1000;     // rather one that has spoken all the time than one that was silent

double share_of_rules(const Situation& now, const Curve& curve, double at) {
  return share_at(curve, at, rules_of(now.config.profile).steps);
}

using Temperatures = boost::container::static_vector<double, max_temperatures>;

Temperatures numbers_in(const Sample& sample) {
  Temperatures numbers;
  std::ranges::copy_if(sample.temperatures_c, std::back_inserter(numbers),
                       [](double each) { return std::isfinite(each); });
  return numbers;
}

/// Gives fewer values than there are sensors to those sensors that they differ the least from. Values come in the order
/// of their sensors, but a silent one leaves no gap.
void recognise(std::span<CellSensor> sensors, std::span<const double> values_c) {
  std::array<std::array<double, max_temperatures + 1>, max_temperatures + 1>
      cost;  // of the first n values on m sensors
  for (auto& row : cost) row.fill(std::numeric_limits<double>::infinity());
  cost[0][0] = 0;
  for (std::size_t m = 1; m <= sensors.size(); ++m) {
    const CellSensor& sensor = sensors[m - 1];
    cost[m][0] = 0;
    for (std::size_t n = 1; n <= std::min(m, values_c.size()); ++n) {
      const double apart_k = std::abs(values_c[n - 1] - sensor.last_c) + (sensor.silent ? returned_k : 0);
      cost[m][n] = std::min(cost[m - 1][n], cost[m - 1][n - 1] + apart_k);
    }
  }
  std::size_t n = values_c.size();
  for (std::size_t m = sensors.size(); m > 0; --m) {
    CellSensor& sensor = sensors[m - 1];
    sensor.silent = n == 0 || cost[m][n] == cost[m - 1][n];
    if (!sensor.silent) sensor.last_c = values_c[--n];
  }
}

void follow_sensors(std::span<const double> values_c, State& state) {
  if (values_c.size() < state.sensors.size()) return recognise(state.sensors, values_c);
  state.sensors.clear();
  for (const double value_c : values_c) state.sensors.push_back({.last_c = value_c});
}

bool none_speaks(const State& state) { return std::ranges::all_of(state.sensors, &CellSensor::silent); }

/// The sensor that allows least; empty without any.
const CellSensor* worst_of(const State& state, const Curve& curve) {
  const auto share = [&](const CellSensor& sensor) { return share_at(curve, sensor.last_c, false); };
  const auto worst = std::ranges::min_element(state.sensors, {}, share);
  return worst == state.sensors.end() ? nullptr : &*worst;
}

/// Whether the reason of a limit is that no sensor works, and not what one said when it still did.
bool limits_unsensed(const State& state, const Curve& curve) {
  const CellSensor* worst = worst_of(state, curve);
  return worst == nullptr || (none_speaks(state) && share_at(curve, worst->last_c, false) >= unsensed_share);
}

bool any_at(const State& state, auto beyond) { return std::ranges::any_of(state.sensors, beyond, &CellSensor::last_c); }

std::optional<double> mos_temperature_c(const Situation& now) {
  const auto temperature_c = now.sample.mos_temperature_c;
  return temperature_c && std::isfinite(*temperature_c) ? temperature_c : std::nullopt;
}

}  // namespace

void follow_temperatures(const Situation& now, State& state) {
  if (const auto mos_c = mos_temperature_c(now)) state.mos_c = mos_c;
  const Temperatures values_c = numbers_in(now.sample);
  if (values_c.empty() && !now.sample.sensors_expected) {
    state.sensors.clear();
    state.coldest_c.reset();
    state.hottest_c.reset();
    return;
  }
  follow_sensors(values_c, state);
  if (state.sensors.empty()) return;
  const auto [coldest, hottest] = std::ranges::minmax(state.sensors, {}, &CellSensor::last_c);
  follow_down(state.coldest_c, coldest.last_c, temperature_play_k);
  follow_up(state.hottest_c, hottest.last_c, temperature_play_k);
}

double temperature_share(const Situation& now, const State& state, const Curve& curve) {
  double share = now.sample.sensors_expected && none_speaks(state) ? unsensed_share : 1;
  const auto limit_to = [&](double temperature_c) {
    share = std::min(share, share_of_rules(now, curve, temperature_c));
  };
  if (state.coldest_c) limit_to(*state.coldest_c);
  if (state.hottest_c) limit_to(*state.hottest_c);
  for (const CellSensor& sensor : state.sensors) limit_to(sensor.last_c);
  return share;
}

ShortText temperature_reason(const State& state, const Curve& curve) {
  if (limits_unsensed(state, curve)) return "no temperature sensor works";
  const CellSensor& worst = *worst_of(state, curve);
  ShortText text = with_value("temperature", worst.last_c, 1, "°C");
  return worst.silent ? text.append(", by a sensor that is silent now") : text;
}

LimitReason temperature_code(const State& state, const Curve& curve) {
  return limits_unsensed(state, curve) ? LimitReason::no_sensor : LimitReason::temperature;
}

// The play is in the share already, and so is what silent sensors said.
Recovery temperature_recovery(const Situation& now, const State& state) {
  return !none_speaks(state) || !now.sample.sensors_expected ? Recovery::enough : Recovery::slow;
}

bool too_cold_to_charge(const Situation& now, const State& state) {
  const Curve& curve = now.config.charge_temperature_curve;
  if (curve.empty() || curve.front().value > 0) return false;
  return any_at(state, [&](double cell_c) { return cell_c <= curve.front().at; });
}

bool too_hot_to_charge(const Situation& now, const State& state) {
  const Curve& curve = now.config.charge_temperature_curve;
  if (curve.empty() || curve.back().value > 0) return false;
  return any_at(state, [&](double cell_c) { return cell_c >= curve.back().at; });
}

double mos_share(const Situation& now, const State& state, const Curve& curve) {
  return state.mos_c ? share_of_rules(now, curve, *state.mos_c) : 1;
}

ShortText mos_reason(const Situation& now, const State& state) {
  ShortText text = with_value("FET temperature", state.mos_c.value_or(0), 0, "°C");
  return mos_temperature_c(now) ? text : text.append(", by a sensor that is silent now");
}

// Once the FETs were too hot they must become clearly cooler.
Recovery mos_recovery(const Situation& now, const State& state, const Curve& curve) {
  if (!mos_temperature_c(now) || !state.mos_c) return Recovery::none;
  const bool clear = share_of_rules(now, curve, *state.mos_c + mos_play_k) > 0 &&
                     share_of_rules(now, curve, *state.mos_c - mos_play_k) > 0;
  return clear ? Recovery::enough : Recovery::none;
}

}  // namespace bms::charge
