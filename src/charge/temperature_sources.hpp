// What cells and FETs allow that are too cold or too hot.
#pragma once

#include "charge/source.hpp"

namespace bms::charge {

/// Lets the memory of the sensors, of the FETs, of the coldest and of the hottest cell follow a sample.
void follow_temperatures(const Situation& now, State& state);

[[nodiscard]] double temperature_share(const Situation& now, const State& state, const Curve& curve);
[[nodiscard]] ShortText temperature_reason(const State& state, const Curve& curve);
[[nodiscard]] LimitReason temperature_code(const State& state, const Curve& curve);
[[nodiscard]] Recovery temperature_recovery(const Situation& now, const State& state);

/// Whether the temperature alone ends charging, by the curve.
[[nodiscard]] bool too_cold_to_charge(const Situation& now, const State& state);
[[nodiscard]] bool too_hot_to_charge(const Situation& now, const State& state);

[[nodiscard]] double mos_share(const Situation& now, const State& state, const Curve& curve);
[[nodiscard]] ShortText mos_reason(const Situation& now, const State& state);
[[nodiscard]] Recovery mos_recovery(const Situation& now, const State& state, const Curve& curve);

}  // namespace bms::charge
