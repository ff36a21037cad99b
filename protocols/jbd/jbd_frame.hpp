// JBD frames: building requests, and judging one candidate for a reply after the other in a stream of bytes.
//
// Request: DD, A5 (read) or 5A (write), register, n, payload[n], checksum[2], 77
// Reply:   DD, register, status (0 = done),       n, payload[n], checksum[2], 77
//
// Nothing is escaped: DD and 77 may stand anywhere in payload and checksum, so only the length byte tells where a frame
// ends (vendor texts V4 and V11, "General Protocol"; a real pack at 15.01 V sends 05 DD).
#pragma once

#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "bms/bytes.hpp"
#include "bms/error.hpp"

namespace bms::jbd {

inline constexpr std::uint8_t start_byte = 0xDD;
inline constexpr std::uint8_t end_byte = 0x77;
inline constexpr std::uint8_t read_mark = 0xA5;
inline constexpr std::uint8_t write_mark = 0x5A;

inline constexpr std::size_t header_size = 4;     ///< up to and with the length byte
inline constexpr std::size_t frame_overhead = 7;  ///< a frame is this much longer than its payload
inline constexpr std::size_t max_frame_size = 255 + frame_overhead;

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
using RequestBytes = boost::container::static_vector<std::uint8_t, frame_overhead + 3>;

/// Two's complement of the byte sum, 16 bits. It covers register (request) or status (reply), length and payload. The
/// register of a reply is not covered. An empty acknowledgement sums to 0 and has the checksum 00 00.
[[nodiscard]] std::uint16_t checksum(Bytes covered);

/// The request to read a register.
[[nodiscard]] RequestBytes read_request(std::uint8_t address);

/// The request to read `count` words from parameter `first` on (register FA, vendor text V11).
[[nodiscard]] RequestBytes read_parameters_request(std::uint16_t first, std::uint8_t count);

/// The request to write one 16-bit word.
[[nodiscard]] RequestBytes write_request(std::uint8_t address, std::uint16_t value);

enum class Direction : std::uint8_t { either, read, write };

/// What an answer must look like. Without an address any well-formed reply is one.
struct Expectation {
  std::optional<std::uint8_t> address;
  Direction direction = Direction::either;
  std::optional<std::uint16_t> first_parameter;  ///< of a read of register FA, which the reply repeats
};

/// What the answer to `request` must look like; an expectation of nothing in particular when it is no JBD request.
[[nodiscard]] Expectation expectation_of(Bytes request);

/// A whole frame from the BMS whose length, end and checksum are right.
struct Reply {
  std::uint8_t address = 0;
  std::uint8_t status = 0;
  Bytes payload;  ///< belongs to whoever holds the stream
};

/// What one candidate, a DD in the stream and what follows it, turned out to be.
struct Finding {
  enum class What : std::uint8_t {
    incomplete,  ///< worth waiting for `missing` more bytes
    hopeless,    ///< incomplete, and of a length that its register cannot have: nothing to wait for
    rejected,    ///< no frame, or none with a sensible content; `reason` says why
    echo,        ///< our own request, sent back by a half-duplex adapter
    stranger,    ///< a sound frame that answers something else
    answer,      ///< a refusal is one, too
  };
  What what = What::incomplete;
  ErrorKind reason = ErrorKind::truncated;
  std::size_t advance = 1;  ///< where the search goes on, counted from the candidate's start
  std::size_t missing = 0;
  Reply reply;
};

/// Judges the candidate that begins with the first byte. Precondition: `bytes` is not empty and starts with DD.
[[nodiscard]] Finding examine(Bytes bytes, const Expectation& expected);

/// Whether a payload of status 0 can be the content of its register: its length, and what it says of itself (number of
/// temperatures, number of parameters, length of a text).
[[nodiscard]] bool content_fits(const Reply& reply, const Expectation& expected);

/// What a stream of which nothing more will come contains.
struct Outcome {
  std::optional<Reply> answer;
  /// Without an answer: the kind of the first rejected candidate; unexpected_command when only frames that answer
  /// something else came; garbage when no frame even began.
  ErrorKind reason = ErrorKind::garbage;
  bool rejected = false;  ///< there was a candidate before the answer that was no frame
  unsigned strangers = 0;
  unsigned echoes = 0;
};

/// Searches a complete stream for the answer. Only candidates that begin before `limit` are looked at.
[[nodiscard]] Outcome search(Bytes stream, const Expectation& expected, std::size_t limit = SIZE_MAX);

}  // namespace bms::jbd
