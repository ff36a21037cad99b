// The instruction set of REC units: what each mnemonic reads, and between which values it may be set.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "bms/parameter.hpp"

namespace bms::rec {

/// Kinds of units as far as instructions and limits differ.
enum class Model : std::uint8_t { unknown, q1, abms, master };

/// In which models an instruction is known.
namespace models {
inline constexpr unsigned none = 0;
inline constexpr unsigned q1 = 1;
inline constexpr unsigned abms = 2;
inline constexpr unsigned master = 4;
inline constexpr unsigned both = q1 | abms;
}  // namespace models

/// One instruction: a parameter whose name is its mnemonic. It is read by "MMMM?" and written by "MMMM value".
struct Instruction : Parameter {
  std::optional<double> factory;  ///< value of a new 1Q, Victron firmware 2.5
  unsigned models;
};

/// All of them, by what they are about.
[[nodiscard]] std::span<const Instruction> instructions();

/// The instruction of that name, or nullptr.
[[nodiscard]] const Instruction* find_instruction(std::string_view mnemonic);

/// Where the range in the table is that of one model alone, and what is written to all others.
struct ModelRange {
  std::string_view mnemonic;
  Model model;
  Range others;
};

[[nodiscard]] std::span<const ModelRange> model_ranges();

}  // namespace bms::rec
