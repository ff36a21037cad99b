// How numbers, sums and texts of bytes go over a wire: for all simulated boards, and for the boards of the unit tests.
// Not a line of it is the driver's own, so that the two can disagree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bms::sim {

using ByteVector = std::vector<std::uint8_t>;

/// Appends the lowest `size` bytes of a number, high byte first.
inline void put(ByteVector& to, std::uint64_t value, std::size_t size = 2) {
  while (size-- > 0) to.push_back(static_cast<std::uint8_t>(value >> 8 * size & 0xFFU));
}

/// Likewise, low byte first.
inline void put_low_first(ByteVector& to, std::uint64_t value, std::size_t size = 2) {
  for (; size > 0; --size, value >>= 8U) to.push_back(static_cast<std::uint8_t>(value & 0xFFU));
}

/// CRC-16 of Modbus, bit by bit, as a small controller does it. `start`: 0 for that of ARC.
[[nodiscard]] inline std::uint16_t crc16(std::span<const std::uint8_t> bytes, unsigned start = 0xFFFF) {
  unsigned crc = start;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1U) != 0 ? crc >> 1U ^ 0xA001U : crc >> 1U;
  }
  return static_cast<std::uint16_t>(crc);
}

/// Upper-case hexadecimal.
[[nodiscard]] inline std::string hex(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text;
  for (const std::uint8_t byte : bytes) {
    text += digits[byte / 16U];
    text += digits[byte % 16U];
  }
  return text;
}

}  // namespace bms::sim
