// Makes a Reading of what a poll and the errands before it have brought, and takes in what errands bring.
#include "rec/rec_reading.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "bms/words.hpp"
#include "rec/rec_errors.hpp"
#include "rec/rec_plausible.hpp"
#include "rec/rec_text.hpp"
#include "rec/rec_values.hpp"

namespace bms::rec {
namespace {

constexpr std::size_t extremes_errand = errand_index("LCD3");
constexpr std::size_t balancer_errand = errand_index("WCBI");

bool take_temperatures(const Answer& answer, Board& board) {
  boost::container::static_vector<double, max_temperatures> told_c;
  for (std::size_t unit = 0; unit < answer.units; ++unit) {
    const auto cells = board.cells && unit < board.cells->values.size()
                           ? std::optional<std::size_t>(board.cells->values[unit])
                           : std::nullopt;
    const std::size_t sensors = sensors_of_unit(values_of_unit(answer, unit), board.configured_sensors, cells);
    for (std::size_t i = 0; i < sensors && told_c.size() < max_temperatures; ++i) {
      told_c.push_back(value_at(answer, unit, i));
    }
  }
  if (!board.temperatures) board.temperatures = answer.layout();
  board.sensors.resize(told_c.size());
  for (std::size_t i = 0; i < told_c.size(); ++i) board.sensors[i].told(told_c[i]);
  return true;
}

bool take_extremes(const Answer& answer, Board& board) {
  const Extremes extremes = decode_extremes(answer.payload());
  if (!plausible(extremes)) return false;
  board.extremes = extremes;
  return true;
}

/// CELL and PTEM look the same; no cell and no sensor reads as little as a resistance.
bool take_resistances(const Answer& answer, Board& board) {
  if (!board.cells || count_values(answer) > max_cells) return false;
  boost::container::static_vector<double, max_cells> told_ohm;
  for_each_value(answer, [&told_ohm](double ohm) { told_ohm.push_back(ohm); });
  if (!std::ranges::all_of(told_ohm, [](double ohm) { return resistance_bounds_ohm.contains(ohm); })) return false;
  board.cell_resistances_ohm = told_ohm;
  return true;
}

bool take_board_temperature(const Answer& answer, Board& board) {
  board.board_sensor.told(number_at(answer.payload(), 0));
  return true;
}

/// Cell sensors as they were reported last. How warm the hottest one is comes with every poll, but not which that is.
void compose_temperatures(Reading& reading, const Overview& overview, const Board& board) {
  for (const SensorMemory& sensor : board.sensors) reading.temperatures_c.push_back(sensor.believed_c());
  reading.highest_temperature_c = believed_temperature(overview.highest_temperature_c);
}

struct Span {
  std::optional<double> lowest, highest;

