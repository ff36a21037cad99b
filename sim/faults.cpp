// The words for faults, and what they do to bytes.
#include "faults.hpp"

#include <algorithm>
#include <array>

namespace bms::sim {
namespace {

struct Switch {
  std::string_view name;
  bool FaultSettings::* setting;
  std::string_view does;
};
constexpr std::array switches{
    Switch{"silence", &FaultSettings::silent, "No board answers"},
    Switch{"echo", &FaultSettings::echo, "Questions come back, as through a half-duplex adapter"},
};

struct Chance {
  std::string_view name;
  double FaultSettings::* setting;
  std::string_view does;
};
constexpr std::array chances{
    Chance{"flip", &FaultSettings::flip_chance, "One bit of a byte is turned over"},
    Chance{"damage", &FaultSettings::damage_chance, "A byte becomes another one"},
    Chance{"drop", &FaultSettings::drop_chance, "A byte is lost"},
    Chance{"insert", &FaultSettings::insert_chance, "A stray byte comes before a byte"},
};

constexpr double longest_delay_ms = 600'000;
constexpr double longest_answer = 512;

}  // namespace

Commands<Faults> Faults::commands() {
  Commands<Faults> all;
  const auto add = [&all](const std::string& words, std::string_view does,
                          std::optional<Action> (Faults::*understand)(Words)) {
    all.push_back({{"fault " + words, std::string(does)}, understand});
  };
  for (const Switch& it : switches) add(std::string(it.name) + " on|off", it.does, &Faults::understand_switch);
  add("sleep", "The next question only wakes the board", &Faults::understand_sleep);
  for (const Chance& it : chances)
    add(std::string(it.name) + " <chance per byte, 0..1>", it.does, &Faults::understand_chance);
  add("late <ms>", "Answers come so much later", &Faults::understand_late);
  add("truncate <bytes>|off", "Answers end after so many bytes", &Faults::understand_truncate);
  add("clear", "No fault any more", &Faults::understand_clear);
  return all;
}

std::optional<Action> Faults::understand_switch(Words words) {
  const auto on = on_or_off(words.subspan(1));
  for (const Switch& it : switches)
    if (on && words[1] == it.name) return quietly([this, setting = it.setting, on] { settings_.*setting = *on; });
  return std::nullopt;
}

std::optional<Action> Faults::understand_sleep(Words words) {
  if (words.size() != 2 || words[1] != "sleep") return std::nullopt;
  return quietly([this] { settings_.asleep = true; });
}

std::optional<Action> Faults::understand_chance(Words words) {
  const auto chance = words.size() == 3 ? number(words[2], 0, 1) : std::nullopt;
  for (const Chance& it : chances)
    if (chance && words[1] == it.name)
      return quietly([this, setting = it.setting, chance] { settings_.*setting = *chance; });
  return std::nullopt;
}

std::optional<Action> Faults::understand_late(Words words) {
  if (words.size() != 3 || words[1] != "late") return std::nullopt;
  const auto delay_ms = number(words[2], 0, longest_delay_ms);
  if (!delay_ms) return std::nullopt;
  return quietly([this, delay_ms] { settings_.late = std::chrono::milliseconds(static_cast<long>(*delay_ms)); });
}

std::optional<Action> Faults::understand_truncate(Words words) {
  if (words.size() != 3 || words[1] != "truncate") return std::nullopt;
  if (words[2] == "off") return quietly([this] { settings_.truncate.reset(); });
  const auto bytes = number(words[2], 0, longest_answer);
  if (!bytes) return std::nullopt;
  return quietly([this, bytes] { settings_.truncate = static_cast<std::size_t>(*bytes); });
}

std::optional<Action> Faults::understand_clear(Words words) {
  if (words.size() != 2 || words[1] != "clear") return std::nullopt;
  return quietly([this] { settings_ = {}; });
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
