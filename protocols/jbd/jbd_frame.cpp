// JBD frames: building requests, and judging one candidate for a reply after the other in a stream of bytes.
#include "jbd/jbd_frame.hpp"

#include <algorithm>
#include <numeric>

#include "bms/hex.hpp"

namespace bms::jbd {
namespace {

/// How long the payload of a register can be. Payloads seen in captures lie well inside.
struct LengthRule {
  std::uint8_t first, last;  ///< registers
  std::uint8_t min, max, step;
  bool writable;  ///< an empty acknowledgement can come as well

  [[nodiscard]] constexpr bool allows(std::size_t n) const { return n >= min && n <= max && (n - min) % step == 0; }
};

constexpr LengthRule length_rules[] = {
    {0x00, 0x00, 2, 2, 1, true},                                            // chip type
    {registers::basic_info, registers::basic_info, 23, 80, 1, false},       // 8 sensors, tail, reserve
    {registers::cell_voltages, registers::cell_voltages, 2, 64, 2, false},  // up to 32 cells
    {registers::device_name, registers::device_name, 0, 31, 1, false},
    {0x10, 0x47, 2, 2, 1, true},                // configuration
    {write_mark, write_mark, 0, 16, 1, false},  // echo of a write
    {registers::manufacturer_text, registers::barcode_text, 1, 32, 1, true},
    {read_mark, read_mark, 0, 16, 1, false},  // echo of a read
    {registers::error_counts, registers::error_counts, 22, 24, 2, false},
    {0xAD, 0xD7, 2, 2, 1, true},  // calibration
    {0xE0, 0xE0, 2, 2, 1, true},  // remaining capacity
    {registers::parameters, registers::parameters, 3, 255, 2, false},
};

/// Register 03 of boards with an address has six bytes more before the count of its sensors.
constexpr LengthRule addressed_basic_info{registers::basic_info, registers::basic_info, 29, 80, 1, false};

const LengthRule* rule_for(std::uint8_t address, bool addressed) {
  if (addressed && address == registers::basic_info) return &addressed_basic_info;
  const auto* const rule = std::ranges::find_if(
      length_rules, [address](const LengthRule& r) { return address >= r.first && address <= r.last; });
  return rule == std::end(length_rules) ? nullptr : rule;
}

/// Whether a frame of this length may be what it seems. An empty payload (acknowledgement, refusal) always may.
bool length_possible(std::uint8_t address, std::size_t n, const Expectation& expected) {
  if (n == 0) return true;
  if (const LengthRule* rule = rule_for(address, expected.addressed)) return rule->allows(n);
  return !expected.address || *expected.address == address;
}

bool is_echo(const Reply& reply) { return reply.address == read_mark || reply.address == write_mark; }

bool answers(const Reply& reply, const Expectation& expected) {
  if (expected.board && expected.board != reply.board) return false;
  if (expected.address && *expected.address != reply.address) return false;
  if (!expected.first_parameter || reply.payload.size() < 2) return true;
  return u16_be(reply.payload, 0) == *expected.first_parameter;
}

/// Whether the content agrees with what it says of its own size.
bool consistent(const Reply& reply) {
  const Bytes payload = reply.payload;
  if (reply.address == registers::basic_info) {
    const std::size_t count_at = reply.board ? 28 : 22;
    return payload.size() >= count_at + 1 + 2U * payload[count_at];
  }
  if (reply.address == registers::parameters) return payload.size() == 3U + 2U * payload[2];
  if (reply.address >= registers::manufacturer_text && reply.address <= registers::barcode_text)
    return payload.size() > payload[0];
  return true;
}

RequestBytes build(std::uint8_t mark, std::uint8_t address, Bytes payload, BoardAddress board) {
  RequestBytes bytes{start_byte};
  if (board) bytes.push_back(*board);
  for (const std::uint8_t byte : {mark, address, static_cast<std::uint8_t>(payload.size())}) bytes.push_back(byte);
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  // Without an address the mark is not covered.
  const std::uint16_t sum = checksum(Bytes(bytes).subspan(board ? 1 : 2));
  bytes.push_back(static_cast<std::uint8_t>(sum >> 8U));
  bytes.push_back(static_cast<std::uint8_t>(sum & 0xFFU));
  bytes.push_back(end_byte);
  return bytes;
}

Finding<Reply> reject(ErrorKind reason) {
  return {.what = Finding<Reply>::What::rejected, .reason = reason, .reply = {}};
}

bool as_before(SumCovers now, SumCovers before) {
  return now == before || now == SumCovers::unknown || before == SumCovers::unknown;
}

/// The second half of examine(): a frame that is whole and sound.
Finding<Reply> judge(const Reply& reply, const Expectation& expected) {
  using enum Finding<Reply>::What;
  const std::size_t n = reply.payload.size();
  const bool possible = length_possible(reply.address, n, expected);
  // What cannot be a frame of its register is not skipped as a whole frame either, so that a live port, which does not
  // wait for it, and a recorded stream find the same.
  const std::size_t advance = possible ? n + frame_overhead + (expected.addressed ? address_size : 0) : 1;

  // Register before status: an echo "DD A5 03 00 FF FD 77" would read as a refusal with status 3.
  if (is_echo(reply)) return {.what = echo, .advance = advance, .reply = {}};
  if (!answers(reply, expected)) return {.what = stranger, .advance = advance, .reply = {}};
  if (!as_before(reply.sum, expected.sum)) return reject(ErrorKind::checksum);
  if (!possible) return reject(ErrorKind::length);
  if (reply.status == 0 && !content_fits(reply, expected)) return reject(ErrorKind::length);
  return {.what = answer, .advance = advance, .reply = reply};
}

/// What the checksum of a whole frame covers; empty: it is wrong.
std::optional<SumCovers> sum_of(Bytes frame, bool addressed) {
  constexpr std::size_t behind = 3;  // the checksum itself and the end byte
  const std::uint16_t sum = u16_be(frame, frame.size() - behind);
  const auto fits = [&](std::size_t from) { return sum == checksum(frame.first(frame.size() - behind).subspan(from)); };
  if (!addressed) return fits(2) ? std::optional(SumCovers::unknown) : std::nullopt;
  const bool without = fits(2);
  const bool with = fits(1);
  if (with && without) return SumCovers::unknown;
  if (with) return SumCovers::address;
  return without ? std::optional(SumCovers::no_address) : std::nullopt;
}

}  // namespace

std::uint16_t checksum(Bytes covered) {
  return static_cast<std::uint16_t>(0U - std::accumulate(covered.begin(), covered.end(), 0U));
}

RequestBytes read_request(std::uint8_t address, BoardAddress board) { return build(read_mark, address, {}, board); }

RequestBytes read_parameters_request(std::uint16_t first, std::uint8_t count, BoardAddress board) {
  const std::uint8_t payload[] = {static_cast<std::uint8_t>(first >> 8U), static_cast<std::uint8_t>(first & 0xFFU),
                                  count};
  return build(read_mark, registers::parameters, payload, board);
}

RequestBytes write_request(std::uint8_t address, std::uint16_t value) {
  const std::uint8_t payload[] = {static_cast<std::uint8_t>(value >> 8U), static_cast<std::uint8_t>(value & 0xFFU)};
  return build(write_mark, address, payload, {});
}

Expectation expectation_of(Bytes request) {
  const auto is_mark = [](std::uint8_t byte) { return byte == read_mark || byte == write_mark; };
  if (request.size() < header_size || request[0] != start_byte) return {};
  const bool addressed = !is_mark(request[1]);
  const Bytes from_mark = request.subspan(addressed ? 2 : 1);
  if (!is_mark(from_mark[0]) || from_mark.size() < 3) return {};

  Expectation expected{.address = from_mark[1],
                       .direction = from_mark[0] == write_mark ? Direction::write : Direction::read,
                       .addressed = addressed,
                       .board = addressed ? BoardAddress(request[1]) : BoardAddress()};
  if (from_mark[0] == read_mark && from_mark[1] == registers::parameters && from_mark[2] == 3 && from_mark.size() >= 6)
    expected.first_parameter = u16_be(from_mark, 3);
  return expected;
}

bool content_fits(const Reply& reply, const Expectation& expected) {
  const std::size_t n = reply.payload.size();
  if (expected.direction == Direction::write) return n == 0;
  const LengthRule* rule = rule_for(reply.address, reply.board.has_value());
  if (rule == nullptr) return true;
  if (n == 0 && rule->writable && expected.direction == Direction::either) return true;
  return rule->allows(n) && consistent(reply);
}

Finding<Reply> Expectation::examine(Bytes bytes) const {
  using enum Finding<Reply>::What;
  const std::size_t at = register_at();
  const std::size_t header = at + header_size - 1;
  const std::size_t overhead = at + frame_overhead - 1;
  // The shortest answer is an empty one, so a header cut short lacks at least the rest of that.
  if (bytes.size() < header) return {.what = incomplete, .missing = overhead - bytes.size(), .reply = {}};

  const std::size_t n = bytes[header - 1];
  const std::size_t size = n + overhead;
  if (bytes.size() < size)
    return {.what = length_possible(bytes[at], n, *this) ? incomplete : hopeless,
            .missing = size - bytes.size(),
            .reply = {}};
  const Bytes frame = bytes.first(size);
  if (frame.back() != end_byte) return reject(ErrorKind::end_marker);
  const auto covers = sum_of(frame, addressed);
  if (!covers) return reject(ErrorKind::checksum);
  return judge({.address = frame[at],
                .status = frame[at + 1],
                .payload = frame.subspan(header, n),
                .board = addressed ? BoardAddress(frame[1]) : BoardAddress(),
                .sum = *covers},
               *this);
}

bool Expectation::may_answer(Bytes bytes) const {
  if (bytes.size() <= register_at()) return false;
  return (!board || *board == bytes[1]) && (!address || *address == bytes[register_at()]);
}

std::string hex(std::uint8_t byte) { return "0x" + to_hex(Bytes(&byte, 1)); }

std::string Expectation::question() const {
  if (!address) return "anything";
  return "register " + hex(*address) + (board ? " of board " + std::to_string(*board) : std::string());
}

}  // namespace bms::jbd
