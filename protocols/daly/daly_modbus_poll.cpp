// One poll of a board of the newer protocol.
#include "daly/daly_modbus_poll.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "bms/words.hpp"
#include "daly/daly_a5_decode.hpp"

namespace bms::daly {
namespace {

constexpr unsigned turns_between_more = 4;
constexpr unsigned turns_between_settings = 4096;

/// The bits of the cells that exist; FFFF stands for registers that the board does not have.
std::optional<std::bitset<max_cells>> balancer_bits_in(const Words& words, Map map) {
  const std::uint16_t first = registers::balancer_bits.in(map);
  const std::size_t count = cell_slots(map) / 16;
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto word = words.at(first + i);
    if (!word || *word == no_value) return std::nullopt;
    bits |= std::uint64_t{*word} << (16 * i);
  }
  return std::bitset<max_cells>(bits);
}

std::optional<double> rated_in(const Words& words, Map map) {
  const auto rated = value_in(words, map, find_setting("design_capacity", map)->value);
  return rated && *rated > 0 ? rated : std::nullopt;
}

/// 0, for LiFePO4, is also what a board says on which it was never set.
std::optional<Chemistry> chemistry_in(const Words& words, Map map) {
  const auto type = map == Map::d2 ? words.at(registers::battery_type.d2) : std::nullopt;
  if (type == 1) return Chemistry::li_ion;
  return type == 2 ? std::optional(Chemistry::lto) : std::nullopt;
}

bool flag_in(const Words& words, Address address, Map map) { return words.at(address.in(map)).value_or(0) != 0; }

AlarmLevel level_of(const P81Failure& row, unsigned level) {
  if (level == 0) return AlarmLevel::ok;
  if (!row.levels) return row.failure.level;
  return level == 1 ? AlarmLevel::warning : AlarmLevel::alarm;
}

void add_temperatures(Reading& reading, const Words& words, const ModbusBoard& board) {
  std::size_t sensors = words.at(registers::sensor_count.in(board.map)).value_or(0);
  if (board.user_sensors > 0) sensors = board.user_sensors;
  for (std::size_t sensor = 0; sensor < std::min(sensors, sensor_slots); ++sensor)
    reading.temperatures_c.push_back(temperature_in(words, registers::temperatures.in(board.map) + sensor));
}

std::uint64_t p81_active_rows(const Words& words) {
  std::uint64_t active = 0;
  static_assert(p81_failures.size() <= 64);
  for (std::size_t row = 0; row < p81_failures.size(); ++row)
    if (p81_level(words, p81_failures[row]) > 0) active |= std::uint64_t{1} << row;
  return active;
}

}  // namespace

Alarms p81_alarms_in(const Words& words) {
  Alarms alarms;
  for (const P81Failure& row : p81_failures)
    if (row.failure.alarm) alarms.raise(*row.failure.alarm, level_of(row, p81_level(words, row)));
  return alarms;
}

Result<void> add_live(Reading& reading, const Words& words, const ModbusBoard& board) {
  const Map map = board.map;
  const std::size_t counted = words.at(registers::cell_count.in(map)).value_or(0);
  const std::size_t cells = board.user_cells > 0 ? board.user_cells : counted;
  if (cells == 0 || cells > cell_slots(map))
    return failure(ErrorKind::implausible, "expected 1 to " + std::to_string(cell_slots(map)) +
                                               " cells, the BMS counts " + std::to_string(counted));
  const PackState state{.voltage_v = scaled(words, registers::voltage.in(map), scales::pack_voltage).value_or(0),
                        .current_a = scaled(words, registers::current.in(map), scales::above_zero_current).value_or(0),
                        .soc_pct = scaled(words, registers::soc.in(map), scales::percent).value_or(0)};
  if (!usable(state, cells))
    return failure(ErrorKind::implausible, "a voltage that " + bms::counted(cells, "cell") + " cannot have");
  reading.voltage_v = state.voltage_v;
  reading.current_a = state.current_a;
  reading.soc_pct = state.soc_pct;
  for (std::size_t cell = 0; cell < cells; ++cell)
    reading.cells_v.push_back(words.at(registers::cells.in(map) + cell).value_or(0) / 1000.0);
  add_temperatures(reading, words, board);
  return {};
}

