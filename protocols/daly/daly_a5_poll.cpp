// One poll of an 0xA5 board.
#include "daly/daly_a5_poll.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "daly/daly_failures.hpp"

namespace bms::daly {
namespace {

/// Two answers that agree end every doubt, three always do; the rest is room for such that cannot be true.
constexpr int most_answers = 6;

/// Polls after which a remembered value that was not confirmed again counts as unknown.
constexpr unsigned too_old = 120;

constexpr Patience occasional_patience = a5_patience.with_attempts(2);
constexpr Patience rare_patience = a5_patience.with_attempts(1);

constexpr int temperature_min_c = -39;
constexpr int temperature_max_c = 125;

struct Question {
  std::uint8_t command;
  const Patience* patience;
};

// By step.
constexpr std::array questions{
    Question{commands::status, &a5_patience},
    Question{commands::pack, &a5_patience},
    Question{commands::fets, &a5_patience},
    Question{commands::failures, &a5_patience},
    Question{commands::cells, &a5_patience},
    Question{commands::temperatures, &occasional_patience},
    Question{commands::balancer, &occasional_patience},
    Question{commands::status, &occasional_patience},
    Question{commands::cell_range, &rare_patience},
    Question{commands::rated, &rare_patience},
};

CellReading cells_in(const Collection& frames, std::size_t count) {
  CellReading reading;
  for (std::size_t number = 1; number <= count; ++number)
    reading.cells_v.push_back(cell_of(frames, number).value_or(0));
  return reading;
}

TemperatureReading temperatures_in(const Collection& frames, std::size_t count) {
  TemperatureReading reading;
  for (std::size_t number = 1; number <= count; ++number) {
    auto temperature = temperature_of(frames, number);
    if (temperature && (*temperature < temperature_min_c || *temperature > temperature_max_c)) temperature.reset();
    reading.temperatures_c.push_back(temperature);
  }
  return reading;
}

std::size_t sensors_of(const A5Board& board) { return std::min(board.sensor_count().value_or(0), most_sensors); }
std::size_t cells_of(const A5Board& board) { return std::min(board.cell_count().value_or(0), most_cells); }

}  // namespace

Reading reading_of(const A5Board& board) {
  Reading reading;
  const PackReading& pack = *board.pack.believed();
  const FetReading& fets = *board.fets.believed();
  const std::uint64_t failures = board.failures.believed()->bits;
  reading.voltage_v = pack.voltage_v;
  reading.current_a = pack.current_a;
  reading.soc_pct = pack.soc_pct;
  reading.design_capacity_ah = board.rated_ah.value();
  reading.remaining_ah = fets.remaining_ah;
  reading.cycles = board.cycle_count();
  const auto& cells = board.cells.believed()->cells_v;
  reading.cells_v.assign(cells.begin(), cells.end());
  const bool inhibited = (failures >> charge_inhibit_bit & 1U) != 0;
  reading.charge_fet = fets.charge && !inhibited;
  reading.discharge_fet = fets.discharge;
  reading.alarms = alarms_of_failures(failures);
  reading.raw_protection = failures;
  return reading;
}

void A5Poll::start() {
  A5Board& known = board();
  known.pack.forget_doubts();
  known.fets.forget_doubts();
  known.failures.forget_doubts();
  known.cells.forget_doubts();
  known.temperatures.forget_doubts();
  known.balancer.forget_doubts();
  ++temperatures_age_;
  ++balancer_age_;
  asked_ = 0;
  ask_for(known.cell_count() && known.sensor_count() ? Step::pack : Step::layout);
}

void A5Poll::ask_for(Step step) {
  if (step != step_) asked_ = 0;
  step_ = step;
  std::size_t frames = 1;
  if (step == Step::cells) frames = frames_for(cells_of(board()), cells_per_frame);
  if (step == Step::temperatures) frames = frames_for(sensors_of(board()), sensors_per_frame);
  static_assert(questions.size() == step_count);
  const Question& question = questions[static_cast<std::size_t>(step)];
  ask(question.command, *question.patience, frames);
}

void A5Poll::take(Result<Reply> answer) {
  ++asked_;
  if (step_ >= Step::temperatures) return take_of_turn(answer);
  if (!answer) return end(std::move(answer).error());
  switch (step_) {
    case Step::layout: return take_layout(*answer);
    case Step::pack: return take_pack(*answer);
    case Step::fets: return take_fets(*answer);
    case Step::failures: return take_failures(*answer);
    default: return take_cells(*answer);
  }
}

void A5Poll::doubt(const char* why) {
  if (asked_ < most_answers) return ask_for(step_);
  end({ErrorKind::implausible, why, std::nullopt});
}

void A5Poll::take_layout(const Reply& reply) {
  const Status status = decode_status(reply.data);
  if (plausible(status)) board().learn(status);
  if (!board().layout.value()) return doubt("the BMS does not tell twice the same number of cells, 1 to 48");
  ask_for(Step::pack);
}

void A5Poll::take_pack(const Reply& reply) {
  const PackReading reading{decode_pack(reply.data)};
  if (!usable(reading, cells_of(board()))) return doubt("a voltage that this pack cannot have");
  if (!board().pack.offer(reading)) return doubt("voltage, current or state of charge differ at every read");
  ask_for(Step::fets);
}

void A5Poll::take_fets(const Reply& reply) {
  if (!board().fets.offer({decode_fets(reply.data)})) return doubt("the state of the FETs differs at every read");
  ask_for(Step::failures);
}

void A5Poll::take_failures(const Reply& reply) {
  if (!board().failures.offer({decode_failures(reply.data)})) return doubt("the failure bits differ at every read");
  ask_for(Step::cells);
}

void A5Poll::take_cells(const Reply& reply) {
  if (!board().cells.offer(cells_in(reply.frames, cells_of(board()))))
    return doubt("the cell voltages differ at every read");
  plan_turn();
  next_of_turn();
}

// Over eight polls: temperatures four times, balancer and status twice, the rest once, until it is known. What is
// planned last is asked first.
void A5Poll::plan_turn() {
  constexpr unsigned hour = 4096;
  const A5Board& known = board();
  const auto plan = [this](Step step) {
    if (occasional(step).take_turn()) planned_.push_back(step);
  };
  planned_.clear();
  const unsigned turn = turn_++;
  if (turn % 8 == 1 && !known.fills_with_zeros.value()) plan(Step::cell_range);
  if (turn % 8 == 1 && (!known.rated_ah.value() || turn % hour == 1)) plan(Step::rated);
  if (turn % 4 == 3) plan(Step::status);
  if (turn % 4 == 1 || !known.balancer.believed()) plan(Step::balancer);
  if ((turn % 2 == 0 || !known.temperatures.believed()) && sensors_of(known) > 0) plan(Step::temperatures);
}

void A5Poll::next_of_turn() {
  if (planned_.empty()) return finish();
  const Step step = planned_.back();
  planned_.pop_back();
  asked_ = 0;
  ask_for(step);
}

void A5Poll::take_of_turn(const Result<Reply>& answer) {
  if (!answer) {
    occasional(step_).unanswered();
    return next_of_turn();
  }
  occasional(step_).answered();
  if (!settled(*answer) && asked_ < most_answers) return ask_for(step_);
  next_of_turn();
}

bool A5Poll::settled(const Reply& reply) {
  A5Board& known = board();
  switch (step_) {
    case Step::temperatures:
      if (!known.temperatures.offer(temperatures_in(reply.frames, sensors_of(known)))) return false;
      temperatures_age_ = 0;
      return true;
    case Step::balancer:
      if (!known.balancer.offer({decode_balancer(reply.data)})) return false;
      balancer_age_ = 0;
      return true;
    case Step::status:
      if (const Status status = decode_status(reply.data); plausible(status)) known.learn(status);
      return true;
    case Step::cell_range:
      known.learn(decode_cell_range(reply.data));
      return known.fills_with_zeros.value().has_value() || known.pack.believed()->soc_pct == 0;
    default: known.learn_rated(reply.data); return known.rated_ah.value().has_value();
  }
}

void A5Poll::finish() {
  const A5Board& known = board();
  result_ = reading_of(known);
  const auto& temperatures = known.temperatures.believed();
  const bool fresh = temperatures && temperatures_age_ < too_old;
  for (std::size_t sensor = 0; sensor < sensors_of(known); ++sensor) {
    const bool told = fresh && sensor < temperatures->temperatures_c.size();
    result_->temperatures_c.push_back(told ? temperatures->temperatures_c[sensor] : std::nullopt);
  }
  if (known.balancer.believed() && balancer_age_ < too_old) {
    // Bits of cells that do not exist mean nothing.
    const std::uint64_t existing = (std::uint64_t{1} << cells_of(known)) - 1;
    result_->balancing = std::bitset<max_cells>(known.balancer.believed()->bits & existing);
  }
  close();
}

void A5Poll::end(Error why) {
  result_ = std::unexpected(std::move(why));
  close();
}

}  // namespace bms::daly
