// What the state of charge allows.
#pragma once

#include "charge/source.hpp"

namespace bms::charge {

/// Lets the memory of the SoC follow a sample.
void follow_soc(const Situation& now, State& state);

[[nodiscard]] double soc_charge_share(const Situation& now, const State& state);
[[nodiscard]] double soc_discharge_share(const Situation& now, const State& state);
[[nodiscard]] ShortText soc_reason(const Situation& now, const State& state);
[[nodiscard]] Recovery soc_charge_recovery(const Situation& now, const State& state);
[[nodiscard]] Recovery soc_discharge_recovery(const Situation& now, const State& state);

}  // namespace bms::charge
