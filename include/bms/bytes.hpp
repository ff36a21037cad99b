// Reading numbers out of bytes. Every function trusts the caller to have checked the length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace bms {

/// Bytes that somebody else owns.
using Bytes = std::span<const std::uint8_t>;

/// Unsigned 16-bit integer, high byte first, at `offset`. Precondition: offset + 2 <= bytes.size().
[[nodiscard]] constexpr std::uint16_t u16_be(Bytes bytes, std::size_t offset) {
  return static_cast<std::uint16_t>((bytes[offset] << 8U) | bytes[offset + 1]);
}

/// Signed (two's complement) 16-bit integer, high byte first. Precondition as for u16_be.
[[nodiscard]] constexpr std::int16_t s16_be(Bytes bytes, std::size_t offset) {
  return static_cast<std::int16_t>(u16_be(bytes, offset));
}

}  // namespace bms
