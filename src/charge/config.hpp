// What the owner allows: everything that charge control is given and does not find out.
#pragma once

#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <string_view>

#include "bms/cell_window.hpp"
#include "bms/curve.hpp"

namespace bms::charge {

/// How limits are computed.
enum class Profile : std::uint8_t {
  smooth,                ///< this project's own law
  serialbattery_linear,  ///< the tables of dbus-serialbattery, straight between points
  serialbattery_step,    ///< the same as steps, each the lower neighbour
  first_release,         ///< the SoC steps of dbus-serialbattery 0.3
  bms,                   ///< what the BMS itself allows, under our caps
};

/// A current as the owner gives it: in amperes, or as a multiple of the capacity ("0.5C").
struct Amperes {
  double value = 0;
  bool c_rate = false;
  /// A C-rate is never more than this, whatever the capacity turns out to be.
  double at_most_a = std::numeric_limits<double>::infinity();

  friend bool operator==(const Amperes&, const Amperes&) = default;
};

// Shares of the base limit by temperature in °C.
inline constexpr Point usual_charge_temperatures[] = {{0, 0},  {2, .25}, {5, .5},   {10, 1},
                                                      {40, 1}, {45, .5}, {50, .25}, {55, 0}};
inline constexpr Point usual_discharge_temperatures[] = {{-10, 0}, {0, .25}, {5, .5},   {10, 1},
                                                         {40, 1},  {45, .5}, {50, .25}, {55, 0}};
inline constexpr Point usual_mos_temperatures[] = {{70, 1}, {80, .25}, {90, 0}};

/// Voltages are those of one cell unless the name says otherwise. The defaults are those for LiFePO4.
/// An empty curve is not used, except for the two cell curves: those are then the built-in ones, which lie around
/// `absorption_cell_v` and `min_cell_v`. Values of derating curves are shares of the base limit, 0..1.
struct Config : CellWindow {
  Profile profile = Profile::smooth;
  double poll_interval_s = 1;

  Amperes max_charge_current{50};
  Amperes max_discharge_current{60};
  double balancing_cell_v = 3.550;  ///< the target of a balancing charge
  double charge_knee_scale = 1;     ///< of the built-in charge curve above Vt: smaller for chemistries with less room
  std::optional<double> warned_cell_v{};  ///< a cell that is higher raises an alarm, but for a balancing charge
  std::optional<double> borne_cell_v{};   ///< no cell of this chemistry is charged further, whatever is configured

  Curve charge_cell_curve{};     ///< by the highest cell
  Curve discharge_cell_curve{};  ///< by the lowest cell
  Curve charge_temperature_curve{std::begin(usual_charge_temperatures), std::end(usual_charge_temperatures)};
  Curve discharge_temperature_curve{std::begin(usual_discharge_temperatures), std::end(usual_discharge_temperatures)};
  Curve charge_mos_curve{std::begin(usual_mos_temperatures), std::end(usual_mos_temperatures)};
  Curve discharge_mos_curve{std::begin(usual_mos_temperatures), std::end(usual_mos_temperatures)};
  Curve charge_soc_curve{};     ///< off by default
  Curve discharge_soc_curve{};  ///< off by default

  double cutoff_cell_v = 2.80;           ///< DCL is 0 from here on
  double reopen_cell_v = 3.05;           ///< until the lowest cell is above this
  double reopen_charging_cell_v = 2.90;  ///< or above this while charging
  double load_compensation_max_v = 0;    ///< how much of the drop under load is forgiven, at most
  bool integer_amps = false;             ///< whole amperes below 10 A: chargers round up
  /// Allowed while the BMS heats its cells with the charger's current, although they are too cold and its charge FET is
  /// still open for that. 0: nothing then.
  double heater_current_a = 0;
  std::optional<double> pack_resistance_ohm{};  ///< empty: from the number of cells and the capacity
  double cable_drop_v = 0;                      ///< added to CVL
  double cable_resistance_ohm = 0;              ///< times the current, added to CVL

  bool float_enabled = true;  ///< off: the target stays, for ever
  /// It is a pack of a bank, which decides when all of them float: full or not, its own voltage is what its cells bear.
  bool floats_with_bank = false;
  bool float_follow = true;  ///< float stays at the resting voltage as long as that is higher
  double absorption_held_s = 900;
  double absorption_spread_v = 0.015;
  double absorption_cap_s = 4 * 3600;
  double tail_s = 1800;
  double tail_current_c = 0.02;
  double rebulk_discharged_share = 0.20;  ///< of the capacity, taken out since full
  double rebulk_cell_v = 3.32;            ///< mean cell at rest below which float ends
  double rebulk_spread_v = 0.080;         ///< imbalance at the top that ends float
  double full_charge_days = 30;           ///< from one balancing charge to the next; 0: never
  double balancing_spread_v = 0.010;
  double balancing_held_s = 1800;
  double balancing_cap_s = 6 * 3600;

  // By the user, at run time.
  std::optional<double> user_max_charge_a{}, user_max_discharge_a{};  ///< >= 0; empty: as configured
  bool charge_blocked = false;                                        ///< by the user
  bool discharge_blocked = false;                                     ///< by the user
  bool full_charge_requested = false;                                 ///< by the user, once

  // Without contact (section "staleness"): what is still allowed after T2, when the owner wants the battery kept.
  double kept_charge_c = 0;       ///< at most 0.1
  double kept_discharge_c = 0.2;  ///< at most 0.2
};

/// The configured maximum in amperes; 0 for a multiple of a capacity that is not known.
[[nodiscard]] double configured_charge_a(const Config& config, std::optional<double> capacity_ah);
[[nodiscard]] double configured_discharge_a(const Config& config, std::optional<double> capacity_ah);

}  // namespace bms::charge
