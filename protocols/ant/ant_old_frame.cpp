// Frames of the old protocol: building requests, judging candidates for an answer.
#include "ant/ant_old_frame.hpp"

#include <algorithm>
#include <numeric>

#include "ant/ant_status.hpp"
#include "bms/hex.hpp"

namespace bms::ant {
namespace {

constexpr std::uint8_t status_start[] = {0xAA, 0x55, 0xAA, 0xFF};
constexpr std::size_t status_header_size = 3;  ///< the fourth byte is the kind of frame
constexpr std::size_t cell_count_offset = 123;

using What = Finding<OldReply>::What;

Finding<OldReply> incomplete(ErrorKind reason, std::size_t missing) {
  return {.what = What::incomplete, .reason = reason, .missing = missing, .reply = {}};
}

Finding<OldReply> reject(ErrorKind reason) { return {.what = What::rejected, .reason = reason, .reply = {}}; }

OldRequest build(std::uint8_t header, std::uint8_t address, std::uint16_t value) {
  const auto high = static_cast<std::uint8_t>(value >> 8U);
  const auto low = static_cast<std::uint8_t>(value & 0xFFU);
  return {header, header, address, high, low, static_cast<std::uint8_t>(address + high + low)};
}

std::uint16_t sum_of(Bytes bytes) {
  return static_cast<std::uint16_t>(std::accumulate(bytes.begin(), bytes.end(), 0U));
}

Finding<OldReply> examine_status(Bytes bytes) {
  using enum ErrorKind;
  const std::size_t missing = old_status_size - std::min(old_status_size, bytes.size());
  for (std::size_t i = 1; i < status_header_size; ++i) {
    if (bytes.size() == i) return incomplete(garbage, missing);
    if (bytes[i] != status_start[i]) return reject(garbage);
  }
  if (bytes.size() == status_header_size) return incomplete(truncated, missing);
  if (bytes[status_header_size] != status_start[status_header_size]) return reject(unexpected_command);
  if (missing > 0) return incomplete(truncated, missing);

  const Bytes frame = bytes.first(old_status_size);
  if (sum_of(frame.subspan(4, old_status_size - 6)) != u16_be(frame, old_status_size - 2)) return reject(checksum);
  // The sum of zeros is zero: without this 136 zero bytes after the header would be a status.
  if (frame[cell_count_offset] < 1 || frame[cell_count_offset] > max_ant_cells) return reject(length);
  return {.what = What::answer, .advance = old_status_size, .reply = {frame}};
}

}  // namespace

OldRequest read_word_request(std::uint8_t address) { return {read_header, read_header, address, 0, 0, address}; }

OldRequest write_word_request(std::uint8_t address, std::uint16_t value) { return build(write_header, address, value); }

Finding<OldReply> OldExpectation::examine(Bytes bytes) {
  if (!wants_status()) return examine_word(bytes);
  return bytes[0] == request[0] ? examine_echo(bytes) : examine_status(bytes);
}

void OldExpectation::note_echo() const {
  if (line_echoes != nullptr) *line_echoes = true;
}

Finding<OldReply> OldExpectation::examine_echo(Bytes bytes) const {
  const std::size_t there = std::min(bytes.size(), word_size);
  if (!std::ranges::equal(bytes.first(there), Bytes(request).first(there))) return reject(ErrorKind::garbage);
  if (there < word_size) return incomplete(ErrorKind::garbage, word_size - there);
  note_echo();
  return {.what = What::echo, .reason = ErrorKind::garbage, .advance = word_size, .reply = {}};
}

Finding<OldReply> OldExpectation::examine_word(Bytes bytes) {
  using enum ErrorKind;
  if (bytes.size() < 2) return incomplete(garbage, word_size - bytes.size());
  if (bytes[1] != request[0]) return reject(garbage);
  if (bytes.size() < 3) return incomplete(truncated, word_size - bytes.size());
  const bool wanted = bytes[2] == request[2] || (request[0] == write_header && bytes[2] == refusal_register);
  if (bytes.size() < word_size) return incomplete(wanted ? truncated : unexpected_command, word_size - bytes.size());

  const Bytes frame = bytes.first(word_size);
  const bool sound = static_cast<std::uint8_t>(sum_of(frame.subspan(2, 3))) == frame[word_size - 1];
  if (!sound) return reject(wanted ? checksum : unexpected_command);
  if (!wanted) return {.what = What::stranger, .reason = unexpected_command, .advance = word_size, .reply = {}};
  if (echo_due && std::ranges::equal(frame, request)) {
    echo_due = false;
    return {.what = What::echo, .reason = unexpected_command, .advance = word_size, .reply = {}};
  }
  return {.what = What::answer, .advance = word_size, .reply = {frame}};
}

bool OldExpectation::may_answer(Bytes bytes) const {
  if (wants_status()) return bytes[0] == status_start[0] && bytes.size() >= 4;
  return bytes.size() >= 3 && bytes[2] == request[2];
}

std::string OldExpectation::question() const {
  return wants_status() ? "status" : "register 0x" + to_hex(Bytes(request).subspan(2, 1));
}

}  // namespace bms::ant
