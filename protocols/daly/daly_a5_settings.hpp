// The settings that an 0xA5 board reports. None of them is ever written: the orders that would (0x10 to 0x1F) change
// protection limits, and their layout is known from one source only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "bms/parameter.hpp"
#include "daly/daly_a5_frame.hpp"
#include "daly/daly_scales.hpp"

namespace bms::daly {

/// A parameter, and where its number is in the answer to which command.
struct A5Setting : Parameter {
  std::uint8_t command;
  std::uint8_t offset;  ///< of its first data byte
  std::uint8_t size;    ///< in bytes
  Scale scale;
};

[[nodiscard]] std::span<const A5Setting> a5_settings();

/// The value in the unit of the table.
[[nodiscard]] double value_of(const A5Setting& setting, const Data& data);

}  // namespace bms::daly
