// "control": charge control as a filter, for benches and for anybody who wants to know what it would do with their
// battery. It is the daemon's own path of a reading, without a BMS and without a bus.
#pragma once

#include <istream>
#include <ostream>
#include <string>

#include "bms/exit_code.hpp"

namespace bms::cli {

struct ControlOptions {
  std::string config_file{};  ///< empty: the defaults
  std::string battery{};      ///< whose section of the configuration counts besides [default]
  std::string state_file{};   ///< read at the start, if it is there, and written at the end; empty: begin as new
  bool table = false;         ///< columns for people instead of JSON lines
};

/// One JSON object on each line of `in` for each frame, one on each line of `out` for what follows from it, at once.
///
/// In: {"dt_s": 1.0, "cells_v": [3.31, ...]} and what else is known: current_a, voltage_v, temperatures_c, soc_pct,
/// soh_pct, capacity_ah, mos_temperature_c, charge_fet, discharge_fet, heating, max_charge_voltage_v,
/// max_charge_current_a, max_discharge_current_a, alarms (["HighCellVoltage", ...], or {"HighCellVoltage": 1}). Left
/// out or null: not known. dt_s: seconds since the line before, at most a million. {"dt_s": 1.0, "lost": true}: the
/// frame did not come.
///
/// Out: cvl_v, ccl_a, dcl_a (null: no longer a managed battery), state, charge_mode, charge_limitation,
/// discharge_limitation, soc_pct, alarms, time_to_go_s. A frame that cannot be true counts as missed, and "refused"
/// says why. A line that is not a frame is answered by {"error": ...} and changes nothing. As a table: the few values
/// that say what the battery does, see poll_table.hpp.
///
/// Returns stopped, or configuration when a line was not a frame or the configuration has faults (which are reported to
/// `problems`; what is faulty has its fallback, as in the daemon).
[[nodiscard]] ExitCode control(std::istream& in, std::ostream& out, std::ostream& problems,
                               const ControlOptions& options);

}  // namespace bms::cli
