#include "charge/temperature_sources.hpp"

#include <algorithm>
#include <cmath>

#include "charge/play.hpp"
#include "charge/profiles.hpp"

namespace bms::charge {

namespace {

constexpr double temperature_play_k = 1;
constexpr double mos_play_k = 10;
constexpr double unsensed_share = 0.1;  // sensors should be there and none works

double share_of_rules(const Situation& now, const Curve& curve, double at) {
  return share_at(curve, at, rules_of(now.config.profile).steps);
}

/// The coldest and the hottest sensor that says a number.
struct Extremes {
  double coldest_c, hottest_c;
};

std::optional<Extremes> extremes_of(const Sample& sample) {
  std::optional<Extremes> found;
  for (const double temperature_c : sample.temperatures_c) {
    if (!std::isfinite(temperature_c)) continue;
    if (!found) found = {temperature_c, temperature_c};
    found = {std::min(found->coldest_c, temperature_c), std::max(found->hottest_c, temperature_c)};
  }
  return found;
}

std::optional<double> mos_temperature_c(const Situation& now) {
  const auto temperature_c = now.sample.mos_temperature_c;
  return temperature_c && std::isfinite(*temperature_c) ? temperature_c : std::nullopt;
}

}  // namespace

void follow_temperatures(const Situation& now, State& state) {
  const auto extremes = extremes_of(now.sample);
  if (!extremes) return;
  follow_down(state.coldest_c, extremes->coldest_c, temperature_play_k);
  follow_up(state.hottest_c, extremes->hottest_c, temperature_play_k);
}

double temperature_share(const Situation& now, const State& state, const Curve& curve) {
  const auto extremes = extremes_of(now.sample);
  if (!extremes) return now.sample.sensors_expected ? unsensed_share : 1;
  double share = std::min(share_of_rules(now, curve, state.coldest_c.value_or(extremes->coldest_c)),
                          share_of_rules(now, curve, state.hottest_c.value_or(extremes->hottest_c)));
  for (const double temperature_c : now.sample.temperatures_c) {
    if (std::isfinite(temperature_c)) share = std::min(share, share_of_rules(now, curve, temperature_c));
  }
  return share;
}

ShortText temperature_reason(const Situation& now, const Curve& curve) {
  std::optional<double> worst_c;
  for (const double temperature_c : now.sample.temperatures_c) {
    if (!std::isfinite(temperature_c)) continue;
    if (!worst_c || share_at(curve, temperature_c, false) < share_at(curve, *worst_c, false)) worst_c = temperature_c;
  }
  return worst_c ? with_value("temperature", *worst_c, 1, "°C") : ShortText("no temperature sensor works");
}

LimitReason temperature_code(const Situation& now) {
  return extremes_of(now.sample) ? LimitReason::temperature : LimitReason::no_sensor;
}

// The play is in the share already. A sensor that says no more what forbade everything has not become warm.
Recovery temperature_recovery(const Situation& now, const State&) {
  return extremes_of(now.sample) || !now.sample.sensors_expected ? Recovery::enough : Recovery::slow;
}

double mos_share(const Situation& now, const Curve& curve) {
  const auto temperature_c = mos_temperature_c(now);
  return temperature_c ? share_of_rules(now, curve, *temperature_c) : 1;
}

ShortText mos_reason(const Situation& now, const State&) {
  return with_value("FET temperature", now.sample.mos_temperature_c.value_or(0), 0, "°C");
}

// Once the FETs were too hot they must become clearly cooler.
Recovery mos_recovery(const Situation& now, const Curve& curve) {
  const auto temperature_c = mos_temperature_c(now);
  if (!temperature_c) return Recovery::slow;
  const bool clear = share_of_rules(now, curve, *temperature_c + mos_play_k) > 0 &&
                     share_of_rules(now, curve, *temperature_c - mos_play_k) > 0;
  return clear ? Recovery::enough : Recovery::none;
}

}  // namespace bms::charge
