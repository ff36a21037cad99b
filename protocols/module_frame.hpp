// Frames of a Bluetooth module itself, which never reach the board behind it: FF AA command length payload sum, where
// the sum is that of everything between. Bytes of the board and such frames share one characteristic.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "bms/bytes.hpp"

namespace bms {

struct ModuleFrame {
  std::uint8_t command = 0;
  Bytes payload{};
  std::size_t size = 0;  ///< of the whole frame
};

inline constexpr std::uint8_t module_start[] = {0xFF, 0xAA};
inline constexpr std::size_t module_header_size = 4;

/// The sound frame that `bytes` begin with. Empty: they do not begin with one.
[[nodiscard]] inline std::optional<ModuleFrame> module_frame_at(Bytes bytes) {
  if (bytes.size() <= module_header_size || bytes[0] != module_start[0] || bytes[1] != module_start[1])
    return std::nullopt;
  const std::size_t size = module_header_size + bytes[3] + 1;
  if (bytes.size() < size) return std::nullopt;
  std::uint8_t sum = 0;
  for (const std::uint8_t byte : bytes.subspan(2, size - 3)) sum = static_cast<std::uint8_t>(sum + byte);
  if (sum != bytes[size - 1]) return std::nullopt;
  return ModuleFrame{.command = bytes[2], .payload = bytes.subspan(module_header_size, bytes[3]), .size = size};
}

/// Precondition: a payload of at most 255 bytes.
[[nodiscard]] inline std::vector<std::uint8_t> module_frame(std::uint8_t command, Bytes payload) {
  std::vector<std::uint8_t> frame(std::begin(module_start), std::end(module_start));
  frame.push_back(command);
  frame.push_back(static_cast<std::uint8_t>(payload.size()));
  frame.insert(frame.end(), payload.begin(), payload.end());
  std::uint8_t sum = 0;
  for (const std::uint8_t byte : Bytes(frame).subspan(2)) sum = static_cast<std::uint8_t>(sum + byte);
  frame.push_back(sum);
  return frame;
}

}  // namespace bms
