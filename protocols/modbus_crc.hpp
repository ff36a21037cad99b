// The checksum of Modbus RTU, which several makers have taken for frames of their own.
#pragma once

#include <boost/crc.hpp>
#include <cstddef>
#include <cstdint>

#include "bms/bytes.hpp"

namespace bms {

inline constexpr std::size_t modbus_crc_size = 2;

/// CRC-16 with the polynomial A001 in reversed order, from FFFF on.
[[nodiscard]] inline std::uint16_t modbus_crc(Bytes covered) {
  boost::crc_optimal<16, 0x8005, 0xFFFF, 0, true, true> crc;
  crc.process_bytes(covered.data(), covered.size());
  return crc.checksum();
}

/// Whether the last two bytes are the CRC of all before them, low byte first. Precondition: there are two.
[[nodiscard]] inline bool modbus_crc_fits(Bytes frame) {
  const std::size_t covered = frame.size() - modbus_crc_size;
  return modbus_crc(frame.first(covered)) == (frame[covered] | frame[covered + 1] << 8U);
}

}  // namespace bms
