// What ANT boards can be set to: the parameters of the new protocol, and the registers of the old one.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "bms/error.hpp"
#include "bms/parameter.hpp"
#include "scale.hpp"

namespace bms::ant {

/// A parameter and the word that holds it.
struct Setting : Parameter {
  std::uint16_t address;  ///< offset in bytes (new), or number of the register (old)
  Scale scale;
};

/// All of them, in the order of their addresses.
[[nodiscard]] std::span<const Setting> new_settings();
[[nodiscard]] std::span<const Setting> old_settings();

/// The settings that are named where a page is explained: the limits as such.
inline constexpr std::array<std::uint16_t, 12> explained_settings{0, 2, 4, 8, 10, 12, 14, 16, 20, 24, 32, 40};

/// A word that means: this board has no such setting, or does not let it be read.
inline constexpr std::uint16_t not_implemented = 0xFFFF;

/// The word for a value, rounded to the nearest count. Errors: rejected as by check_write().
[[nodiscard]] Result<std::uint16_t> raw_of(const Setting& setting, double value);

}  // namespace bms::ant
