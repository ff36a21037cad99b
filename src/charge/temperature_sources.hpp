// What cells and FETs allow that are too cold or too hot.
#pragma once

#include "charge/source.hpp"

namespace bms::charge {

/// Lets the memory of the coldest and the hottest cell follow a sample.
void follow_temperatures(const Situation& now, State& state);

[[nodiscard]] double temperature_share(const Situation& now, const State& state, const Curve& curve);
[[nodiscard]] ShortText temperature_reason(const Situation& now, const Curve& curve);
[[nodiscard]] LimitReason temperature_code(const Situation& now);
[[nodiscard]] Recovery temperature_recovery(const Situation& now, const State& state);

[[nodiscard]] double mos_share(const Situation& now, const Curve& curve);
[[nodiscard]] ShortText mos_reason(const Situation& now, const State& state);
[[nodiscard]] Recovery mos_recovery(const Situation& now, const Curve& curve);

}  // namespace bms::charge
