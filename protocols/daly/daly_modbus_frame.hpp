// Frames of the newer Daly protocol (H, K, M and S series): Modbus RTU at 9600 baud, with a twist.
//
// Two register maps live in one BMS. `d2` is asked at the fixed address D2 and answers from there; `p81` is asked at 80
// + board and answers from 50 + board, which Modbus does not know. An answer does not say which registers it holds, so
// what was asked must be remembered.
//
// Sources: patagonaa/esphome-daly-hkms-bms (README, components/daly_hkms_bms); syssi/esphome-daly-bms (docs/pdus);
// fl4p/batmon-ha, bmslib/models/daly2.py.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "bms/bytes.hpp"
#include "modbus_crc.hpp"
#include "receiver.hpp"

namespace bms::daly {

inline constexpr std::uint8_t d2_address = 0xD2;
inline constexpr std::uint8_t p81_request_base = 0x80;
inline constexpr std::uint8_t p81_answer_base = 0x50;

namespace functions {
inline constexpr std::uint8_t read = 0x03;
inline constexpr std::uint8_t write_single = 0x06;
inline constexpr std::uint8_t write_multiple = 0x10;
inline constexpr std::uint8_t refusal = 0x80;  ///< is added to the function that is refused
}  // namespace functions

inline constexpr std::size_t modbus_overhead = 5;      ///< of the answer to a read: address, function, count, CRC
inline constexpr std::size_t modbus_request_size = 8;  ///< also the size of the answer to a write

using ModbusBytes = std::array<std::uint8_t, modbus_request_size>;

/// Where questions go and where answers come from.
struct ModbusAddress {
  std::uint8_t request = d2_address;
  std::uint8_t answer = d2_address;
};

inline constexpr ModbusAddress d2_addresses{};
[[nodiscard]] constexpr ModbusAddress p81_addresses(unsigned board) {
  return {.request = static_cast<std::uint8_t>(p81_request_base + board),
          .answer = static_cast<std::uint8_t>(p81_answer_base + board)};
}

[[nodiscard]] ModbusBytes modbus_read(ModbusAddress to, std::uint16_t first, std::uint16_t count);
[[nodiscard]] ModbusBytes modbus_write(ModbusAddress to, std::uint16_t address, std::uint16_t value);

/// An answer whose address, function and CRC are right.
struct ModbusReply {
  Bytes words;                          ///< of a read; belongs to whoever holds the stream
  std::optional<std::uint8_t> refusal;  ///< the code of an exception
};

/// What the answer to one request must look like.
struct ModbusExpectation {
  using Reply = ModbusReply;
  static constexpr std::size_t capacity = 768;
  static constexpr std::size_t shortest = modbus_overhead;

  ModbusBytes request{};
  std::uint8_t answer_address = d2_address;

  [[nodiscard]] bool starts(std::uint8_t byte) const { return byte == answer_address || byte == request[0]; }
  [[nodiscard]] Finding<Reply> examine(Bytes bytes) const;
  [[nodiscard]] bool may_answer(Bytes bytes) const {
    return bytes.size() >= 3 && bytes[0] == answer_address && (bytes[1] & ~functions::refusal) == request[1];
  }
  [[nodiscard]] std::string question() const;

  [[nodiscard]] std::uint8_t function() const { return request[1]; }
  /// Of the whole answer, if it is not a refusal.
  [[nodiscard]] std::size_t size() const {
    return function() == functions::read ? modbus_overhead + 2U * u16_be(request, 4) : modbus_request_size;
  }

 private:
  [[nodiscard]] Finding<Reply> examine_answer(Bytes bytes) const;
  [[nodiscard]] Finding<Reply> examine_echo(Bytes bytes) const;
};

/// A register as it is written in descriptions of the protocol: "0x0121".
[[nodiscard]] std::string register_name(std::uint16_t address);

}  // namespace bms::daly
