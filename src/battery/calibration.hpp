// Corrections of what a BMS says, applied once to the raw reading.
#pragma once

#include <optional>

#include "battery/config.hpp"
#include "bms/reading.hpp"

namespace bms::battery {

/// The reading as the owner corrects it: current inverted, mapped and offset; sensors by their slope and offset, those
/// that are not used emptied; the owner's capacity instead of the BMS's, and charge that follows from it.
/// `true_current_a`: of a better instrument; replaces the BMS's current, and is not corrected.
[[nodiscard]] Reading calibrated(const Reading& raw, const Calibration& calibration,
                                 std::optional<double> true_current_a = std::nullopt);

}  // namespace bms::battery
