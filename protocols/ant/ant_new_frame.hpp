// Frames of the new protocol (boards from 2021 on): building requests, judging candidates for a reply.
//
// 7E A1, function, address[2], n, data[n], CRC[2], AA 55; low bytes first. A read carries in n what it wants, and no
// data. The reply has a function of its own and the address of the request. Replies with functions 12 and 42 may have a
// record of four bytes with a CRC of its own between the CRC and the end.
//
// The length alone tells where a frame ends: AA 55 may occur in the data, and 55 is the letter U of the firmware text
// (syssi/esphome-ant-bms#172). Sources: NotANewNick/antbms-gui, PROTOCOL.md; captures in syssi/esphome-ant-bms, docs/.
#pragma once

#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bms/bytes.hpp"
#include "receiver.hpp"

namespace bms::ant {

/// What is asked for or done.
enum class NewFunction : std::uint8_t {
  status = 0x01,
  read_settings = 0x02,  ///< the address is an offset in bytes
  identity = 0x04,
  system_information = 0x05,
  write_setting = 0x22,
  password = 0x23,
  control = 0x51,  ///< the address is the number of the command
};

/// The function of the reply to `function`: 10 (hexadecimal) more, for what carries data 20 more.
[[nodiscard]] constexpr std::uint8_t reply_to(NewFunction function) {
  const bool carries_data = function == NewFunction::write_setting || function == NewFunction::password;
  return static_cast<std::uint8_t>(static_cast<unsigned>(function) + (carries_data ? 0x20U : 0x10U));
}

inline constexpr std::size_t new_header_size = 6;      ///< up to and with the length
inline constexpr std::size_t new_frame_overhead = 10;  ///< a frame without a record is this much longer than its data
inline constexpr std::size_t trailer_size = 6;         ///< a record and its CRC
inline constexpr std::uint16_t device_info_address = 0x026C;
inline constexpr std::uint8_t device_info_size = 32;
inline constexpr std::uint8_t identity_size = 12;
inline constexpr std::size_t shortest_status = new_frame_overhead + 108;

/// A request as it goes out; a password of 12 characters is the most that ours carry.
using NewRequest = boost::container::static_vector<std::uint8_t, new_frame_overhead + 12>;

/// CRC-16 as Modbus has it.
[[nodiscard]] std::uint16_t crc_of(Bytes covered);

[[nodiscard]] NewRequest status_request();
[[nodiscard]] NewRequest device_info_request();
[[nodiscard]] NewRequest identity_request();
/// Reads `size` bytes of settings.
[[nodiscard]] NewRequest settings_request(std::uint16_t address, std::uint8_t size);
[[nodiscard]] NewRequest write_request(std::uint16_t address, std::uint16_t value);
/// Logs in; the address is the slot of the permission level.
[[nodiscard]] NewRequest password_request(std::uint16_t slot, std::string_view password);
[[nodiscard]] NewRequest control_request(std::uint8_t command);

/// A whole frame from the board whose length, CRC and end are right.
struct NewReply {
  std::uint8_t function = 0;
  std::uint16_t address = 0;
  Bytes payload;  ///< belongs to whoever holds the stream
};

/// What an answer must look like. Without a function any reply is one.
struct NewExpectation {
  using Reply = NewReply;
  static constexpr std::size_t capacity = 1024;
  static constexpr std::size_t shortest = new_frame_overhead;

  std::optional<std::uint8_t> function;  ///< of the reply
  std::uint16_t address = 0;
  std::optional<std::uint8_t> payload_size;  ///< of the data, where the request asks for so many

  [[nodiscard]] static bool starts(std::uint8_t byte) { return byte == 0x7E; }
  /// `reason` is set for incomplete candidates and for strangers, too: garbage when there is not even a header.
  [[nodiscard]] Finding<Reply> examine(Bytes bytes) const;
  [[nodiscard]] bool may_answer(Bytes bytes) const {
    return bytes.size() >= 3 && bytes[1] == 0xA1 && (!function || *function == bytes[2]);
  }
  [[nodiscard]] std::string question() const;
};

/// What the answer to `request` must look like; an expectation of nothing in particular when it is no such request.
[[nodiscard]] NewExpectation new_expectation_of(Bytes request);

/// How long the request at the beginning of `bytes` is; 0 when none begins there.
[[nodiscard]] std::size_t new_request_size(Bytes bytes);

}  // namespace bms::ant
