// Checks what may be read and written, by the table of instructions and by what is known of the unit.
#include "rec/rec_parameters.hpp"

#include <cmath>
#include <cstdio>

#include "bms/hex.hpp"
#include "parameters.hpp"
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
  return no_parameter("a REC unit", mnemonic);
}

std::optional<Range> write_range(const Instruction& instruction, Model model) {
  for (const ModelRange& row : model_ranges())
    if (row.mnemonic == instruction.name && row.model != model) return row.others;
  return instruction.range;
}

Result<std::string> text_to_write(const Instruction& instruction, double value, Model model) {
  if (auto checked = check_write(instruction, value, write_range(instruction, model)); !checked)
    return std::unexpected(std::move(checked).error());
  if (!may_know(model, instruction.models))
    return failure(ErrorKind::rejected, std::string(instruction.name).append(" is unknown to this model"));
  const double steps = instruction.resolution > 0 ? std::round(value / instruction.resolution) : 0;
  return number_text(steps == 0 ? value : steps * instruction.resolution);
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
