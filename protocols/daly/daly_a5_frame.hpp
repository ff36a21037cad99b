// Frames of the classic Daly protocol: 13 bytes in both directions, at 9600 baud.
//
// A5, address, command, 08, data[8], sum of all bytes before it (low 8 bits)
//
// In a request the address is the host's, in an answer the board's number. There is no end marker and no number that
// tells which question an answer belongs to; A5 occurs inside the data as well (3.237 V is 0C A5). So a stream is read
// frame by frame, and after a failed check one byte further on.
//
// Sources: Daly "UART/485 Communications Protocol V1.2"; dreadnought/python-daly-bms, dalybms/daly_bms.py.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "bms/bytes.hpp"
#include "receiver.hpp"

namespace bms::daly {

inline constexpr std::uint8_t start_byte = 0xA5;
inline constexpr std::uint8_t length_byte = 0x08;
inline constexpr std::size_t frame_size = 13;
inline constexpr std::size_t data_offset = 4;
inline constexpr std::size_t most_frames = 16;  ///< of one answer: 48 cells

/// The data bytes of a frame, D0 to D7 in Daly's texts.
using Data = std::array<std::uint8_t, 8>;
using FrameBytes = std::array<std::uint8_t, frame_size>;

namespace commands {
inline constexpr std::uint8_t set_soc = 0x21;
inline constexpr std::uint8_t rated = 0x50;
inline constexpr std::uint8_t boards = 0x51;
inline constexpr std::uint8_t production = 0x53;
inline constexpr std::uint8_t firmware_index = 0x54;
inline constexpr std::uint8_t battery_code = 0x57;
inline constexpr std::uint8_t clock = 0x61;
inline constexpr std::uint8_t software_version = 0x62;
inline constexpr std::uint8_t hardware_version = 0x63;
inline constexpr std::uint8_t pack = 0x90;
inline constexpr std::uint8_t cell_range = 0x91;
inline constexpr std::uint8_t temperature_range = 0x92;
inline constexpr std::uint8_t fets = 0x93;
inline constexpr std::uint8_t status = 0x94;
inline constexpr std::uint8_t cells = 0x95;
inline constexpr std::uint8_t temperatures = 0x96;
inline constexpr std::uint8_t balancer = 0x97;
inline constexpr std::uint8_t failures = 0x98;
inline constexpr std::uint8_t discharge_fet = 0xD9;
inline constexpr std::uint8_t charge_fet = 0xDA;
}  // namespace commands

/// The host that the first board of a serial line answers; the second one answers the next number, up to 16.
inline constexpr std::uint8_t serial_host = 0x40;
/// The Bluetooth module as a host. Some boards answer a serial line only under this address (V1.0 of Daly's paper has
/// the two swapped).
inline constexpr std::uint8_t bluetooth_host = 0x80;
inline constexpr unsigned most_boards = 16;

/// The host address that board `number` (from 1) answers.
[[nodiscard]] constexpr std::uint8_t host_for(unsigned number) {
  return static_cast<std::uint8_t>(serial_host + number - 1);
}

/// The number of the board that answers `host`.
[[nodiscard]] constexpr std::uint8_t board_behind(std::uint8_t host) {
  const bool numbered = host >= serial_host && host < serial_host + most_boards;
  return static_cast<std::uint8_t>(numbered ? host - serial_host + 1 : 1);
}

/// The low 8 bits of the sum.
[[nodiscard]] std::uint8_t checksum(Bytes covered);

/// The question for a command. Its data are AA: the receivers of boards lose step on long runs of zero bits, and ignore
/// what is there (mr-manuel/venus-os_dbus-serialbattery#22, fl4p/batmon-ha#398).
[[nodiscard]] FrameBytes read_request(std::uint8_t host, std::uint8_t command);

/// An order. What `data` does not use stays 0, as in captures of the vendor's PC software.
[[nodiscard]] FrameBytes write_request(std::uint8_t host, std::uint8_t command, const Data& data);

/// What begins at a start byte.
enum class Candidate : std::uint8_t {
  incomplete,      ///< may become a frame
  noise,           ///< cannot be a frame of anybody
  wrong_length,    ///< from our board, but the length byte is not 8
  wrong_checksum,  ///< from our board
  foreign,         ///< sound, from another board or from a host: the echo of a question
  ours,            ///< sound, from our board
};

/// Judges what begins with a start byte. Precondition: `bytes` is not empty.
[[nodiscard]] Candidate judge(Bytes bytes, std::uint8_t board);

/// The data of the frame at the start of `bytes`. Precondition: at least `frame_size` bytes.
[[nodiscard]] Data data_of(Bytes bytes);

/// The frames of an answer that has several, by the number in D0. Every capture counts from 1, though Daly's paper
/// starts at 0; 0 and FF are not numbers.
class Collection {
 public:
  /// Frame 1 begins a new collection, and so does a frame that is there already with another content: what an earlier
  /// answer left behind must not be mixed in.
  void add(const Data& data);

  /// Whether the frames 1 to `count` are there.
  [[nodiscard]] bool complete(std::size_t count) const;

  /// Whether frame `number` (from 1) is there.
  [[nodiscard]] bool has(std::size_t number) const {
    return number >= 1 && number <= most_frames && (present_ >> (number - 1) & 1U) != 0;
  }

  /// The number of the last frame that is there; 0 when there is none.
  [[nodiscard]] std::size_t last() const;

  /// Precondition: has(number).
  [[nodiscard]] const Data& frame(std::size_t number) const { return frames_[number - 1]; }

 private:
  std::array<Data, most_frames> frames_{};
  std::uint32_t present_ = 0;
};

/// A whole answer.
struct Reply {
  Data data{};        ///< of the only frame, or of the last one
  Collection frames;  ///< of an answer that has several
};

/// Whether the answer to a command has several frames, numbered in D0.
[[nodiscard]] constexpr bool has_several_frames(std::uint8_t command) {
  using namespace commands;
  return command == cells || command == temperatures || command == battery_code || command == software_version ||
         command == hardware_version;
}

/// What the answer to one question must look like. Collects the frames of an answer while it examines a stream.
struct Expectation {
  using Reply = daly::Reply;
  /// More than one attempt can bring at 9600 baud besides what is waited for.
  static constexpr std::size_t capacity = 512;
  static constexpr std::size_t shortest = frame_size;

  std::uint8_t board = 1;
  std::uint8_t command = 0;
  std::size_t frames = 1;  ///< that make the answer
  Collection collection{};

  [[nodiscard]] static bool starts(std::uint8_t byte) { return byte == start_byte; }
  [[nodiscard]] Finding<Reply> examine(Bytes bytes);
  [[nodiscard]] bool may_answer(Bytes bytes) const {
    return bytes.size() >= 3 && bytes[1] == board && bytes[2] == command;
  }
  [[nodiscard]] std::string question() const;
};

/// A command as it is written in Daly's texts: "0x90".
[[nodiscard]] std::string hex(std::uint8_t byte);

}  // namespace bms::daly
