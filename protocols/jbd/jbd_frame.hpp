// JBD frames: building requests, and judging one candidate for a reply after the other in a stream of bytes.
//
// Request: DD, A5 (read) or 5A (write), register, n, payload[n], checksum[2], 77
// Reply:   DD, register, status (0 = done),       n, payload[n], checksum[2], 77
//
// Nothing is escaped: DD and 77 may occur anywhere in payload and checksum, so only the length byte tells where a frame
// ends (vendor texts V4 and V11, "General Protocol"; a real pack at 15.01 V sends 05 DD).
//
// Boards that share an RS485 line have an address, which follows the start byte in both directions (vendor text
// QM-UPS1601; syssi/esphome-jbd-bms issues 60 and 242).
#pragma once

#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "bms/bytes.hpp"
#include "bms/error.hpp"
#include "receiver.hpp"

namespace bms::jbd {

inline constexpr std::uint8_t start_byte = 0xDD;
inline constexpr std::uint8_t end_byte = 0x77;
inline constexpr std::uint8_t read_mark = 0xA5;
inline constexpr std::uint8_t write_mark = 0x5A;

inline constexpr std::size_t header_size = 4;     ///< up to and with the length byte
inline constexpr std::size_t frame_overhead = 7;  ///< a frame is this much longer than its payload
inline constexpr std::size_t address_size = 1;    ///< in frames that carry an address, both are longer by this
inline constexpr std::size_t max_frame_size = 255 + frame_overhead + address_size;

/// How a board is spoken to: empty on a line of its own, else by the address that it has on a line of several.
using BoardAddress = std::optional<std::uint8_t>;

/// Registers that are more than a row of the parameter table.
namespace registers {
inline constexpr std::uint8_t enter_factory_mode = 0x00;
inline constexpr std::uint8_t leave_factory_mode = 0x01;
inline constexpr std::uint8_t basic_info = 0x03;
inline constexpr std::uint8_t cell_voltages = 0x04;
inline constexpr std::uint8_t device_name = 0x05;
inline constexpr std::uint8_t function_config = 0x2D;
inline constexpr std::uint8_t manufacturer_text = 0xA0;
inline constexpr std::uint8_t barcode_text = 0xA2;
inline constexpr std::uint8_t error_counts = 0xAA;
inline constexpr std::uint8_t fet_lock = 0xE1;
inline constexpr std::uint8_t parameters = 0xFA;
}  // namespace registers

/// A request as it goes out; ours never carry more than three bytes of payload.
using RequestBytes = boost::container::static_vector<std::uint8_t, frame_overhead + address_size + 3>;

/// Two's complement of the byte sum, 16 bits. It covers register (request) or status (reply), length and payload. The
/// register of a reply is not covered. An empty acknowledgement sums to 0 and has the checksum 00 00.
///
/// In frames with an address all bytes between the start byte and itself are covered; `SumCovers` says what is not
/// certain about that.
[[nodiscard]] std::uint16_t checksum(Bytes covered);

/// The request to read a register.
[[nodiscard]] RequestBytes read_request(std::uint8_t address, BoardAddress board = {});

/// The request to read `count` words from parameter `first` on (register FA, vendor text V11).
[[nodiscard]] RequestBytes read_parameters_request(std::uint16_t first, std::uint8_t count, BoardAddress board = {});

/// The request to write one 16-bit word.
[[nodiscard]] RequestBytes write_request(std::uint8_t address, std::uint16_t value);

enum class Direction : std::uint8_t { either, read, write };

/// Whether the checksum of a reply with an address covers the address. The vendor's text says that it does not, a
/// driver that is in use (smaksimowicz/esphome-jbd-bms) that it does, and all captures are of address 0, where it is
/// the same. To take both lets one error of a bit pass that makes one of the other, so a board is held to what it did
/// before.
enum class SumCovers : std::uint8_t { unknown, address, no_address };

/// A whole frame from the BMS whose length, end and checksum are right.
struct Reply {
  std::uint8_t address = 0;
  std::uint8_t status = 0;
  Bytes payload;  ///< belongs to whoever holds the stream
  BoardAddress board{};
  SumCovers sum = SumCovers::unknown;
};

/// What an answer must look like. Without an address any well-formed reply is one.
struct Expectation {
  using Reply = jbd::Reply;
  /// Long enough for the traffic of one attempt at 9600 baud, so that reasons are as exact as for a recorded stream.
  static constexpr std::size_t capacity = 1024;
  static constexpr std::size_t shortest = frame_overhead;

  std::optional<std::uint8_t> address{};
  Direction direction = Direction::either;
  std::optional<std::uint16_t> first_parameter{};  ///< of a read of register FA, which the reply repeats
  bool addressed = false;                          ///< frames carry the address of a board
  BoardAddress board{};                            ///< which it must be, if they do; empty: any
  SumCovers sum = SumCovers::unknown;              ///< what the board is known to do; unknown: both are taken

  [[nodiscard]] static bool starts(std::uint8_t byte) { return byte == start_byte; }
  [[nodiscard]] Finding<Reply> examine(Bytes bytes) const;
  [[nodiscard]] bool may_answer(Bytes bytes) const;
  [[nodiscard]] std::string question() const;

  /// Where the register is: after the start byte, or after the address.
  [[nodiscard]] std::size_t register_at() const { return addressed ? 1 + address_size : 1; }
};

/// What the answer to `request` must look like; an expectation of nothing in particular when it is no JBD request.
[[nodiscard]] Expectation expectation_of(Bytes request);

using FrameReceiver = Receiver<Expectation>;

/// A register as it is written in the vendor's texts: "0x2D".
[[nodiscard]] std::string hex(std::uint8_t byte);

/// Whether a payload of status 0 can be the content of its register: its length, and what it says of itself (number of
/// temperatures, number of parameters, length of a text).
[[nodiscard]] bool content_fits(const Reply& reply, const Expectation& expected);

}  // namespace bms::jbd
