// Chargery frames: what one candidate in the stream is.
#include "chargery/chargery_frame.hpp"
#include "bms/words.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <numeric>
#include <utility>

namespace bms::chargery {
namespace {

Candidate rejected(ErrorKind kind, std::string why) {
  Candidate candidate;
  candidate.what = Candidate::What::rejected;
  candidate.why = {kind, std::move(why), std::nullopt};
  return candidate;
}

Candidate incomplete(std::size_t missing) {
  Candidate candidate;
  candidate.missing = missing;
  return candidate;
}

std::string hex(std::uint8_t byte) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "%02X", byte);
  return text.data();
}

bool is_command(std::uint8_t byte) {
  return std::ranges::find(layout_rules, byte, &LayoutRule::command) != layout_rules.end();
}

}  // namespace

std::uint8_t checksum(Bytes covered) {
  return static_cast<std::uint8_t>(std::accumulate(covered.begin(), covered.end(), 0U));
}

const LayoutRule* find_layout(std::uint8_t command, std::uint8_t length) {
  const auto* const rule = std::ranges::find_if(
      layout_rules, [=](const LayoutRule& it) { return it.command == command && it.allows(length); });
  return rule == layout_rules.end() ? nullptr : rule;
}

Candidate examine(Bytes bytes) {
  if (bytes[0] != header_byte) return rejected(ErrorKind::garbage, "expected 24 24, found " + hex(bytes[0]));
  if (bytes.size() < 2) return incomplete(shortest_frame - 1);
  if (bytes[1] != header_byte) return rejected(ErrorKind::garbage, "expected 24 24, found 24 " + hex(bytes[1]));
  if (bytes.size() < 3) return incomplete(shortest_frame - 2);
  if (!is_command(bytes[2]))
    return rejected(ErrorKind::unexpected_command, "expected command 56, 57 or 58, found " + hex(bytes[2]));
  if (bytes.size() < 4) return incomplete(shortest_frame - 3);
  const LayoutRule* const rule = find_layout(bytes[2], bytes[3]);
  if (rule == nullptr)
    return rejected(ErrorKind::length,
                    "frames of command " + hex(bytes[2]) + " are never " + counted(bytes[3], "byte") + " long");
  const std::size_t size = bytes[3];
  if (bytes.size() < size) return incomplete(size - bytes.size());

  const Bytes frame = bytes.first(size);
  const std::uint8_t sum = checksum(frame.first(size - 1));
  if (sum != frame.back())
    return rejected(ErrorKind::checksum, "the bytes add up to " + hex(sum) + ", the frame says " + hex(frame.back()));
  auto message = decode(*rule, frame);
  if (!message) return rejected(message.error().kind, "the checksum fits, but: " + message.error().message);

  Candidate candidate;
  candidate.what = Candidate::What::frame;
  candidate.size = size;
  candidate.message = *std::move(message);
  return candidate;
}

}  // namespace bms::chargery
