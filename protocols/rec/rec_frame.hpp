// REC frames: building requests, and judging whether a frame begins at one place of a stream.
//
// 55, destination, source, n, payload[n], CRC high, CRC low, AA
//
// Nothing is escaped: 55 and AA may occur anywhere in payload and CRC (a cell at 10/3 V is 55 55 55 40), so only the
// length byte tells where a frame ends. The CRC is CRC-16/ARC over destination to payload and is sent high byte first,
// unlike that of Modbus, which also starts with another value (traces of aaronsb/REC-BMSManager; REC ACTIVE BMS 4S
// manual, RS-485 section).
#pragma once

#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "bms/bytes.hpp"

namespace bms::rec {

inline constexpr std::uint8_t start_byte = 0x55;
inline constexpr std::uint8_t end_byte = 0xAA;
inline constexpr std::uint8_t host_address = 0x00;  ///< ours, and that of every other host; no broadcast

inline constexpr std::size_t header_size = 4;  ///< up to and with the length byte
inline constexpr std::size_t float_size = 4;
inline constexpr std::size_t frame_overhead = 7;  ///< a frame is this much longer than its payload

/// Longest text that a request of ours carries: mnemonic, blank, number.
inline constexpr std::size_t max_request_text = 24;

/// A request as it goes out.
using RequestBytes = boost::container::static_vector<std::uint8_t, frame_overhead + max_request_text>;

/// CRC-16/ARC: polynomial 8005 reflected, start 0, nothing added at the end.
[[nodiscard]] std::uint16_t crc(Bytes covered);

/// The frame that carries `text` from the host to a unit. Precondition: text.size() <= max_request_text.
[[nodiscard]] RequestBytes request_frame(std::uint8_t unit, std::string_view text);

/// What begins at one place of a stream.
struct Candidate {
  enum class What : std::uint8_t {
    none,        ///< no start, or a frame between others
    incomplete,  ///< the beginning of a frame from the one to the other; at least `missing` bytes are lacking
    end_marker,  ///< no AA where the length byte puts the end
    checksum,
    frame,  ///< whole and sound; `payload` is inside the stream
  };
  What what = What::none;
  std::size_t missing = 0;
  Bytes payload{};

  [[nodiscard]] std::size_t size() const { return payload.size() + frame_overhead; }
};

/// Judges the first byte of `bytes` and what follows it.
[[nodiscard]] Candidate examine(Bytes bytes, std::uint8_t destination, std::uint8_t source);

/// How many bytes of a stream belong to no sound frame of anybody: neither to answers, echoes nor other units.
[[nodiscard]] std::size_t count_noise(Bytes stream);

}  // namespace bms::rec
