// Checks what may be read and written, by the table of instructions and by what is known of the unit.
#pragma once

#include <string>
#include <string_view>

#include "bms/error.hpp"
#include "rec/rec_answer.hpp"
#include "rec/rec_instructions.hpp"

namespace bms::rec {

/// The instruction of that name. Errors: rejected.
[[nodiscard]] Result<const Instruction*> instruction_named(std::string_view mnemonic);

/// Between which values an instruction is written to a model: its own limits, else what every family takes.
[[nodiscard]] std::optional<Range> write_range(const Instruction& instruction, Model model);

/// Why an instruction is not written by us at all; empty when it is.
[[nodiscard]] std::string_view why_not_written(const Instruction& instruction);

/// The text that writes `value`. Errors: rejected, with what is expected instead.
[[nodiscard]] Result<std::string> text_to_write(const Instruction& instruction, double value, Model model);

/// The content of any answer as one line for people.
[[nodiscard]] std::string describe(const Answer& answer, const Question& question);

}  // namespace bms::rec
