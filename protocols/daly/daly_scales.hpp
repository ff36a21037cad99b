// The scales that both Daly protocols use.
#pragma once

#include "scale.hpp"

namespace bms::daly::scales {

inline constexpr Scale number{};
inline constexpr Scale cell_voltage{.unit = "V", .counts_per_unit = 1000};
inline constexpr Scale pack_voltage{.unit = "V", .counts_per_unit = 10};
inline constexpr Scale fine_capacity{.unit = "Ah", .counts_per_unit = 1000};
inline constexpr Scale capacity{.unit = "Ah", .counts_per_unit = 10};
inline constexpr Scale total_charge{.unit = "Ah"};
inline constexpr Scale percent{.unit = "%", .counts_per_unit = 10};
inline constexpr Scale temperature{.unit = "°C", .offset = 40};
inline constexpr Scale temperature_difference{.unit = "°C"};
inline constexpr Scale amperes{.unit = "A"};
/// Currents are sent around 30000; limits are shown as amounts.
inline constexpr Scale below_zero_current{.unit = "A", .counts_per_unit = -10, .offset = 30000};
inline constexpr Scale above_zero_current{.unit = "A", .counts_per_unit = 10, .offset = 30000};
inline constexpr Scale thousandths{.counts_per_unit = 1000};
inline constexpr Scale seconds{.unit = "s"};

}  // namespace bms::daly::scales
