// What every Daly board measures, and the words by which a test brings it into a state.
#include "daly_board.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "daly_failures.hpp"

namespace bms::sim {
namespace {

constexpr long zero_celsius = 40;
constexpr std::size_t longest_order = 64;

const DalyFailure* failure_named(std::string_view name) {
  const auto* const found = std::ranges::find(daly_failures, name, &DalyFailure::name);
  return found == daly_failures.end() ? nullptr : found;
}

bool any_opens(std::uint64_t failures, bool DalyFailure::* opens) {
  return std::ranges::any_of(daly_failures,
                             [&](const DalyFailure& it) { return it.*opens && (failures >> it.bit & 1U) != 0; });
}

struct SwitchWord {
  std::string_view name;
  bool charge, discharge;
};
constexpr std::array switch_words{SwitchWord{"none", true, true}, SwitchWord{"charge", false, true},
                                  SwitchWord{"discharge", true, false}, SwitchWord{"both", false, false}};

}  // namespace

void DalyBoard::hear(std::uint8_t byte) {
  if (heard_.size() == longest_order) heard_.erase(heard_.begin());
  heard_.push_back(byte);
}

unsigned DalyBoard::cell_mv(std::size_t cell) const {
  return static_cast<unsigned>(std::clamp(std::lround(pack_.cell_v(cell) * 1000), 0L, 0xFFFFL));
}

unsigned DalyBoard::voltage_100mv() const {
  if (reported_voltage_v_) return static_cast<unsigned>(std::lround(*reported_voltage_v_ * 10));
  unsigned sum_mv = 0;
  for (std::size_t cell = 0; cell < pack_.cell_count(); ++cell) sum_mv += cell_mv(cell);
  return (sum_mv + 50) / 100;
}

long DalyBoard::current_100ma() const { return std::clamp(std::lround(pack_.current_a() * 10), -30000L, 30000L); }

unsigned DalyBoard::soc_permille() const { return static_cast<unsigned>(std::lround(pack_.soc_pct() * 10)); }

unsigned long DalyBoard::remaining_mah() const {
  return static_cast<unsigned long>(std::lround(pack_.remaining_ah() * 1000));
}

unsigned long DalyBoard::capacity_mah() const {
  return static_cast<unsigned long>(std::lround(pack_.capacity_ah() * 1000));
}

unsigned DalyBoard::temperature_raw(std::size_t sensor) const {
  return static_cast<unsigned>(std::clamp(std::lround(pack_.temperature_c(sensor)) + zero_celsius, 0L, 255L));
}

unsigned DalyBoard::cycles() const { return static_cast<unsigned>(std::lround(pack_.cycles())); }

std::uint64_t DalyBoard::balancing() const {
  if (!balancer_) return 0;
  unsigned lowest_mv = cell_mv(0);
  for (std::size_t cell = 1; cell < pack_.cell_count(); ++cell) lowest_mv = std::min(lowest_mv, cell_mv(cell));
  std::uint64_t bits = 0;
  for (std::size_t cell = 0; cell < pack_.cell_count(); ++cell)
    if (cell_mv(cell) >= daly_settings::balance_start_mv &&
        cell_mv(cell) > lowest_mv + daly_settings::balance_difference_mv)
      bits |= std::uint64_t{1} << cell;
  return bits;
}

unsigned DalyBoard::activity() const {
  if (current_100ma() == 0) return 0;
  return current_100ma() > 0 ? 1 : 2;
}

bool DalyBoard::charge_fet() const { return charge_switch_ && !any_opens(failures(), &DalyFailure::opens_charge); }

// The board closes a discharge FET that was ordered off while it is charged, to spare its body diode.
bool DalyBoard::discharge_fet() const {
  return (discharge_switch_ || current_100ma() > 0) && !any_opens(failures(), &DalyFailure::opens_discharge);
}

std::uint64_t DalyBoard::failures() const {
  std::bitset<56> bits = protections_;
  if (!charge_switch_ || !discharge_switch_) bits.set(daly_off_by_switch);
  return bits.to_ullong();
}

void DalyBoard::measure() {
  ++polls_;
  pack_.measure();
}

void DalyBoard::switch_charge(bool on) {
  charge_switch_ = on;
  update_gate();
}

void DalyBoard::switch_discharge(bool on) {
  discharge_switch_ = on;
  update_gate();
}

void DalyBoard::protect(std::size_t bit, bool active) {
  protections_[bit] = active;
  update_gate();
}

Commands<DalyBoard> DalyBoard::commands() {
  const std::string failure = choice_of(daly_failures);
  return {
      {{"protect|unprotect " + failure, "Raise or end this failure"}, &DalyBoard::understand_protect},
      {{"lock none|charge|discharge|both", "What the owner has switched off"}, &DalyBoard::understand_lock},
      {{"code <0..255>", "Tell this fault code"}, &DalyBoard::understand_code},
      {{"misreport voltage <V>", "Tell this voltage of the pack"}, &DalyBoard::understand_misreport},
      {{"misreport off", "Tell the true one again"}, &DalyBoard::understand_misreport},
  };
}

Outcome<Action> DalyBoard::compile(Words words) { return compile_by(commands(), *this, words); }

std::optional<Action> DalyBoard::understand_protect(Words words) {
  const DalyFailure* const failure = words.size() == 2 ? failure_named(words[1]) : nullptr;
  if (failure == nullptr) return std::nullopt;
  return quietly([this, bit = failure->bit, active = words[0] == "protect"] { protect(bit, active); });
}

std::optional<Action> DalyBoard::understand_lock(Words words) {
  for (const SwitchWord& it : switch_words)
    if (words.size() == 2 && words[1] == it.name)
      return quietly([this, it] {
        switch_charge(it.charge);
        switch_discharge(it.discharge);
      });
  return std::nullopt;
}

std::optional<Action> DalyBoard::understand_code(Words words) {
  const auto code = words.size() == 2 ? number(words[1], 0, 255) : std::nullopt;
  if (!code) return std::nullopt;
  return quietly([this, code] { fault_code_ = static_cast<unsigned>(*code); });
}

std::optional<Action> DalyBoard::understand_misreport(Words words) {
  if (words.size() == 2 && words[1] == "off") return quietly([this] { reported_voltage_v_.reset(); });
  const auto volts = words.size() == 3 && words[1] == "voltage" ? number(words[2], 0, 6553.5) : std::nullopt;
  if (!volts) return std::nullopt;
  return quietly([this, volts] { reported_voltage_v_ = volts; });
}

nlohmann::json DalyBoard::state() const {
  nlohmann::json cells = nlohmann::json::array();
  nlohmann::json balancing_cells = nlohmann::json::array();
  for (std::size_t cell = 0; cell < pack_.cell_count(); ++cell) {
    cells.push_back(cell_mv(cell) / 1000.0);
    if ((balancing() >> cell & 1U) != 0) balancing_cells.push_back(cell + 1);
  }
  nlohmann::json temperatures = nlohmann::json::array();
  for (std::size_t sensor = 0; sensor < pack_.sensor_count(); ++sensor) {
    const unsigned raw = temperature_raw(sensor);
    const bool absent = raw == 0 || raw == 255;
    temperatures.push_back(absent ? nlohmann::json() : nlohmann::json(static_cast<long>(raw) - zero_celsius));
  }
  nlohmann::json protections = nlohmann::json::array();
  for (const DalyFailure& it : daly_failures)
    if ((failures() >> it.bit & 1U) != 0) protections.push_back(it.name);
  const bool fine =
      options_.dialect == DalyOptions::Dialect::a5 || options_.dialect == DalyOptions::Dialect::a5_bluetooth;
  const auto remaining = static_cast<double>(remaining_mah());
  return {
      {"cells_v", cells},
      {"voltage_v", voltage_100mv() / 10.0},
      {"current_a", static_cast<double>(current_100ma()) / 10.0},
      {"soc_pct", soc_permille() / 10.0},
      {"temperatures_c", temperatures},
      {"remaining_ah", fine ? remaining / 1000.0 : std::round(remaining / 100.0) / 10.0},
      {"capacity_ah", static_cast<double>(capacity_mah()) / 1000.0},
      {"cycles", cycles()},
      {"protection", protections},
      {"protection_word", failures()},
      {"balancing", balancing_cells},
      {"fets", {{"charge", charge_fet()}, {"discharge", discharge_fet()}}},
      {"switches", {{"charge", charge_switch_}, {"discharge", discharge_switch_}, {"balancer", balancer_}}},
      {"address", options_.address},
      {"polls", polls_},
      {"writes", writes_},
  };
}

}  // namespace bms::sim
