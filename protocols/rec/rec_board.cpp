// What lasts between two conversations with one REC unit.
#include "rec/rec_board.hpp"

#include "rec/rec_plausible.hpp"

namespace bms::rec {

Model model_of(std::string_view text, std::uint8_t unit) {
  if (unit == master_address) return Model::master;
  if (text.contains("1Q")) return Model::q1;
  if (text.contains("ACTIVE") || (text.contains("REC") && text.contains("MANAGEMENT SYSTEM"))) return Model::abms;
  return Model::unknown;
}

bool names_a_rec(std::string_view text) { return text.contains("REC") || text.contains("ACTIVE"); }

void SensorMemory::told(double temperature_c) {
  age_ = 0;
  const bool once = temperature_c == sensor_just_on_c && told_c_ != sensor_just_on_c;
  told_c_ = temperature_c;
  if (!once) believed_c_ = believed_temperature(temperature_c);
}

Board::Board(const BoardOptions& options)
    : unit(static_cast<std::uint8_t>(options.variant.address == 0 ? usual_address : options.variant.address)),
      configured_sensors(options.temperature_sensors) {
  if (unit == master_address) model = Model::master;
}

Question Board::question(std::string_view mnemonic) const {
  const Instruction& instruction = *find_instruction(mnemonic);
  Question question = read_question(unit, instruction, sends_counts);
  if (instruction.kind == ParameterKind::number) question.plain_digits = !sends_exponents;
  if (mnemonic == "CELL") question.layout = cells;
  if (mnemonic == "PTEM") question.layout = temperatures;
  return question;
}

void Board::poll_begins() {
  errands.begin_poll();
  board_sensor.poll_begins();
  for (SensorMemory& sensor : sensors) sensor.poll_begins();
}

void Board::start_over() {
  errands.start_over();
  if (!sensors.empty()) errands.expect(errand_index("PTEM"));
  cells.reset();
  temperatures.reset();
  sends_counts = false;
  sends_exponents = false;
}

}  // namespace bms::rec
