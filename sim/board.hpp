// What a family of boards has to offer to be simulated: it answers questions, byte by byte, and knows no line and no
// clock. Adding a family is one class of this kind and one row in families.cpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "command.hpp"
#include "outcome.hpp"

namespace bms::sim {

/// What goes back over the line, and which question it answers (a word for the time stamps, "03").
struct Answer {
  std::vector<std::uint8_t> bytes;
  std::string question;
};

class Board {
 public:
  Board() = default;
  Board(const Board&) = delete;
  Board& operator=(const Board&) = delete;
  virtual ~Board() = default;

  /// Takes one byte from the line. Empty: no question is complete, or the board stays silent.
  [[nodiscard]] virtual std::optional<Answer> receive(std::uint8_t byte) = 0;

  /// The line was quiet for longer than a pause between bytes: half a question is forgotten.
  virtual void line_idle() = 0;

  /// When a board that talks by itself has said something: how long until it speaks again. Empty: it only answers.
  [[nodiscard]] virtual std::optional<std::chrono::milliseconds> pause_before_speaking() const { return std::nullopt; }

  /// What such a board says next.
  [[nodiscard]] virtual Answer speak() { return {}; }

  /// Understands a command that only this family has ("protect", "lock", ...), or says what was expected.
  [[nodiscard]] virtual Outcome<Action> compile(std::span<const std::string> words) = 0;

  /// Everything a test wants to know, with the values at the resolution in which this board reports them.
  [[nodiscard]] virtual nlohmann::json state() const = 0;
};

}  // namespace bms::sim
