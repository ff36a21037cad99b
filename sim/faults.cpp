// The words for faults, and what they do to bytes.
#include "faults.hpp"

#include <algorithm>
#include <array>

namespace bms::sim {
namespace {

constexpr auto grammar =
    "fault silence on|off, fault sleep, fault echo on|off, fault flip|damage|drop|insert <chance per byte 0..1>, "
    "fault late <ms>, fault truncate <bytes>|off or fault clear";

struct Switch {
  std::string_view name;
  bool FaultSettings::* setting;
};
constexpr std::array switches{Switch{"silence", &FaultSettings::silent}, Switch{"echo", &FaultSettings::echo}};

struct Chance {
  std::string_view name;
  double FaultSettings::* setting;
};
constexpr std::array chances{
    Chance{"flip", &FaultSettings::flip_chance},
    Chance{"damage", &FaultSettings::damage_chance},
    Chance{"drop", &FaultSettings::drop_chance},
    Chance{"insert", &FaultSettings::insert_chance},
};

constexpr double longest_delay_ms = 600'000;
constexpr double longest_answer = 512;

}  // namespace

Outcome<Action> Faults::compile(std::span<const std::string> words) {
  const std::string_view name = words.empty() ? std::string_view{} : std::string_view{words[0]};
  if (words.size() == 1 && name == "clear") return quietly([this] { settings_ = {}; });
  if (words.size() == 1 && name == "sleep") return quietly([this] { settings_.asleep = true; });
  if (words.size() != 2) return expected_was(grammar);

  const std::string& value = words[1];
  for (const Switch& it : switches)
    if (name == it.name && (value == "on" || value == "off"))
      return quietly([this, setting = it.setting, on = value == "on"] { settings_.*setting = on; });
  for (const Chance& it : chances)
    if (const auto chance = number(value, 0, 1); name == it.name && chance)
      return quietly([this, setting = it.setting, chance] { settings_.*setting = *chance; });
  if (const auto delay_ms = number(value, 0, longest_delay_ms); name == "late" && delay_ms)
    return quietly([this, delay_ms] { settings_.late = std::chrono::milliseconds(static_cast<long>(*delay_ms)); });
  if (name == "truncate" && value == "off") return quietly([this] { settings_.truncate.reset(); });
  if (const auto bytes = number(value, 0, longest_answer); name == "truncate" && bytes)
    return quietly([this, bytes] { settings_.truncate = static_cast<std::size_t>(*bytes); });
  return expected_was(grammar);
}

bool Faults::board_hears() {
  if (settings_.asleep) {
    settings_.asleep = false;
    return false;
  }
  return !settings_.silent;
}

std::vector<std::uint8_t> Faults::passed_over_line(std::span<const std::uint8_t> bytes) {
  std::vector<std::uint8_t> passed;
  passed.reserve(bytes.size());
  for (std::uint8_t byte : bytes) {
    if (happens(settings_.insert_chance)) passed.push_back(any_byte(0));
    if (happens(settings_.drop_chance)) continue;
    if (happens(settings_.damage_chance)) byte = static_cast<std::uint8_t>(byte + any_byte(1));
    if (happens(settings_.flip_chance)) byte = static_cast<std::uint8_t>(byte ^ (1U << (any_byte(0) % 8U)));
    passed.push_back(byte);
  }
  return passed;
}

std::vector<std::uint8_t> Faults::answered(std::span<const std::uint8_t> bytes) {
  const std::size_t kept = settings_.truncate ? std::min(*settings_.truncate, bytes.size()) : bytes.size();
  return passed_over_line(bytes.first(kept));
}

bool Faults::happens(double chance) {
  return chance > 0 && std::uniform_real_distribution<double>(0, 1)(random_) < chance;
}

std::uint8_t Faults::any_byte(unsigned low) {
  return static_cast<std::uint8_t>(std::uniform_int_distribution<unsigned>(low, 255)(random_));
}

}  // namespace bms::sim
