// Reading the integers of ANT frames: the old protocol has the high byte first, the new one the low byte.
// Every function trusts the caller to have checked the length.
#pragma once

#include <cstddef>
#include <cstdint>

#include "bms/bytes.hpp"

namespace bms::ant {

/// Unsigned 32-bit integer, high byte first. Precondition: offset + 4 <= bytes.size().
[[nodiscard]] constexpr std::uint32_t u32_be(Bytes bytes, std::size_t offset) {
  return std::uint32_t{u16_be(bytes, offset)} << 16U | u16_be(bytes, offset + 2);
}

/// Signed 32-bit integer, high byte first. Precondition as for u32_be.
[[nodiscard]] constexpr std::int32_t s32_be(Bytes bytes, std::size_t offset) {
  return static_cast<std::int32_t>(u32_be(bytes, offset));
}

/// Unsigned 16-bit integer, low byte first. Precondition: offset + 2 <= bytes.size().
[[nodiscard]] constexpr std::uint16_t u16_le(Bytes bytes, std::size_t offset) {
  return static_cast<std::uint16_t>(bytes[offset] | bytes[offset + 1] << 8U);
}

/// Signed 16-bit integer, low byte first. Precondition as for u16_le.
[[nodiscard]] constexpr std::int16_t s16_le(Bytes bytes, std::size_t offset) {
  return static_cast<std::int16_t>(u16_le(bytes, offset));
}

/// Unsigned 32-bit integer, low byte first. Precondition: offset + 4 <= bytes.size().
[[nodiscard]] constexpr std::uint32_t u32_le(Bytes bytes, std::size_t offset) {
  return u16_le(bytes, offset) | std::uint32_t{u16_le(bytes, offset + 2)} << 16U;
}

/// Unsigned 64-bit integer, low byte first. Precondition: offset + 8 <= bytes.size().
[[nodiscard]] constexpr std::uint64_t u64_le(Bytes bytes, std::size_t offset) {
  return u32_le(bytes, offset) | std::uint64_t{u32_le(bytes, offset + 4)} << 32U;
}

}  // namespace bms::ant