void add_status(Reading& reading, const Words& words, Map map) {
  reading.remaining_ah = scaled(words, registers::remaining.in(map), scales::capacity);
  reading.cycles = scaled(words, registers::cycles.in(map), scales::number);
  reading.charge_fet = flag_in(words, registers::charge_fet, map);
  reading.discharge_fet = flag_in(words, registers::discharge_fet, map);
  if (map == Map::d2) {
    const std::uint64_t bits = d2_failures_in(words);
    reading.alarms = alarms_of_failures(bits);
    reading.raw_protection = bits;
    if ((bits >> charge_inhibit_bit & 1U) != 0) reading.charge_fet = false;
    return;
  }
  reading.heating = heating_in(words, map);
  reading.alarms = p81_alarms_in(words);
  reading.raw_protection = p81_active_rows(words);
  if ((words.at(p81_charge_inhibit_register).value_or(0) >> p81_charge_inhibit_bit & 1U) != 0)
    reading.charge_fet = false;
  if (const auto temperature = temperature_in(words, registers::mosfet_temperature.p81))
    reading.mos_temperature_c = *temperature;
}

void ModbusPoll::start() {
  result_ = Reading{};
  balancing_.reset();
  step_ = Step::live;
  ask(board().map == Map::d2 ? blocks::d2_live : blocks::p81_live);
}

void ModbusPoll::take(Result<ModbusReply> answer) {
  const bool d2 = board().map == Map::d2;
  switch (step_) {
    case Step::live:
      if (!answer) return end(std::move(answer).error());
      return take_live(Words((d2 ? blocks::d2_live : blocks::p81_live).first, answer->words));
    case Step::status: {
      if (!answer) return end(std::move(answer).error());
      const Words words(blocks::p81_status.first, answer->words);
      add_status(*result_, words, Map::p81);
      balancing_ = balancing_in(words, Map::p81);
      board().balancer_bits = balancer_bits_in(words, Map::p81);
      return next_after(Step::status);
    }
    case Step::more: return take_more(answer);
    case Step::settings: return take_settings(answer);
  }
}

void ModbusPoll::take_live(const Words& words) {
  if (auto added = add_live(*result_, words, board()); !added) return end(std::move(added).error());
  if (board().map == Map::d2) {
    add_status(*result_, words, Map::d2);
    balancing_ = balancing_in(words, Map::d2);
    return next_after(Step::live);
  }
  step_ = Step::status;
  ask(blocks::p81_status);
}

/// What is asked in turn.
void ModbusPoll::next_after(Step step) {
  constexpr Patience patience = modbus_patience.with_attempts(2);
  const bool d2 = board().map == Map::d2;
  if (step < Step::more && d2 && turn_ % turns_between_more == 0 && more_.take_turn()) {
    step_ = Step::more;
    return ask(blocks::d2_more, patience);
  }
  const bool wanted = turn_ > 0 && (!board().rated_ah || turn_ % turns_between_settings == 0);
  if (step < Step::settings && wanted && settings_.take_turn()) {
    step_ = Step::settings;
    return ask(d2 ? blocks::d2_settings : blocks::p81_settings, patience);
  }
  finish();
}

void ModbusPoll::take_more(const Result<ModbusReply>& answer) {
  board().mosfet_temperature_c.reset();
  board().balancer_bits.reset();
  if (answer) {
    more_.answered();
    const Words words(blocks::d2_more.first, answer->words);
    if (const auto temperature = temperature_in(words, registers::mosfet_temperature.d2))
      board().mosfet_temperature_c = *temperature;
    board().balancer_bits = balancer_bits_in(words, Map::d2);
  } else {
    more_.unanswered();
  }
  next_after(Step::more);
}

void ModbusPoll::take_settings(const Result<ModbusReply>& answer) {
  if (answer) {
    const bool d2 = board().map == Map::d2;
    const Words words((d2 ? blocks::d2_settings : blocks::p81_settings).first, answer->words);
    board().rated_ah = rated_in(words, board().map);
    board().chemistry = chemistry_in(words, board().map);
  }
  // A board that answers without saying is not asked again and again either.
  answer&& board().rated_ah ? settings_.answered() : settings_.unanswered();
  next_after(Step::settings);
}

void ModbusPoll::finish() {
  ++turn_;
  const ModbusBoard& known = board();
  Reading& reading = *result_;
  reading.design_capacity_ah = known.rated_ah;
  reading.chemistry = known.chemistry;
  if (known.map == Map::d2) reading.mos_temperature_c = known.mosfet_temperature_c;
  if (balancing_ == false) {
    reading.balancing.emplace();
  } else if (known.balancer_bits) {
    const std::uint64_t existing = (std::uint64_t{1} << reading.cells_v.size()) - 1;
    reading.balancing = *known.balancer_bits & std::bitset<max_cells>(existing);
  }
  close();
}

void ModbusPoll::end(Error why) {
  result_ = std::unexpected(std::move(why));
  close();
}

}  // namespace bms::daly
