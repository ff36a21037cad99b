// Frames of the old protocol: building requests, judging candidates for an answer.
//
// Request: header twice, register, value[2], sum of the last three; high byte first. DB DB asks for the status, 5A 5A
//          reads a register (0 = status), A5 A5 writes one.
// Status:  140 bytes from AA 55 AA FF on, with the sum of bytes 4 to 137 at the end.
// Word:    an answer of six bytes: a read comes back with the value, a write as it was sent, a refusal as register F5.
//
// Sources: vendor document in syssi/esphome-ant-bms, docs/; a recorded session of the vendor's application there
// (docs/pdus/); Wnt/ant-bms-tool, docs/PROTOCOL.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "bms/bytes.hpp"
#include "receiver.hpp"

namespace bms::ant {

using OldRequest = std::array<std::uint8_t, 6>;

inline constexpr std::size_t old_status_size = 140;
inline constexpr std::size_t word_size = 6;
inline constexpr std::uint8_t display_header = 0xDB;
inline constexpr std::uint8_t read_header = 0x5A;
inline constexpr std::uint8_t write_header = 0xA5;

/// The board answers with this register what it refuses.
inline constexpr std::uint8_t refusal_register = 0xF5;
/// The four writes that carry a password, two characters each.
inline constexpr std::uint8_t first_password_register = 0xF1;
inline constexpr std::uint8_t last_password_register = 0xF4;

/// The two ways of asking for the status. No board is known that answers neither.
inline constexpr std::array<OldRequest, 2> old_status_requests{{
    {display_header, display_header, 0x00, 0x00, 0x00, 0x00},
    {read_header, read_header, 0x00, 0x00, 0x01, 0x01},
}};

[[nodiscard]] OldRequest read_word_request(std::uint8_t address);
[[nodiscard]] OldRequest write_word_request(std::uint8_t address, std::uint16_t value);

/// A whole answer whose sum is right: a status, or a word.
struct OldReply {
  Bytes frame;  ///< belongs to whoever holds the stream

  [[nodiscard]] bool is_status() const { return frame.size() == old_status_size; }
  [[nodiscard]] std::uint8_t address() const { return frame[2]; }
  [[nodiscard]] std::uint16_t value() const { return u16_be(frame, 3); }
  [[nodiscard]] bool refused() const {
    return !is_status() && frame[0] == write_header && address() == refusal_register;
  }
};

/// What an answer must look like.
struct OldExpectation {
  using Reply = OldReply;
  static constexpr std::size_t capacity = 1024;
  static constexpr std::size_t shortest = word_size;

  OldRequest request = old_status_requests[0];
  /// Set when our own request comes back; nullptr where nobody wants to know.
  bool* line_echoes = nullptr;
  /// Whether the next frame that equals the request is its echo. Acknowledgements of writes look the same.
  bool echo_due = false;

  [[nodiscard]] bool wants_status() const { return request[0] != write_header && request[2] == 0; }
  [[nodiscard]] bool starts(std::uint8_t byte) const { return byte == request[0] || (wants_status() && byte == 0xAA); }
  /// `reason` is set for incomplete candidates and for strangers, too: garbage when there is not even a header.
  [[nodiscard]] Finding<Reply> examine(Bytes bytes);
  [[nodiscard]] bool may_answer(Bytes bytes) const;
  [[nodiscard]] std::string question() const;

 private:
  [[nodiscard]] Finding<Reply> examine_echo(Bytes bytes) const;
  [[nodiscard]] Finding<Reply> examine_word(Bytes bytes);
  void note_echo() const;
};

}  // namespace bms::ant
