// What charge control remembers from sample to sample.
#pragma once

#include <array>
#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <optional>
#include <span>

#include "bms/kept.hpp"
#include "bms/limits.hpp"
#include "bms/low_pass.hpp"
#include "bms/pace.hpp"
#include "bms/reading.hpp"
#include "charge/told_limit.hpp"

namespace bms::charge {

/// What outlives a restart; every member is listed in kept_fields(). Times are running times of the driver, in seconds.
struct Kept {
  double state = 0;  ///< a ChargeState

  std::optional<double> charge_factor{}, discharge_factor{};  ///< what was allowed, as a share of the base limit
  bool charge_closed = false;                                 ///< the highest cell has ended charging
  bool discharge_closed = false;                              ///< the curve of the lowest cell has ended discharging
  bool cut_off = false;                                       ///< the lowest cell has ended it at the cut-off
  bool opened_by_rest = false;  ///< discharging is allowed again although nothing was charged

  // How long a condition has lasted. Those that run back, rather than begin anew, survive a passing cloud.
  double reached_s = 0;     ///< the target voltage, from Bulk
  double held_s = 0;        ///< at the target with even cells
  double tail_s = 0;        ///< at the target with hardly any current
  double top_s = 0;         ///< at the target, whatever the cells do
  double balanced_s = 0;    ///< at the balancing voltage with even cells
  double absorption_s = 0;  ///< in Absorption or Balancing since it was entered
  double fallen_s = 0;      ///< below the target without interruption
  double full_s = 0;        ///< since Absorption or Balancing was left for FloatTransition
  double rest_low_s = 0;    ///< low at rest, in Float
  double uneven_s = 0;      ///< uneven at the top, in Float
  double short_s = 0;       ///< the charger stays below what it is asked for

  double since_balanced_s = 0;             ///< since a full charge with even cells, or the last attempt at one
  std::optional<double> since_uneven_s{};  ///< since uneven cells last ended Float
  double discharged_ah = 0;                ///< net, since full

  bool full = false;                 ///< full was reported and Bulk has not come since
  bool balancing_requested = false;  ///< the next Absorption is to be a Balancing
  bool request_seen = false;         ///< the user's present request has been taken up
  double balancing_rise_v = 0;       ///< how far the target of the pack is above the usual one now

  friend bool operator==(const Kept&, const Kept&) = default;
};

[[nodiscard]] std::span<const KeptField<Kept>> kept_fields();

/// A current limit on its way to what is computed.
struct AllowedCurrent {
  std::optional<double> allowed_a{};  ///< after the speed rules
  double since_decrease_s = 0;
  std::optional<double> published_a{};  ///< rounded, and not changed for trifles
  bool fet_open = false;                ///< when its state was known last
};

/// How a source that has allowed nothing comes to allow something again.
struct Reopening {
  double recovering_s = 0;  ///< for how long it is better
  bool shut = false;        ///< in the last sample, by something that comes and goes
  int closings = 0;         ///< of that, with less than an hour between them
};

/// A text for people that does not change more often than they can read.
struct SlowText {
  ShortText text{};
  double age_s = 0;
  LimitReason code = LimitReason::none;  ///< of a limit
};

/// A cell sensor, by what it said last. One that is silent has not changed: what it limited it goes on limiting.
struct CellSensor {
  double last_c = 0;
  bool silent = false;
};

/// Everything between two samples.
struct State {
  Kept kept;

  std::size_t cell_count = 0;  ///< 0: no sample yet
  Pace pace;
  int broken_samples = 0;  ///< in a row, with cells that cannot be true

  LowPass highest_v, slope_v_per_s, lowest_v;                   ///< of single cells
  boost::container::static_vector<LowPass, max_cells> cells_v;  ///< slow, for mean and spread
  LowPass pack_v, current_a, resting_v;
  std::optional<double> last_current_a{};
  double resistance_ohm = 0;  ///< of the pack, by the last sample
  double capacity_ah = 0;     ///< by the last sample; 0: not known

  boost::container::static_vector<CellSensor, max_temperatures> sensors{};

  // Values with play: what deratings recover from.
  std::optional<double> coldest_c{}, hottest_c{};
  std::optional<double> mos_c{};  ///< of the FETs, as it was known last
  std::optional<double> soc_charge_pct{}, soc_discharge_pct{};
  double soc_silent_s = 0;                   ///< for how long the SoC has not been known
  double empty_s = 0;                        ///< for how long the lowest cell has been at the cut-off
  double charging_s = 0, discharging_s = 0;  ///< for how long a current has flowed in this direction

  // What has allowed nothing and has not recovered yet, besides what is kept.
  struct Closed {
    bool sense = false, temperature = false, mos = false, soc = false, bms = false, under_voltage = false;
    bool voltage = false;
  };
  Closed charge_closed{}, discharge_closed{};
  ToldLimit charge_limit{}, discharge_limit{}, voltage_limit{};  ///< of the BMS

  static constexpr std::size_t most_sources = 12;
  std::array<Reopening, most_sources> charge_reopenings{}, discharge_reopenings{};  ///< of each row of the tables

  AllowedCurrent charge, discharge;
  bool contact_lost = false;           ///< the next limits begin low
  std::optional<double> last_dcl_a{};  ///< when contact was lost

  std::optional<double> charge_voltage_v{};     ///< CVL before cable drop and rounding
  double goal_v = 0;                            ///< where CVL is on its way to
  double trim_v = 0;                            ///< taken off CVL for what the charger gives too much
  std::optional<double> float_v{};              ///< where the way down to float is
  std::optional<double> published_voltage_v{};  ///< with cable drop, rounded

  SlowText mode, charge_reason, discharge_reason, summary;
  std::optional<double> said_charge_a{}, said_discharge_a{};  ///< the limits that the texts belong to
};

}  // namespace bms::charge
