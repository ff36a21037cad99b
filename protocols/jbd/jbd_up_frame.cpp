// Frames of the UP series.
#include "jbd/jbd_up_frame.hpp"

#include <algorithm>
#include <array>

#include "bms/hex.hpp"
#include "jbd/jbd_up_decode.hpp"

namespace bms::jbd::up {
namespace {

using What = Finding<Reply>::What;

constexpr std::array known_functions{functions::own_status, functions::broadcast, functions::read, functions::write};

/// How much a block can hold. What newer firmware may add is left unread; but noise that looks like the header of a
/// long frame is not waited for.
struct SizeRule {
  Block block;
  std::size_t min, max;

  [[nodiscard]] constexpr bool allows(std::size_t n) const { return n >= min && n <= max; }
};

constexpr SizeRule size_rules[] = {
    {blocks::pack_status, 72, 252},  // 32 cells and 8 sensors take 198
    {blocks::own_status, 116, 116},
    {blocks::board, 118, 252},
    {blocks::capacity, 24, 252},
    {blocks::counters, 18, 252},
    {blocks::clock, 12, 252},
    {blocks::product, 44, 252},
    {{functions::broadcast, 0x0000, 0xFFFF}, 46, 252},
};

const SizeRule* rule_for(std::uint8_t function, std::uint16_t first) {
  const auto* const rule = std::ranges::find_if(
      size_rules, [&](const SizeRule& r) { return r.block.function == function && r.block.first == first; });
  return rule == std::end(size_rules) ? nullptr : rule;
}

/// Whether a frame with this header may be what it seems. A question or an acknowledgement has no payload, or a word.
/// Of blocks without a rule it is known that they run upwards, and hold about a byte for each register number.
bool length_possible(const Reply& reply, std::uint16_t last, std::size_t n) {
  constexpr std::size_t written = 6;
  constexpr unsigned longest_block = 0x100;
  constexpr std::size_t more = 16;
  if (n == 0) return true;
  if (reply.function == functions::write) return n == written;
  if (const SizeRule* rule = rule_for(reply.function, reply.first)) return rule->allows(n);
  if (last <= reply.first) return false;
  const unsigned numbers = last - reply.first;
  return numbers <= longest_block && n <= numbers + more;
}

bool is_echo(const Reply& reply) {
  switch (reply.function) {
    case functions::own_status:
    case functions::read: return reply.payload.empty();
    case functions::write: return !reply.payload.empty();
    default: return false;
  }
}

RequestBytes build(std::uint8_t address, const Block& block, Bytes payload) {
  RequestBytes bytes{address, block.function};
  for (const std::size_t word : {std::size_t{block.first}, std::size_t{block.last}, payload.size()}) {
    bytes.push_back(static_cast<std::uint8_t>(word >> 8U & 0xFFU));
    bytes.push_back(static_cast<std::uint8_t>(word & 0xFFU));
  }
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  const std::uint16_t crc = modbus_crc(bytes);
  bytes.push_back(static_cast<std::uint8_t>(crc & 0xFFU));
  bytes.push_back(static_cast<std::uint8_t>(crc >> 8U));
  return bytes;
}

Finding<Reply> reject(ErrorKind reason) { return {.what = What::rejected, .reason = reason, .reply = {}}; }

bool answers(const Reply& reply, const Expectation& expected) {
  if (reply.function == functions::broadcast) return false;
  if (!expected.address) return true;
  return reply.address == *expected.address && reply.function == expected.block.function &&
         reply.first == expected.block.first;
}

}  // namespace

RequestBytes read_request(std::uint8_t address, const Block& block) { return build(address, block, {}); }

RequestBytes write_request(std::uint8_t address, const Block& block, std::uint16_t value) {
  const std::uint8_t payload[] = {
      0x11, 'J', 'B', 'D', static_cast<std::uint8_t>(value >> 8U), static_cast<std::uint8_t>(value & 0xFFU)};
  return build(address, block, payload);
}

bool begins_frame(Bytes bytes) {
  return bytes.size() >= 2 && Expectation::starts(bytes[0]) &&
         std::ranges::find(known_functions, bytes[1]) != known_functions.end();
}

bool content_fits(const Reply& reply) {
  const std::size_t size = reply.payload.size();
  if (reply.function == functions::write) return size == 0;
  if (reply.function == blocks::pack_status.function && reply.first == blocks::pack_status.first)
    return pack_status_fits(reply.payload);
  const SizeRule* rule = rule_for(reply.function, reply.first);
  return rule == nullptr || rule->allows(size);
}

Finding<Reply> Expectation::examine(Bytes bytes) const {
  // A last byte alone may still become a frame, but it does not begin one.
  if (bytes.size() < 2)
    return {
        .what = What::incomplete, .reason = ErrorKind::garbage, .missing = frame_overhead - bytes.size(), .reply = {}};
  if (!begins_frame(bytes)) return {.what = What::noise, .reply = {}};
  if (bytes.size() < header_size)
    return {.what = What::incomplete, .missing = frame_overhead - bytes.size(), .reply = {}};

  const std::size_t n = u16_be(bytes, 6);
  const std::size_t size = n + frame_overhead;
  Reply reply{.address = bytes[0], .function = bytes[1], .first = u16_be(bytes, 2), .payload = {}};
  // What cannot be a frame of its block is neither waited for nor skipped as a whole frame.
  const bool possible = length_possible(reply, u16_be(bytes, 4), n);
  if (bytes.size() < size)
    return {.what = possible ? What::incomplete : What::hopeless, .missing = size - bytes.size(), .reply = {}};
  if (!modbus_crc_fits(bytes.first(size))) return reject(ErrorKind::checksum);

  reply.payload = bytes.subspan(header_size, n);
  const std::size_t advance = possible ? size : 1;
  if (is_echo(reply)) return {.what = What::echo, .advance = advance, .reply = {}};
  if (!answers(reply, *this)) return {.what = What::stranger, .advance = advance, .reply = {}};
  if (!possible || !content_fits(reply)) return reject(ErrorKind::length);
  return {.what = What::answer, .advance = advance, .reply = reply};
}

bool Expectation::may_answer(Bytes bytes) const {
  return begins_frame(bytes) && (!address || (bytes[0] == *address && bytes[1] == block.function));
}

std::string Expectation::question() const {
  if (!address) return "anything";
  return (block.function == functions::write ? "an acknowledgement of " : "the block from ") + hex(block.first) +
         " of board " + std::to_string(*address);
}

Expectation expectation_of(Bytes request) {
  if (!begins_frame(request) || request.size() < header_size) return {};
  return {.address = request[0],
          .block = {.function = request[1], .first = u16_be(request, 2), .last = u16_be(request, 4)}};
}

std::string hex(std::uint16_t address) {
  const std::uint8_t bytes[] = {static_cast<std::uint8_t>(address >> 8U), static_cast<std::uint8_t>(address & 0xFFU)};
  return "0x" + to_hex(bytes);
}

}  // namespace bms::jbd::up
