// What a REC unit reports of its pack, and the words by which a test brings it into a state.
#include <algorithm>
#include <cmath>

#include "rec_board.hpp"
#include "rec_errors.hpp"

namespace bms::sim {
namespace {

constexpr double cell_steps_per_v = 1000;
constexpr double current_step_a = 0.0078125;  // 200 A shunt
constexpr double sensor_steps_per_k = 16;     // DS18B20
constexpr double soc_steps = 100000;
constexpr std::size_t abms_temperature_slots = 4;

template <class Value>
std::size_t index_of_least(std::size_t count, Value value) {
  std::size_t least = 0;
  for (std::size_t i = 1; i < count; ++i)
    if (value(i) < value(least)) least = i;
  return least;
}

std::optional<unsigned> error_named(std::string_view name) {
  const auto found = std::ranges::find(rec_errors, name, &RecError::name);
  if (found == rec_errors.end()) return std::nullopt;
  return static_cast<unsigned>(found - rec_errors.begin()) + 1;
}

}  // namespace

double RecBoard::cell_v(std::size_t cell) const {
  return std::round(pack_.cell_v(cell) * cell_steps_per_v) / cell_steps_per_v;
}

double RecBoard::voltage_v() const {
  if (reported_voltage_v_) return *reported_voltage_v_;
  double sum_mv = 0;
  for (std::size_t cell = 0; cell < pack_.cell_count(); ++cell) sum_mv += std::round(cell_v(cell) * cell_steps_per_v);
  return sum_mv / cell_steps_per_v;
}

double RecBoard::current_a() const { return std::round(pack_.current_a() / current_step_a) * current_step_a; }

double RecBoard::soc() const { return std::round(pack_.soc_pct() / 100 * soc_steps) / soc_steps; }

double RecBoard::temperature_c(std::size_t sensor) const {
  return std::round(pack_.temperature_c(sensor) * sensor_steps_per_k) / sensor_steps_per_k;
}

long RecBoard::discharged_ah() const {
  return std::clamp(std::lround(pack_.capacity_ah() - pack_.remaining_ah()), 0L, 0xFFFFL);
}

std::size_t RecBoard::lowest_cell() const {
  return index_of_least(pack_.cell_count(), [this](std::size_t cell) { return cell_v(cell); });
}

std::size_t RecBoard::highest_cell() const {
  return index_of_least(pack_.cell_count(), [this](std::size_t cell) { return -cell_v(cell); });
}

std::size_t RecBoard::hottest_sensor() const {
  return index_of_least(pack_.sensor_count(), [this](std::size_t sensor) { return -temperature_c(sensor); });
}

std::size_t RecBoard::balanced_cell() const {
  const std::size_t cell = highest_cell();
  return cell_v(cell) >= memory_.value("BMIN") ? cell + 1 : 0;
}

std::vector<std::vector<double>> RecBoard::cells_by_unit() const {
  std::vector<std::vector<double>> values(options_.units);
  for (std::size_t cell = 0; cell < pack_.cell_count(); ++cell) values[cell / cells_per_unit()].push_back(cell_v(cell));
  return values;
}

std::vector<std::vector<double>> RecBoard::temperatures_by_unit() const {
  std::vector<std::vector<double>> values(options_.units);
  for (std::size_t sensor = 0; sensor < pack_.sensor_count(); ++sensor)
    values[sensor % options_.units].push_back(temperature_c(sensor));
  if (options_.kind != RecKind::abms) return values;
  // Places without a sensor show what looks like cell voltages.
  for (std::size_t unit = 0; unit < values.size(); ++unit)
    for (std::size_t slot = values[unit].size(); slot < abms_temperature_slots; ++slot)
      values[unit].push_back(cell_v(unit * cells_per_unit() + slot));
  return values;
}

std::vector<std::vector<double>> RecBoard::resistances_by_unit() const {
  constexpr double typical_ohm = 0.00012;
  std::vector<std::vector<double>> values(options_.units);
  for (std::size_t cell = 0; cell < pack_.cell_count(); ++cell)
    values[cell / cells_per_unit()].push_back(typical_ohm + 1e-6 * static_cast<double>(cell));
  return values;
}

// A unit reports one error at a time. Which one wins is not known; here it is the one with the lowest number.
unsigned RecBoard::error() const {
  std::set<unsigned> errors = raised_;
  if (cell_v(highest_cell()) > memory_.value("CMAX")) errors.insert(1);
  if (cell_v(lowest_cell()) < memory_.value("CMIN")) errors.insert(2);
  if (cell_v(highest_cell()) - cell_v(lowest_cell()) > memory_.value("RAZL")) errors.insert(3);
  for (std::size_t sensor = 0; sensor < pack_.sensor_count(); ++sensor) {
    if (temperature_c(sensor) > memory_.value("TMAX")) errors.insert(4);
    if (temperature_c(sensor) < memory_.value("TMIN")) errors.insert(7);
  }
  return errors.empty() ? 0 : *errors.begin();
}

bool RecBoard::permits_charge() const { return error() == 0 || rec_errors[error() - 1].charge; }

bool RecBoard::permits_discharge() const { return error() == 0 || rec_errors[error() - 1].discharge; }

Commands<RecBoard> RecBoard::commands() {
  const std::string error = choice_of(rec_errors);
  return {
      {{"protect|unprotect " + error, "Raise or end this error"}, &RecBoard::understand_error},
      {{"misreport voltage <V>", "Tell this voltage of the pack"}, &RecBoard::understand_misreport},
      {{"misreport off", "Tell the true one again"}, &RecBoard::understand_misreport},
      {{"lack|know <instruction>", "Leave this instruction unanswered, or answer it again"},
       &RecBoard::understand_knowledge},
  };
}

Outcome<Action> RecBoard::compile(Words words) { return compile_by(commands(), *this, words); }

std::optional<Action> RecBoard::understand_error(Words words) {
  const auto number = words.size() == 2 ? error_named(words[1]) : std::nullopt;
  if (!number) return std::nullopt;
  return quietly([this, number, active = words[0] == "protect"] {
    if (active) {
      raised_.insert(*number);
    } else {
      raised_.erase(*number);
    }
    update_gate();
  });
}

std::optional<Action> RecBoard::understand_knowledge(Words words) {
  if (words.size() != 2) return std::nullopt;
  return quietly([this, name = words[1], lacking = words[0] == "lack"] {
    if (lacking) {
      options_.lacks.insert(name);
    } else {
      options_.lacks.erase(name);
    }
  });
}

std::optional<Action> RecBoard::understand_misreport(Words words) {
  if (words.size() == 2 && words[1] == "off") return quietly([this] { reported_voltage_v_.reset(); });
  const auto volts = words.size() == 3 && words[1] == "voltage" ? number(words[2], 0, 1200) : std::nullopt;
  if (!volts) return std::nullopt;
  return quietly([this, volts] { reported_voltage_v_ = volts; });
}

nlohmann::json RecBoard::state() const {
  nlohmann::json cells = nlohmann::json::array();
  for (std::size_t cell = 0; cell < pack_.cell_count(); ++cell) cells.push_back(cell_v(cell));
  // In the order in which a unit reports them.
  nlohmann::json temperatures = nlohmann::json::array();
  for (std::size_t unit = 0; unit < options_.units; ++unit)
    for (std::size_t sensor = unit; sensor < pack_.sensor_count(); sensor += options_.units)
      temperatures.push_back(temperature_c(sensor));
  nlohmann::json protections = nlohmann::json::array();
  if (error() != 0) protections.push_back(rec_errors[error() - 1].name);
  nlohmann::json balancing = nlohmann::json::array();
  if (options_.kind == RecKind::abms && balanced_cell() != 0) balancing.push_back(balanced_cell());
  const double capacity_ah = memory_.value("CAPA");
  return {
      {"address", options_.address},
      {"cells_v", cells},
      {"voltage_v", voltage_v()},
      {"current_a", current_a()},
      {"soc_pct", soc() * 100},
      {"soh_pct", 99},
      {"temperatures_c", temperatures},
      {"remaining_ah", capacity_ah * soc()},
      {"capacity_ah", capacity_ah},
      {"discharged_ah", discharged_ah()},
      {"cycles", std::lround(pack_.cycles())},
      {"protection", protections},
      {"protection_word", error()},
      {"balancing", balancing},
      {"fets", {{"charge", permits_charge()}, {"discharge", permits_discharge()}}},
      {"units", options_.units},
      {"settings", memory_.all()},
      {"polls", polls_},
      {"writes", writes_},
  };
}

}  // namespace bms::sim
