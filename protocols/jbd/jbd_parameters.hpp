// The parameters of JBD boards: their configuration registers, a value from a word, a word from a value.
#pragma once

#include <cstdint>
#include <span>

#include "bms/error.hpp"
#include "bms/parameter.hpp"
#include "scale.hpp"

namespace bms::jbd {

/// A parameter and the register that holds it.
struct ConfigRegister : Parameter {
  std::uint8_t address;
  Scale scale;
};

/// All of them, in the order of their addresses.
[[nodiscard]] std::span<const ConfigRegister> config_registers();

/// A raw word in the unit of the table. `coarse`, here and below: the board has its unit flag set.
[[nodiscard]] double value_of(const ConfigRegister& parameter, std::uint16_t raw, bool coarse);

/// The word for a value, rounded to the nearest count. Errors: rejected as by bms::check_write().
[[nodiscard]] Result<std::uint16_t> raw_of(const ConfigRegister& parameter, double value, bool coarse);

}  // namespace bms::jbd