  void add(const std::optional<double>& value) {
    if (!value) return;
    lowest = std::min(lowest.value_or(*value), *value);
    highest = std::max(highest.value_or(*value), *value);
  }
};

constexpr Alarm declared_alarms[] = {
    Alarm::high_cell_voltage,      Alarm::low_cell_voltage,          Alarm::cell_imbalance,   Alarm::high_temperature,
    Alarm::low_charge_temperature, Alarm::high_internal_temperature, Alarm::internal_failure, Alarm::contactor,
    Alarm::high_charge_current,    Alarm::high_discharge_current};

/// Alarms and permissions: of the one error that the unit reports, and of its thresholds.
void compose_permissions(Reading& reading, const Essentials& essentials, Board& board) {
  const Overview& overview = essentials.overview;
  Span temperature;
  temperature.add(believed_temperature(overview.highest_temperature_c));
  for (const auto& sensor_c : reading.temperatures_c) temperature.add(sensor_c);

  for (const Alarm alarm : declared_alarms) reading.alarms.declare(alarm);
  raise_threshold_alarms(reading.alarms, overview, temperature.lowest, temperature.highest, board.settings);
  board.guard.update(overview, temperature.lowest, temperature.highest, board.settings);
  reading.charge_fet = board.guard.allows_charge();
  reading.discharge_fet = board.guard.allows_discharge();
  reading.raw_protection = essentials.fault.raw();
  if (!essentials.fault.present) return;
  reading.alarm_unit = essentials.fault.unit;

  const ErrorRule rule = rule_for(essentials.fault.number, overview.current_a);
  for (const auto& alarm : rule.alarms)
    if (alarm) reading.alarms.raise(*alarm, rule.level);
  reading.charge_fet = *reading.charge_fet && rule.allows_charge;
  reading.discharge_fet = *reading.discharge_fet && rule.allows_discharge;
}

void compose_limits(Reading& reading, const Settings& settings) {
  if (settings.full_cell_v)
    reading.max_charge_voltage_v = static_cast<double>(reading.cells_v.size()) * *settings.full_cell_v;
  reading.max_charge_current_a =
      current_limit(settings.devices, settings.device_charge_a, settings.charge_c, settings.capacity_ah);
  reading.max_discharge_current_a =
      current_limit(settings.devices, settings.device_discharge_a, settings.discharge_c, settings.capacity_ah);
}

/// By the numbers of CHEM: 1, 2 and 5 are charged to 4.2 V, 3 and 4 are LiFePO4.
std::optional<Chemistry> chemistry_of(const Settings& settings) {
  if (settings.chemistry == 3 || settings.chemistry == 4) return Chemistry::lfp;
  if (settings.chemistry == 1 || settings.chemistry == 2 || settings.chemistry == 5) return Chemistry::li_ion;
  return std::nullopt;
}

/// How many equal parts the cells come in; parts that differ are shown as one.
std::size_t modules_of(const std::optional<Layout>& layout) {
  if (!layout) return 1;
  const bool even = std::ranges::all_of(layout->values, [&](std::size_t n) { return n == layout->values.front(); });
  return even ? layout->values.size() : 1;
}

}  // namespace

Result<void> take_cells(const Answer& answer, Board& board, Essentials& essentials) {
  const auto layout = answer.layout();
  const std::size_t count = count_values(answer);
  if (!layout || count > max_cells)
    return failure(ErrorKind::unsupported, "the system tells " + counted(count, "cell") + " in " +
                                               counted(answer.units, "unit") + "; at most " +
                                               std::to_string(max_cells) + " cells in " + std::to_string(max_units) +
                                               " units can be shown");
  essentials.cells_v.clear();
  for_each_value(answer, [&essentials](double cell_v) { essentials.cells_v.push_back(cell_v); });
  for (const double cell_v : essentials.cells_v)
    if (!cell_bounds_v.contains(cell_v))
      return failure(ErrorKind::implausible, "a cell of " + std::to_string(cell_v) + " V");
  board.cells = layout;
  return {};
}

Result<void> check_sum(const Essentials& essentials, Board& board) {
  constexpr unsigned tolerated = 2;
  const double sum_v = std::accumulate(essentials.cells_v.begin(), essentials.cells_v.end(), 0.0);
  const double pack_v = essentials.overview.voltage_v;
  const bool fits = std::abs(pack_v - sum_v) <= pack_v / 100 + 0.2;
  board.sum_misfits = fits ? 0 : board.sum_misfits + 1;
  if (board.sum_misfits <= tolerated) return {};
  return failure(ErrorKind::implausible, "pack voltage " + std::to_string(pack_v) + " V, but its cells add up to " +
                                             std::to_string(sum_v) + " V, for the third time in a row");
}

bool take_errand(std::size_t errand, const Answer& answer, Board& board) {
  const std::string_view mnemonic = errands[errand].mnemonic;
  if (mnemonic == "PTEM") return take_temperatures(answer, board);
  if (mnemonic == "LCD3") return take_extremes(answer, board);
  if (mnemonic == "BTEM") return take_board_temperature(answer, board);
  if (mnemonic == "RINT") return take_resistances(answer, board);
  if (mnemonic == "WCBI") {
    board.balanced_cell = count_of(answer.payload());
    return true;
  }
  const auto value = number_of(answer.payload());
  if (!value || !plausible_setting(*find_instruction(mnemonic), *value)) return false;
  const bool whole = is_whole(find_instruction(mnemonic)->kind);
  board.sends_exponents = board.sends_exponents || (!whole && !array_count_of(answer.payload()));
  // What other devices ask for may look like a small number.
  if (mnemonic == "CHEM" && std::exchange(board.told_chemistry, value) != value) return false;
  (mnemonic == "CYCL" ? board.cycles : board.settings.*errands[errand].setting) = value;
  return true;
}

bool tells_temperature(const Answer& answer, double highest_temperature_c) {
  constexpr double close_k = 5;
  bool found = highest_temperature_c == sensor_lost_c;
  for_each_value(answer, [&](double value) { found = found || std::abs(value - highest_temperature_c) <= close_k; });
  return found;
}

Reading compose(const Essentials& essentials, Board& board) {
  const Overview& overview = essentials.overview;
  Reading reading;
  reading.voltage_v = overview.voltage_v;
  reading.current_a = overview.current_a;
  reading.soc_pct = published_soc_pct(overview);
  reading.soh_pct = soh_bounds_pct.contains(overview.soh_pct) ? std::min(overview.soh_pct, 100.0) : overview.soh_pct;
  reading.design_capacity_ah = board.settings.capacity_ah;
  if (board.settings.capacity_ah) reading.remaining_ah = *board.settings.capacity_ah * *reading.soc_pct / 100;
  reading.chemistry = chemistry_of(board.settings);
  reading.cycles = board.cycles;
  if (board.errands.fresh(extremes_errand) && board.extremes) reading.consumed_ah = board.extremes->discharged_ah;
  reading.cells_v = essentials.cells_v;
  reading.modules = modules_of(board.cells);
  reading.mos_temperature_c = board.board_sensor.believed_c();
  if (board.errands.fresh(balancer_errand)) {
    reading.balancing.emplace();
    const std::uint64_t cell = board.balanced_cell.value_or(0);
    if (cell >= 1 && cell <= reading.cells_v.size()) reading.balancing->set(static_cast<std::size_t>(cell - 1));
  }
  compose_temperatures(reading, overview, board);
  compose_permissions(reading, essentials, board);
  compose_limits(reading, board.settings);
  return reading;
}

void add_extras_of(const Board& board, std::vector<Extra>& to) {
  if (board.errands.fresh(extremes_errand) && board.extremes) {
    const auto add = [&to](std::string_view name, unsigned value) {
      to.push_back({.name = name, .value = static_cast<double>(value)});
    };
    add("lowest_cell_unit", board.extremes->lowest_cell.unit);
    add("lowest_cell_number", board.extremes->lowest_cell.number);
    add("highest_cell_unit", board.extremes->highest_cell.unit);
    add("highest_cell_number", board.extremes->highest_cell.number);
    add("hottest_sensor_unit", board.extremes->hottest_sensor.unit);
    add("hottest_sensor_number", board.extremes->hottest_sensor.number);
  }
  if (!board.errands.fresh(resistance_errand)) return;
  std::uint8_t number = 0;
  for (const double ohm : board.cell_resistances_ohm)
    to.push_back({.name = "cell_resistance_ohm", .number = ++number, .value = ohm});
}

std::optional<double> current_limit(std::optional<double> devices, std::optional<double> device_a,
                                    std::optional<double> multiple, std::optional<double> capacity_ah) {
  std::optional<double> limit_a;
  if (devices && device_a) limit_a = *devices * *device_a;
  if (multiple && capacity_ah) {
    const double by_capacity_a = *multiple * *capacity_ah;
    limit_a = std::min(limit_a.value_or(by_capacity_a), by_capacity_a);
  }
  return limit_a;
}

}  // namespace bms::rec
