// Charge control: from one sample to CVL, CCL and DCL. Pure: configuration, state, sample and the time since the last
// sample come in, limits go out; everything that lasts is in the state.
#pragma once

#include <optional>

#include "bms/battery.hpp"
#include "bms/limits.hpp"
#include "charge/config.hpp"
#include "charge/sample.hpp"
#include "charge/state.hpp"

namespace bms::charge {

/// The charge state went from one to another, and why ("held for 15 min", "load took 20 % of the capacity").
struct Transition {
  ChargeState from, to;
  ShortText reason;
};

/// What one sample led to.
struct Outcome {
  Limits limits;
  std::optional<Transition> transition{};
  bool became_full = false;         ///< the pack is full: SoC is 100 %
  bool held_full = false;           ///< it became so with even cells
  bool ended_by_cap = false;        ///< absorption took too long
  bool cut_off = false;             ///< DCL is 0 because the lowest cell is empty
  double cut_off_raised_v = 0;      ///< so much sooner than configured, as the BMS would open its FET
  bool too_cold_to_charge = false;  ///< the temperature factor is 0
  bool too_hot_to_charge = false;

  double base_charge_a = 0, base_discharge_a = 0;  ///< the measure of all deratings
  bool balancing = false;                          ///< the target is above the usual one
  double target_cell_v = 0;                        ///< what the mean cell is charged to now
  double charger_short_v = 0;                      ///< > 0: the charger has stayed this far below CVL for an hour
  bool bounded_by_bms = false;  ///< a configured voltage is too close to where the BMS opens its FETs
};

/// Takes one valid sample. `dt_s`: seconds since the previous valid sample (any positive number; 0 for the first).
/// Guarantees, for every input: CCL and DCL are at most the configured and the BMS's own maximum and every derating
/// curve; CCL is 0 while the charge FET is open (but for the heater's current, where that is configured), a charge
/// alarm is active or the user blocks charging; CVL is at most the target x cells and the BMS's own maximum, + cable
/// drop (one that only an empty pack could have stops the charge and drains nothing), and never 0; nothing is NaN or
/// infinite. Before the first sample with cells CVL is empty; without believable cells nothing rises, and from the
/// third such sample on nothing is allowed.
[[nodiscard]] Outcome step(const Config& config, State& state, const Sample& sample, double dt_s);

}  // namespace bms::charge
