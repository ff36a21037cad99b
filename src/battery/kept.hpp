// What estimation remembers over a restart.
#pragma once

#include <optional>
#include <span>

#include "bms/kept.hpp"

namespace bms::battery {

/// Every member is listed in kept_fields().
struct Kept {
  // State of charge.
  std::optional<double> charge_ah{};       ///< counted by ourselves, 0..capacity
  std::optional<double> shown_soc_pct{};   ///< what was published last
  bool uncertain = false;                  ///< not to be relied on before the next full charge
  double uncertain_ah = 0;                 ///< charge that flowed, or may have, while nobody looked
  bool full = false;                       ///< since the full charge almost nothing has been taken
  bool empty = false;                      ///< since the cut-off almost nothing has been charged
  std::optional<double> since_empty_ah{};  ///< what was counted in since the pack was last known to be empty
  std::optional<double> learned_capacity_ah{};
  std::optional<double> told_capacity_ah{};  ///< by the BMS, and believed; see Capacity

  // History. Amounts are >= 0.
  double drawn_ah = 0;
  double charged_kwh = 0, discharged_kwh = 0;
  std::optional<double> depth_ah{};  ///< below full now; empty before the first full charge
  std::optional<double> deepest_discharge_ah{}, last_discharge_ah{};
  double completed_ah = 0;  ///< of all discharges between two full charges ...
  double completed = 0;     ///< ... and their number
  double full_discharges = 0;
  bool full_discharge_counted = false;  ///< not again before some charge is back
  std::optional<double> min_voltage_v{}, max_voltage_v{};
  std::optional<double> min_cell_v{}, max_cell_v{};
  std::optional<double> min_temperature_c{}, max_temperature_c{};
  double low_voltage_alarms = 0, high_voltage_alarms = 0;
  bool low_voltage_stands = false, high_voltage_stands = false;
  double automatic_syncs = 0;
  std::optional<double> since_full_s{};

  // Errors, the newest first: Venus's number of each, and when it was. See last_errors.hpp.
  std::optional<double> error_1{}, error_2{}, error_3{}, error_4{};
  std::optional<double> error_1_unix_s{}, error_2_unix_s{}, error_3_unix_s{}, error_4_unix_s{};
  double shut_downs = 0;
  double raised_warnings = 0, raised_alarms = 0;  ///< alarms of at least that level: a bit for each

  friend bool operator==(const Kept&, const Kept&) = default;
};

[[nodiscard]] std::span<const KeptField<Kept>> kept_fields();

}  // namespace bms::battery
