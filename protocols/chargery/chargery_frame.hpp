// Chargery frames: what one candidate in the stream is.
//
// 24 24, command, length of the whole frame, payload, checksum (documents V1.22 to V1.26). Nothing is escaped, so the
// header may occur inside data, and a checksum of 24 before a header makes three header bytes in a row.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "bms/bytes.hpp"
#include "bms/error.hpp"
#include "chargery/chargery_decode.hpp"
#include "chargery/chargery_tables.hpp"

namespace bms::chargery {

inline constexpr std::uint8_t header_byte = 0x24;
inline constexpr std::size_t shortest_frame = 10;
inline constexpr std::size_t longest_frame = 61;

/// What comes between frames now and then, for no known purpose: "h::3" and a line end.
inline constexpr std::uint8_t separator[] = {0x68, 0x3A, 0x3A, 0x33, 0x0D, 0x0A};

/// The sum of all bytes, modulo 256. It covers the header as well.
[[nodiscard]] std::uint8_t checksum(Bytes covered);

/// The layout of a frame with this command and length byte; nullptr when there is none.
[[nodiscard]] const LayoutRule* find_layout(std::uint8_t command, std::uint8_t length);

/// What a candidate, a header byte and what follows it, turned out to be.
struct Candidate {
  enum class What : std::uint8_t {
    incomplete,  ///< worth waiting for `missing` more bytes
    rejected,    ///< no frame; `why` says so
    frame,       ///< `size` bytes long, and it means `message`
  };
  What what = What::incomplete;
  Error why{};
  std::size_t missing = 0;
  std::size_t size = 0;
  Message message;
};

/// Judges the candidate at the first byte, in the order header, command, length, completeness, checksum, content.
/// Precondition: `bytes` is not empty.
[[nodiscard]] Candidate examine(Bytes bytes);

}  // namespace bms::chargery
