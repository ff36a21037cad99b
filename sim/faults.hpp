// Everything that can go wrong between a BMS and its reader. The same seed brings the same damage to the same bytes.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "command.hpp"
#include "outcome.hpp"

namespace bms::sim {

/// What is wrong with the line and the board now. Chances are per byte, in both directions.
struct FaultSettings {
  bool silent = false;                  ///< nothing is answered
  bool asleep = false;                  ///< the next question only wakes the board
  bool echo = false;                    ///< a half-duplex adapter: questions come back
  double flip_chance = 0;               ///< one bit of the byte is turned over
  double damage_chance = 0;             ///< the byte becomes another one
  double drop_chance = 0;               ///< the byte is lost
  double insert_chance = 0;             ///< a stray byte comes before it
  std::chrono::milliseconds late{0};    ///< answers come this much later
  std::optional<std::size_t> truncate;  ///< answers end after so many bytes
};

class Faults {
 public:
  explicit Faults(std::uint64_t seed) : random_(seed) {}

  /// Everything that begins with "fault".
  [[nodiscard]] static Commands<Faults> commands();

  [[nodiscard]] const FaultSettings& settings() const { return settings_; }

  /// Whether the board takes what comes now. A sleeping one only wakes up by it.
  [[nodiscard]] bool board_hears();

  /// What the line makes of bytes that pass over it.
  [[nodiscard]] std::vector<std::uint8_t> passed_over_line(std::span<const std::uint8_t> bytes);

  /// What is left of an answer: cut, then passed over the line.
  [[nodiscard]] std::vector<std::uint8_t> answered(std::span<const std::uint8_t> bytes);

 private:
  using Words = std::span<const std::string>;
  [[nodiscard]] std::optional<Action> understand_switch(Words words);
  [[nodiscard]] std::optional<Action> understand_sleep(Words words);
  [[nodiscard]] std::optional<Action> understand_chance(Words words);
  [[nodiscard]] std::optional<Action> understand_late(Words words);
  [[nodiscard]] std::optional<Action> understand_truncate(Words words);
  [[nodiscard]] std::optional<Action> understand_clear(Words words);

  [[nodiscard]] bool happens(double chance);
  [[nodiscard]] std::uint8_t any_byte(unsigned low);

  FaultSettings settings_;
  std::mt19937_64 random_;
};

}  // namespace bms::sim
