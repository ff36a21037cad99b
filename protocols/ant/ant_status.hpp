// What a status frame says, in SI units; the same facts from either protocol. Pure functions.
//
// Layouts: vendor document for the old protocol (syssi/esphome-ant-bms, docs/ANT_communication_protocol_EN.1.pdf) and
// analyses of the vendor's application for the new one (NotANewNick/antbms-gui, PROTOCOL.md), decided by captures where
// they differ (syssi/esphome-ant-bms, docs/ and tests/; patman15/aiobmsble, tests/).
#pragma once

#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "bms/bytes.hpp"
#include "bms/error.hpp"

namespace bms::ant {

inline constexpr std::size_t max_ant_cells = 32;
/// Four is the most seen.
inline constexpr std::size_t max_ant_probes = 6;

/// What only boards of the new protocol report.
struct NewDetails {
  std::uint8_t permission_level = 0;  ///< of the session: 0 and 1 none or basic, 5 full
  std::uint8_t state = 0;             ///< `state_names` of the tables
  std::uint64_t protection = 0;       ///< `protection_bits` of the tables
  std::uint64_t warnings = 0;         ///< `warning_bits` of the tables
  unsigned soh_pct = 0;
  std::uint16_t chemistry = 0;  ///< `chemistries` of the tables
  double total_discharge_ah = 0, total_charge_ah = 0;
  std::uint32_t total_discharge_s = 0, total_charge_s = 0;
  std::optional<std::uint16_t> minutes_to_full;  ///< firmware with the longer frame; FFFF = unknown
};

/// What only the old frame holds: the extremes as the board found them, which let the list of cells be checked.
struct OldDetails {
  std::uint16_t highest_mv = 0, lowest_mv = 0, average_mv = 0;
  bool spare_slots_empty = true;  ///< nothing follows the last cell
};

struct Status {
  double voltage_v = 0;
  double current_a = 0;  ///< positive while charging; on the wire positive is discharging
  unsigned soc_pct = 0;  ///< as it came
  double full_ah = 0;    ///< as configured; 0: not reported
  double remaining_ah = 0;
  double cycle_capacity_ah = 0;  ///< throughput over its life
  std::uint32_t runtime_s = 0;
  boost::container::static_vector<double, max_ant_cells> cells_v;
  /// Probes in the cells. Empty: not fitted.
  boost::container::static_vector<std::optional<double>, max_ant_probes> temperatures_c;
  std::optional<double> fet_temperature_c, balancer_temperature_c;
  std::uint8_t charge_code = 0, discharge_code = 0, balancer_code = 0;
  std::uint32_t balancing = 0;  ///< bit 0 = cell 1
  std::optional<NewDetails> newer;
  std::optional<OldDetails> older;
};

/// The payload of the new status (function 11). Errors: ErrorKind::length when its counts are impossible or do not fit.
[[nodiscard]] Result<Status> decode_new_status(Bytes payload);

/// Whether the counts in a payload of function 11 are possible and fit into it.
[[nodiscard]] bool new_status_fits(Bytes payload);

/// The whole old status frame. Errors: ErrorKind::length when it is not 140 bytes or counts no cells or too many.
[[nodiscard]] Result<Status> decode_old_status(Bytes frame);

/// Full cycles so far: throughput in multiples of the capacity. Empty without a capacity.
[[nodiscard]] std::optional<double> cycles_of(const Status& status);

/// How far the pack's voltage may be from the sum of the cells.
struct Agreement {
  double tolerance_v;
  double tolerance_ratio;  ///< of the sum, on top
};
/// In captures the two differ by 0.08 V at most.
inline constexpr Agreement in_operation{.tolerance_v = 0.5, .tolerance_ratio = 0.15};
inline constexpr Agreement while_probing{.tolerance_v = 1, .tolerance_ratio = 0};

/// Why the voltages of a sound frame cannot be true (ErrorKind::implausible), if so; of anything else the single value
/// is judged later. Pack and cells are not compared while the board reports a loose sense wire.
[[nodiscard]] std::optional<Error> unusable(const Status& status, const Agreement& agreement);

/// Likewise for a frame that is to show that this is an ANT board: current and state of charge must be right as well.
[[nodiscard]] std::optional<Error> implausible(const Status& status, const Agreement& agreement);

}  // namespace bms::ant
