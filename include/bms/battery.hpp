// What is known of the battery now: the last complete reading, how fresh it is, and what follows from it.
#pragma once

#include <array>
#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bms/cell_summary.hpp"
#include "bms/extra.hpp"
#include "bms/notice.hpp"
#include "bms/pack.hpp"
#include "bms/reading.hpp"
#include "bms/short_text.hpp"
#include "bms/time.hpp"

namespace bms {

/// How far contact with the BMS has been lost. The order is that of the stages after the last valid reading.
enum class Contact : std::uint8_t {
  never,      ///< no complete reading yet
  fresh,      ///< readings come as they should
  stale,      ///< T1 has passed: measurements are no longer true
  kept,       ///< T2 has passed, but the owner wants the battery kept for a while, with small limits
  releasing,  ///< T2 (or T3) has passed: both currents are 0 for one cycle of the consumers
  lost,       ///< the battery is no longer a managed one
  returning,  ///< readings come again, trust grows
};

/// What follows from one reading. Cell numbers count from 1.
struct Derived {
  std::optional<double> power_w;
  std::optional<double> consumed_ah;  ///< <= 0: what is missing to full
  std::optional<double> cell_sum_v, cell_diff_v;
  std::optional<double> min_cell_v, max_cell_v;
  std::optional<int> min_cell, max_cell;
  int min_cell_pack = 0, max_cell_pack = 0;  ///< of a bank, from 1, in which these are; 0: it is none
  std::optional<double> min_temperature_c, max_temperature_c;
  std::optional<int> min_sensor, max_sensor;
  std::optional<double> mean_temperature_c;
};

/// What is estimated over time. Empty: not known.
struct Estimate {
  std::optional<double> soc_pct;      ///< of the chosen source, 0..100
  bool soc_uncertain = false;         ///< not to be relied on before the next full charge
  std::optional<double> capacity_ah;  ///< configured, else as the BMS has learned it, else learned by us, else nominal
  /// The measure of limits that are multiples of the capacity: the smallest that anybody reports, and slow to rise.
  std::optional<double> sure_capacity_ah;
  std::optional<double> doubted_capacity_ah;  ///< what the BMS reports instead, before it has repeated it often enough
  std::optional<double> remaining_ah;         ///< what is left, by the chosen SoC
  std::optional<double> average_current_a;
  std::optional<double> time_to_go_s;  ///< until empty; empty when not discharging

  struct TimeToSoc {
    double soc_pct;
    std::optional<double> time_s;  ///< empty: the current does not lead there
  };
  boost::container::static_vector<TimeToSoc, 16> time_to_soc;  ///< at the configured points

  std::optional<double> mid_voltage_v;      ///< of the lower half of the cells
  std::optional<double> mid_deviation_pct;  ///< (upper - lower) / (upper + lower)
};

/// Something that stopped the battery, under the number that Venus has for it.
struct DatedError {
  int code = 0;
  std::optional<double> unix_s;  ///< seconds since 1970; empty: no clock could be believed then

  friend bool operator==(const DatedError&, const DatedError&) = default;
};
inline constexpr std::size_t most_last_errors = 4;

/// What has happened to the battery so far. Amounts are >= 0; empty: not known, or not yet.
struct History {
  std::optional<double> total_drawn_ah;
  std::optional<double> discharged_kwh, charged_kwh;
  std::optional<double> charge_cycles;
  std::optional<double> deepest_discharge_ah, last_discharge_ah, average_discharge_ah;
  std::optional<double> full_discharges;
  std::optional<double> min_voltage_v, max_voltage_v;
  std::optional<double> min_cell_v, max_cell_v;
  std::optional<double> min_temperature_c, max_temperature_c;
  std::optional<double> low_voltage_alarms, high_voltage_alarms;
  std::optional<double> automatic_syncs;
  std::optional<double> since_full_s;
  std::array<std::optional<DatedError>, most_last_errors> last_errors{};  ///< the newest first
  std::optional<double> shut_downs{};  ///< how often an alarm has ended charging or discharging
};

/// What an alarm that is raised is about, besides its words.
struct AlarmSource {
  AlarmCause cause = AlarmCause::none;
  int number = 0;           ///< of the cell or sensor; 0: it is not about one
  std::uint32_t units = 0;  ///< bit n: unit n + 1 of the BMS is to blame

  friend bool operator==(const AlarmSource&, const AlarmSource&) = default;
};

/// What the BMS was told to do last, in words.
struct LastOrder {
  std::string what;     ///< "SoC of 80.0 %"
  std::string outcome;  ///< "waiting", "done", "not done: ..."
};

/// One battery as every room behind the protocol sees it.
struct Battery {
  DeviceInfo device;
  Reading reading;  ///< the newest complete and plausible one, calibrated; see `contact` for whether it still counts
  Derived derived;  ///< of `reading`
  Alarms alarms;    ///< the BMS's and our own, debounced: what is published
  std::array<ShortText, alarm_count> alarm_causes;       ///< of those that are raised: "cell 4, 3.58 V"
  std::array<AlarmSource, alarm_count> alarm_sources{};  ///< the same, for programs

  /// What the sensors say that protect and can be relied on; faulty ones are empty in `reading` as well.
  boost::container::static_vector<double, max_temperatures> protecting_temperatures_c;
  bool protection_expected = false;  ///< the board has sensors for protection, working or not
  int faulty_sensors = 0;
  ShortText sensor_fault;         ///< of the first of them: "sensor 2 reads -40 °C"
  double failed_polls_share = 0;  ///< over the last five minutes, 0..1

  /// The cells that the BMS is set to endure less than those that limits are made for, and nobody has said which.
  bool endures_less = false;
  Notices notices;

  Estimate estimate;
  History history;
  CellSummary cells;
  std::vector<Pack> packs{};              ///< of a bank, as configured; empty: it is one battery
  bool in_series = false;                 ///< the packs
  std::optional<LastOrder> last_order{};  ///< empty: none so far

  /// Whether the BMS may balance, where it has confirmed an order about that since contact began: no reading says so.
  std::optional<bool> may_balance{};

  /// What this family says besides, as of `reading`. Unlike that it was not voted on.
  std::vector<Extra> extras{};
  Contact contact = Contact::never;
  TimePoint read_at{};         ///< when `reading` was complete
  std::size_t cell_count = 0;  ///< fixed by the first reading

  /// Whether the measurements may be shown as true.
  [[nodiscard]] bool measurements_valid() const { return contact == Contact::fresh || contact == Contact::returning; }
};

}  // namespace bms
