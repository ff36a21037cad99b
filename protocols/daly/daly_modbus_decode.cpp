// What the registers of the newer Daly protocol mean, in SI units.
#include "daly/daly_modbus_decode.hpp"

#include <algorithm>
#include <array>

namespace bms::daly {
namespace {

constexpr std::size_t d2_text_size = 8;
constexpr std::size_t p81_software_size = 14;
constexpr std::size_t p81_hardware_size = 7;

std::string reversed(std::string text) {
  std::ranges::reverse(text);
  return text;
}

/// How hardware texts begin that were seen: "H2.0_103R_309F9F", "DL-R24...", "BMS-ST103-39E", "ESS41_0323".
bool reads_like_hardware(const std::string& text) {
  constexpr std::array<std::string_view, 4> beginnings{"DL", "BMS", "ESS", "SMART"};
  const bool numbered = text.size() > 2 && text[0] == 'H' && text[1] >= '0' && text[1] <= '9' && text[2] == '.';
  return numbered || std::ranges::any_of(beginnings, [&](std::string_view begin) { return text.starts_with(begin); });
}

}  // namespace

std::optional<double> scaled(const Words& words, std::uint16_t address, const Scale& scale) {
  const auto raw = words.at(address);
  if (!raw) return std::nullopt;
  return scale.value(*raw);
}

std::optional<double> value_in(const Words& words, Map map, const RegisterValue& value) {
  if (!value.address.exists_in(map)) return std::nullopt;
  const std::uint16_t address = value.address.in(map);
  const auto raw = words.at(address);
  if (!raw) return std::nullopt;
  switch (value.shape) {
    case Shape::temperature: return temperature_in(words, address);
    case Shape::balancer:
      if (const auto on = balancing_in(words, map)) return *on ? 1 : 0;
      return std::nullopt;
    case Shape::balance_current:
      if (*raw == 0) return std::nullopt;
      break;
    case Shape::never_at_ffff:
      if (*raw == no_value) return std::nullopt;
      break;
    case Shape::double_word: {
      const auto low = words.at(address + 1U);
      if (!low) return std::nullopt;
      return value.scale.value(std::uint32_t{*raw} << 16U | *low);
    }
    case Shape::number:
    case Shape::flag:
    case Shape::activity: break;
  }
  return value.scale.value(*raw);
}

std::optional<int> temperature_in(const Words& words, std::size_t address) {
  constexpr int absent[] = {0, 0x00FF, no_value};
  const auto raw = words.at(address);
  if (!raw || std::ranges::find(absent, *raw) != std::end(absent)) return std::nullopt;
  return *raw - scales::temperature.offset;
}

std::optional<bool> balancing_in(const Words& words, Map map) {
  const auto raw = words.at(registers::balancer_state.in(map));
  constexpr unsigned most = 2;
  if (!raw || *raw > most) return std::nullopt;
  return *raw != 0;
}

std::uint64_t d2_failures_in(const Words& words) {
  constexpr std::size_t count = 4;
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < count; ++i)
    bits |= std::uint64_t{words.at(registers::d2_failures.d2 + i).value_or(0)} << (16 * i);
  return bits;
}

unsigned p81_level(const Words& words, const P81Failure& row) {
  constexpr unsigned field = 7;
  return words.at(row.address).value_or(0) >> row.bit & (row.levels ? field : 1U);
}

std::optional<bool> heating_in(const Words& words, Map map) {
  if (map != Map::p81) return std::nullopt;
  const auto fet = words.at(registers::heater_fet.p81);
  const auto flags = words.at(p81_heating_register);
  if (!flags || *flags == no_value) return std::nullopt;
  const bool fet_closed = fet && *fet != 0 && *fet != no_value;
  return fet_closed || (*flags >> p81_heating_bit & 1U) != 0;
}

std::string text_in(const Words& words, std::uint16_t address, std::size_t count) {
  std::string text;
  if (!words.has(address, count)) return text;
  for (const std::uint8_t byte : words.bytes(address, count)) {
    if (byte == 0x00 || byte == 0xFF) continue;
    text += byte >= 0x20 && byte < 0x7F ? static_cast<char>(byte) : '?';
  }
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

std::string software_text_in(const Words& words, Map map) {
  const std::uint16_t address = registers::software_text.in(map);
  return map == Map::d2 ? reversed(text_in(words, address, d2_text_size)) : text_in(words, address, p81_software_size);
}

std::string hardware_text_in(const Words& words, Map map) {
  const std::uint16_t address = registers::hardware_text.in(map);
  if (map == Map::p81) return text_in(words, address, p81_hardware_size);
  std::string text = text_in(words, address, d2_text_size);
  std::string other = reversed(text);
  return !reads_like_hardware(text) && reads_like_hardware(other) ? other : text;
}

}  // namespace bms::daly
