// What is allowed while no samples come, and how it goes on afterwards.
#pragma once

#include <optional>

#include "bms/battery.hpp"
#include "bms/limits.hpp"
#include "charge/config.hpp"
#include "charge/state.hpp"

namespace bms::charge {

/// The limits while no samples come. `contact` is one of stale, kept, releasing, lost (or never: nothing is allowed);
/// `age_s`: seconds since the last valid sample. Nothing rises. The next step() begins with limits at 5 % of base.
[[nodiscard]] Limits without_contact(const Config& config, State& state, Contact contact, double age_s);

/// After a reconnection: caps every limit at 5 % of base, from where it rises; to be called before the step() of each
/// sample while `contact` is returning.
void returning(State& state);

/// To be called after `state.kept` has been restored, `down_s` seconds after it was kept (empty: nobody knows). What
/// cannot be is made safe, and times that run on without us are moved on.
void resume(State& state, std::optional<double> down_s);

}  // namespace bms::charge
