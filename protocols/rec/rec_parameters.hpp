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

/// Between which values an instruction is written to a model: what its manual says, or what every model takes. Empty
/// when it is only read.
[[nodiscard]] std::optional<Range> write_range(const Instruction& instruction, Model model);

/// The text that writes `value`. Errors: rejected as by check_write(), or the model does not know the instruction.
[[nodiscard]] Result<std::string> text_to_write(const Instruction& instruction, double value, Model model);

/// The content of any answer as one line for people.
[[nodiscard]] std::string describe(const Answer& answer, const Question& question);

}  // namespace bms::rec
