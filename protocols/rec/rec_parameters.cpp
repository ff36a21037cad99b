// Checks what may be read and written, by the table of instructions and by what is known of the unit.
#include "rec/rec_parameters.hpp"

#include <cmath>
#include <cstdio>

#include "bms/hex.hpp"
#include "rec/rec_decode.hpp"
#include "rec/rec_errands.hpp"
#include "rec/rec_errors.hpp"
#include "rec/rec_text.hpp"
#include "rec/rec_values.hpp"

namespace bms::rec {
namespace {

std::string short_text(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.7g", value);
  return text.data();
}

std::string with_unit(const Instruction& instruction, const std::string& text) {
  return instruction.unit.empty() ? text : text + " " + std::string(instruction.unit);
}

std::unexpected<Error> rejected(const Instruction& instruction, const std::string& why) {
  return failure(ErrorKind::rejected, std::string(instruction.mnemonic) + " " + why);
}

std::string place_text(const Place& place) {
  return std::to_string(place.number) + " of unit " + std::to_string(place.unit);
}

std::string describe_extremes(const Extremes& extremes) {
  return "lowest cell " + place_text(extremes.lowest_cell) + ", highest cell " + place_text(extremes.highest_cell) +
         ", hottest sensor " + place_text(extremes.hottest_sensor) + ", " + short_text(extremes.discharged_ah) +
         " Ah taken out";
}

std::string describe_fault(const Fault& fault) {
  if (!fault.present) return "no error";
  return "error " + std::to_string(fault.number) + " (" + error_name(fault.number) + "), unit " +
         std::to_string(fault.unit) + ", cell or sensor " + std::to_string(fault.location);
}

std::string describe_numbers(Bytes data) {
  std::string text;
  for (std::size_t i = 0; i < data.size() / 4; ++i) {
    if (i > 0) text += ' ';
    text += short_text(number_at(data, i));
  }
  return text;
}

}  // namespace

Result<const Instruction*> instruction_named(std::string_view mnemonic) {
  if (const Instruction* found = find_instruction(mnemonic)) return found;
  return failure(ErrorKind::rejected, "a REC unit has no instruction '" + std::string(mnemonic.substr(0, 60)) + "'");
}

std::optional<Range> write_range(const Instruction& instruction, Model model) {
  if (model == Model::q1 && instruction.q1) return instruction.q1;
  if (model == Model::abms && instruction.abms) return instruction.abms;
  return instruction.range;
}

std::string_view why_not_written(const Instruction& instruction) {
  // More than six digits do not go through a write, and one of the bits shows a state.
  constexpr double most = 999999;
  if (instruction.access == Access::read || instruction.risk == Risk::never_write) return "is read only";
  if (instruction.type != Type::number && instruction.type != Type::count) return "is no number and cannot be set";
  if (!instruction.range) return "cannot be set: its range depends on the mode of the output";
  if (instruction.range->max > most) return "cannot be set: a task word has more digits than a write carries";
  return {};
}

Result<std::string> text_to_write(const Instruction& instruction, double value, Model model) {
  if (const auto why = why_not_written(instruction); !why.empty()) return rejected(instruction, std::string(why));
  if (!may_know(model, instruction.models)) return rejected(instruction, "is unknown to this model");
  const Range range = *write_range(instruction, model);
  if (!range.contains(value))
    return rejected(instruction, "takes " +
                                     with_unit(instruction, short_text(range.min) + " to " + short_text(range.max)) +
                                     ", not " + short_text(value));
  if (instruction.type == Type::count && value != std::floor(value))
    return rejected(instruction, "takes whole numbers, not " + short_text(value));
  return number_text(value);
}

std::string describe(const Answer& answer, const Question& question) {
  if (question.mnemonic == "LCD3") return describe_extremes(decode_extremes(answer.payload()));
  if (question.mnemonic == "ERRO") return describe_fault(decode_fault(answer.payload()));
  if (question.shape == Shape::block) return describe_numbers(answer.payload());
  if (question.shape == Shape::per_unit) {
    std::string text;
    for_each_value(answer, [&text](double value) { text += (text.empty() ? "" : " ") + short_text(value); });
    return text;
  }
  const auto text = text_of(answer.payload());
  return text ? std::string(*text) : to_hex(answer.payload());
}

}  // namespace bms::rec
