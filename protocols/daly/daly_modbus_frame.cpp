// Frames of the newer Daly protocol (H, K, M and S series).
#include "daly/daly_modbus_frame.hpp"

#include <algorithm>

#include "bms/hex.hpp"

namespace bms::daly {
namespace {

constexpr std::size_t refusal_size = 5;

using What = Finding<ModbusReply>::What;

ModbusBytes build(ModbusAddress to, std::uint8_t function, std::uint16_t address, std::uint16_t value) {
  const auto high = [](std::uint16_t word) { return static_cast<std::uint8_t>(word >> 8U); };
  const auto low = [](std::uint16_t word) { return static_cast<std::uint8_t>(word & 0xFFU); };
  ModbusBytes bytes{to.request, function, high(address), low(address), high(value), low(value)};
  const std::uint16_t crc = modbus_crc(Bytes(bytes).first(modbus_request_size - modbus_crc_size));
  bytes[6] = low(crc);
  bytes[7] = high(crc);
  return bytes;
}

Finding<ModbusReply> reject(ErrorKind reason) { return {.what = What::rejected, .reason = reason, .reply = {}}; }

Finding<ModbusReply> wait_for(std::size_t size, Bytes bytes) {
  return {.what = What::incomplete, .missing = size - bytes.size(), .reply = {}};
}

}  // namespace

ModbusBytes modbus_read(ModbusAddress to, std::uint16_t first, std::uint16_t count) {
  return build(to, functions::read, first, count);
}

ModbusBytes modbus_write(ModbusAddress to, std::uint16_t address, std::uint16_t value) {
  return build(to, functions::write_single, address, value);
}

// The address comes before everything else: the echo of a p81 question is a frame with a right CRC.
Finding<ModbusReply> ModbusExpectation::examine(Bytes bytes) const {
  return bytes[0] == answer_address ? examine_answer(bytes) : examine_echo(bytes);
}

Finding<ModbusReply> ModbusExpectation::examine_answer(Bytes bytes) const {
  if (bytes.size() < 2) return wait_for(refusal_size, bytes);
  if (bytes[1] == (function() | functions::refusal)) {
    if (bytes.size() < refusal_size) return wait_for(refusal_size, bytes);
    if (!modbus_crc_fits(bytes.first(refusal_size))) return reject(ErrorKind::checksum);
    return {.what = What::answer, .advance = refusal_size, .reply = {.words = {}, .refusal = bytes[2]}};
  }
  if (bytes[1] != function()) return reject(ErrorKind::unexpected_command);
  if (function() == functions::read && bytes.size() > 2 && bytes[2] != size() - modbus_overhead)
    return examine_echo(bytes);
  if (bytes.size() < size()) return wait_for(size(), bytes);
  if (!modbus_crc_fits(bytes.first(size()))) return reject(ErrorKind::checksum);
  if (function() == functions::read)
    return {.what = What::answer,
            .advance = size(),
            .reply = {.words = bytes.subspan(3, size() - modbus_overhead), .refusal = {}}};
  // A write is acknowledged by its echo.
  if (!std::ranges::equal(bytes.subspan(2, 4), Bytes(request).subspan(2, 4)))
    return reject(ErrorKind::unexpected_command);
  return {.what = What::answer, .advance = size(), .reply = {}};
}

Finding<ModbusReply> ModbusExpectation::examine_echo(Bytes bytes) const {
  const std::size_t size = std::min(bytes.size(), request.size());
  if (!std::ranges::equal(bytes.first(size), Bytes(request).first(size)))
    return reject(bytes[0] == answer_address ? ErrorKind::length : ErrorKind::garbage);
  if (size < request.size()) return wait_for(request.size(), bytes);
  return {.what = What::echo, .advance = request.size(), .reply = {}};
}

std::string ModbusExpectation::question() const {
  return (function() == functions::read ? "registers from " : "an acknowledgement of register ") +
         register_name(u16_be(request, 2));
}

std::string register_name(std::uint16_t address) {
  const std::uint8_t bytes[] = {static_cast<std::uint8_t>(address >> 8U), static_cast<std::uint8_t>(address & 0xFFU)};
  return "0x" + to_hex(bytes);
}

}  // namespace bms::daly
