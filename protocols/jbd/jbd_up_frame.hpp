// Frames of the UP series (UP16S008 to UP16S020), which speaks a second protocol besides that of all JBD boards.
//
// Address, function, first and last register, length, payload[length], CRC[2], low byte first; all else high byte
// first. A question has the same form, with length 0 for a read, and its answer repeats all but the length.
//
// Sources: syssi/esphome-jbd-bms, docs/pdus/JBD-UP16S020-two-devices.txt and components/jbd_bms_up; the UP16S driver of
// mr-manuel/venus-os_dbus-serialbattery with its tests; PhracturedBlue's description of the UP16S010.
#pragma once

#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "bms/bytes.hpp"
#include "modbus_crc.hpp"
#include "receiver.hpp"

namespace bms::jbd::up {

inline constexpr std::size_t header_size = 8;
inline constexpr std::size_t frame_overhead = header_size + modbus_crc_size;
inline constexpr std::uint8_t last_address = 16;

namespace functions {
inline constexpr std::uint8_t own_status = 0x45;  ///< asked by a master of its packs; only the pack on the port answers
inline constexpr std::uint8_t broadcast = 0x51;   ///< sent unasked over Bluetooth; its first byte is a bit for the pack
inline constexpr std::uint8_t read = 0x78;
inline constexpr std::uint8_t write = 0x79;
}  // namespace functions

/// What is asked for at once. Each is read as others were seen to read it; other pieces need not be known to a board.
struct Block {
  std::uint8_t function;
  std::uint16_t first, last;
};

namespace blocks {
inline constexpr Block pack_status{functions::read, 0x1000, 0x10A0};
inline constexpr Block own_status{functions::own_status, 0x0000, 0x0054};
inline constexpr Block board{functions::read, 0x1C00, 0x1CA0};
/// Some firmware reports a discharge limit of 0 for a moment while this one is read, so it is not.
inline constexpr Block capacity{functions::read, 0x2000, 0x2050};
inline constexpr Block counters{functions::read, 0x2006, 0x2018};  ///< firmware 12 and newer
inline constexpr Block clock{functions::read, 0x2800, 0x280F};
inline constexpr Block product{functions::read, 0x2810, 0x283C};
inline constexpr Block soc{functions::write, 0x2006, 0x2008};
}  // namespace blocks

/// A request as it goes out; a written word comes with four bytes before it.
using RequestBytes = boost::container::static_vector<std::uint8_t, frame_overhead + 6>;

[[nodiscard]] RequestBytes read_request(std::uint8_t address, const Block& block);
[[nodiscard]] RequestBytes write_request(std::uint8_t address, const Block& block, std::uint16_t value);

/// A whole frame whose CRC is right.
struct Reply {
  std::uint8_t address = 0;
  std::uint8_t function = 0;
  std::uint16_t first = 0;
  Bytes payload;  ///< belongs to whoever holds the stream
};

/// What an answer must look like. Without an address any sound frame of a board is one.
struct Expectation {
  using Reply = up::Reply;
  /// Long enough for the traffic of one attempt at 9600 baud, so that reasons are as exact as for a recorded stream.
  static constexpr std::size_t capacity = 1536;
  static constexpr std::size_t shortest = frame_overhead;

  std::optional<std::uint8_t> address{};
  Block block{};

  [[nodiscard]] static bool starts(std::uint8_t byte) { return byte <= last_address; }
  [[nodiscard]] Finding<Reply> examine(Bytes bytes) const;
  [[nodiscard]] bool may_answer(Bytes bytes) const;
  [[nodiscard]] std::string question() const;
};

/// What the answer to `request` must look like; an expectation of nothing in particular when it is no such request.
[[nodiscard]] Expectation expectation_of(Bytes request);

/// Whether bytes begin as a frame of this series does.
[[nodiscard]] bool begins_frame(Bytes bytes);

/// Whether the payload can be what its block holds: its length, and what it says of itself (cells, sensors).
[[nodiscard]] bool content_fits(const Reply& reply);

/// Registers as they are written in descriptions of the protocol: "0x1C00".
[[nodiscard]] std::string hex(std::uint16_t address);

}  // namespace bms::jbd::up
