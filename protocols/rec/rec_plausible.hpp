// Between which values an answer of a REC unit is believed.
//
// Cell measurement 0.1 to 5.0 V (REC ACTIVE BMS 4S manual); sensors are DS18B20, -55 to 125 °C (REC 2Q manual).
#pragma once

#include "rec/rec_decode.hpp"
#include "rec/rec_instructions.hpp"

namespace bms::rec {

inline constexpr Range cell_bounds_v{0.1, 5.0};
inline constexpr Range pack_bounds_v{0.4, 1200};
inline constexpr Range current_bounds_a{-2000, 2000};
inline constexpr Range temperature_bounds_c{-55, 125};
inline constexpr Range soc_bounds_pct{-0.5, 102};
inline constexpr Range soh_bounds_pct{0, 105};
inline constexpr Range resistance_bounds_ohm{0, 1};
inline constexpr unsigned highest_unit = 16;

/// LCD1, when it is to show that this is a REC unit.
[[nodiscard]] bool plausible(const Overview& overview);

/// LCD1, when a unit is read: voltages that can be true. Whatever else cannot be costs itself alone.
[[nodiscard]] bool usable(const Overview& overview);

/// LCD3.
[[nodiscard]] bool plausible(const Extremes& extremes);

/// A single temperature; one that says that its sensor is lost is plausible.
[[nodiscard]] bool plausible_temperature(double told_c);

/// A single temperature; empty when its sensor is lost, or reports what no sensor can.
[[nodiscard]] std::optional<double> believed_temperature(double told_c);

/// The state of charge as it is published: 0 to 100, unless it is beyond what rounding may do.
[[nodiscard]] double published_soc_pct(const Overview& overview);

/// Whether a setting can be what a unit holds: within the widest limits of all families, a tenth more at either end.
[[nodiscard]] bool plausible_setting(const Instruction& instruction, double value);

}  // namespace bms::rec
