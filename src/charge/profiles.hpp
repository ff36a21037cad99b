// The tables of the profiles: how much of the base limit each value of a cell or of the SoC allows.
#pragma once

#include <span>

#include "charge/config.hpp"
#include "charge/situation.hpp"

namespace bms::charge {

/// How a profile looks at cells and SoC. Cell tables are those of LiFePO4; they are moved with the voltages of other
/// chemistries. An empty table is not used.
struct ProfileRules {
  Profile profile;
  std::span<const Point> charge_by_cell{};     ///< at 3.450 V target
  std::span<const Point> discharge_by_cell{};  ///< at 2.900 V lowest voltage
  bool steps = false;                          ///< the lower of the neighbours instead of a straight line
  bool look_ahead = false;                     ///< by filtered cells and where they go, else by those of the sample
  bool soc_steps = false;                      ///< the currents of the first release
  bool asks_the_bms = false;                   ///< a limit that the BMS names replaces our own derating
  bool leads_voltage = false;  ///< CVL always follows the allowed current, else only while something limits
};

[[nodiscard]] const ProfileRules& rules_of(Profile profile);

/// The table of cell voltages in use: the owner's, else the profile's, moved to `target_v`. Above the target it is
/// squeezed by the configured scale, and as far as is needed to end at `ceiling_v`.
[[nodiscard]] Curve charge_cell_curve(const Config& config, const ProfileRules& rules, double target_v,
                                      std::optional<double> ceiling_v);
/// The smooth profile's own table, whatever is configured.
[[nodiscard]] Curve protecting_cell_curve(const Config& config, double target_v, std::optional<double> ceiling_v);

/// The owner's table, else the profile's around the lowest voltage, but so high that it has led down to its end before
/// the cut-off.
[[nodiscard]] Curve discharge_cell_curve(const Config& config, const ProfileRules& rules, const Targets& targets);

/// What a curve allows, 0..1; everything if there is none.
[[nodiscard]] double share_at(const Curve& curve, double at, bool steps);

/// SoC tables of dbus-serialbattery, which has them off by default; for owners who had them on.
[[nodiscard]] std::span<const Point> serialbattery_charge_by_soc();
[[nodiscard]] std::span<const Point> serialbattery_discharge_by_soc();

}  // namespace bms::charge
