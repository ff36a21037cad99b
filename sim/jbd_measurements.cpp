// What a JBD board reports of its pack, and the words by which a test brings it into a state.
#include <algorithm>
#include <array>
#include <cmath>

#include "jbd_board.hpp"
#include "jbd_protections.hpp"
#include "wire.hpp"

namespace bms::sim {
namespace {

constexpr std::uint16_t production_date = 0x2C7C;  // 2022-03-28
constexpr std::uint16_t balancer_enabled = 1U << 2U;
constexpr std::uint16_t balance_only_charging = 1U << 3U;
constexpr std::uint8_t function_register = 0x2D;
constexpr std::uint8_t balance_start_register = 0x2A;
constexpr std::uint8_t balance_window_register = 0x2B;
constexpr long zero_celsius_decikelvin = 2731;

std::optional<std::size_t> bit_named(const std::array<JbdProtection, 16>& protections, std::string_view name) {
  const auto* const found = std::ranges::find(protections, name, &JbdProtection::name);
  if (found == protections.end()) return std::nullopt;
  return static_cast<std::size_t>(found - protections.begin());
}

std::optional<std::size_t> warning_named(std::string_view name) {
  const auto* const found = std::ranges::find(jbd_addressed_warnings, name, &JbdWarning::name);
  if (found == jbd_addressed_warnings.end()) return std::nullopt;
  return static_cast<std::size_t>(found - jbd_addressed_warnings.begin());
}

constexpr long ambient_decikelvin = 2731 + 247;
constexpr long mosfet_decikelvin = 2731 + 261;

struct LockBit {
  std::string_view name;
  std::uint8_t mask;
};
constexpr std::array lock_bits{LockBit{"none", 0}, LockBit{"charge", 1}, LockBit{"discharge", 2}, LockBit{"both", 3}};

}  // namespace

std::uint16_t JbdBoard::cell_mv(std::size_t cell) const {
  return static_cast<std::uint16_t>(std::lround(pack_.cell_v(cell) * 1000));
}

// A board adds up what it measured at the cells; there is no second measurement.
long JbdBoard::voltage_10mv() const {
  if (reported_voltage_v_) return std::lround(*reported_voltage_v_ * 100);
  long sum_mv = 0;
  for (std::size_t cell = 0; cell < pack_.cell_count(); ++cell) sum_mv += cell_mv(cell);
  return (sum_mv + 5) / 10;
}

long JbdBoard::current_counts() const {
  return std::clamp(std::lround(pack_.current_a() * counts_per_unit()), -0x8000L, 0x7FFFL);
}

long JbdBoard::capacity_counts(double ah) const { return std::clamp(std::lround(ah * counts_per_unit()), 0L, 0xFFFFL); }

long JbdBoard::temperature_decikelvin(std::size_t sensor) const {
  return std::max(0L, std::lround(pack_.temperature_c(sensor) * 10) + zero_celsius_decikelvin);
}

std::uint16_t JbdBoard::protection_word() const {
  std::bitset<16> word = protections_;
  if (lock_ != 0) word.set(jbd_software_lock);
  return static_cast<std::uint16_t>(word.to_ulong());
}

bool JbdBoard::charge_fet() const {
  if ((lock_ & 1U) != 0) return false;
  for (std::size_t bit = 0; bit < protections_.size(); ++bit)
    if (protections_[bit] && known_protections()[bit].opens_charge) return false;
  return true;
}

bool JbdBoard::discharge_fet() const {
  if ((lock_ & 2U) != 0) return false;
  for (std::size_t bit = 0; bit < protections_.size(); ++bit)
    if (protections_[bit] && known_protections()[bit].opens_discharge) return false;
  return true;
}

std::uint32_t JbdBoard::balancing() const {
  const std::uint16_t functions = memory_.at(function_register).value_or(0);
  if ((functions & balancer_enabled) == 0) return 0;
  if ((functions & balance_only_charging) != 0 && current_counts() <= 0) return 0;
  const unsigned start_mv = memory_.at(balance_start_register).value_or(0);
  const unsigned window_mv = memory_.at(balance_window_register).value_or(0);
  unsigned lowest_mv = cell_mv(0);
  for (std::size_t cell = 1; cell < pack_.cell_count(); ++cell)
    lowest_mv = std::min<unsigned>(lowest_mv, cell_mv(cell));
  std::uint32_t bits = 0;
  for (std::size_t cell = 0; cell < pack_.cell_count(); ++cell)
    if (cell_mv(cell) >= start_mv && cell_mv(cell) > lowest_mv + window_mv) bits |= 1U << cell;
  return bits;
}

JbdBoard::Payload JbdBoard::basic_info() {
  ++polls_;
  pack_.measure();
  const std::uint32_t balance_bits = balancing();
  Payload to;
  put(to, voltage_10mv());
  put(to, current_counts());
  put(to, capacity_counts(pack_.remaining_ah()));
  put(to, capacity_counts(pack_.capacity_ah()));
  put(to, std::lround(pack_.cycles()));
  put(to, production_date);
  put(to, balance_bits & 0xFFFFU);
  put(to, balance_bits >> 16U);
  put(to, protection_word());
  to.push_back(options_.firmware);
  to.push_back(static_cast<std::uint8_t>(std::lround(pack_.soc_pct())));
  to.push_back(static_cast<std::uint8_t>((charge_fet() ? 1U : 0U) | (discharge_fet() ? 2U : 0U) |
                                         (options_.high_current ? 0x80U : 0U)));
  to.push_back(static_cast<std::uint8_t>(pack_.cell_count()));
  if (addressed()) {
    put_addressed_end(to);
    return to;
  }
  to.push_back(static_cast<std::uint8_t>(pack_.sensor_count()));
  for (std::size_t sensor = 0; sensor < pack_.sensor_count(); ++sensor) put(to, temperature_decikelvin(sensor));
  if (!options_.tail) return to;

  to.push_back(0);  // humidity
  put(to, 0);       // early warnings
  put(to, capacity_counts(pack_.capacity_ah()));
  put(to, capacity_counts(pack_.remaining_ah()));
  put(to, 0);  // balance current
  return to;
}

void JbdBoard::put_addressed_end(Payload& to) const {
  put(to, static_cast<long>(warnings_.to_ulong()));
  put(to, ambient_decikelvin);
  put(to, mosfet_decikelvin);
  to.push_back(static_cast<std::uint8_t>(pack_.sensor_count()));
  for (std::size_t sensor = 0; sensor < pack_.sensor_count(); ++sensor) put(to, temperature_decikelvin(sensor));
}

JbdBoard::Payload JbdBoard::cell_voltages() const {
  Payload to;
  for (std::size_t cell = 0; cell < pack_.cell_count(); ++cell) put(to, cell_mv(cell));
  return to;
}

JbdBoard::Payload JbdBoard::counters() const {
  Payload to;
  for (const std::uint16_t counter : counters_) put(to, counter);
  return to;
}

void JbdBoard::protect(std::size_t bit, bool active) {
  const auto counter = known_protections()[bit].counter;
  if (active && !protections_[bit] && counter) ++counters_[*counter];
  protections_[bit] = active;
  update_gate();
}

void JbdBoard::lock(std::uint8_t mask) {
  lock_ = mask;
  update_gate();
}

Commands<JbdBoard> JbdBoard::commands() {
  const std::span addressed_only = std::span(jbd_addressed_protections).subspan(first_addressed_protection);
  return {
      {{"protect|unprotect " + choice_of(jbd_protections), "Raise or end this protection"},
       &JbdBoard::understand_protect},
      {{"protect|unprotect " + choice_of(addressed_only), "Addressed: the same for those that only such boards have"},
       &JbdBoard::understand_protect},
      {{"warn|unwarn " + choice_of(jbd_addressed_warnings), "Addressed: set or clear this bit of the alarm word"},
       &JbdBoard::understand_warn},
      {{"lock none|charge|discharge|both", "What the owner has switched off"}, &JbdBoard::understand_lock},
      {{"misreport voltage <V>", "Tell this voltage of the pack"}, &JbdBoard::understand_misreport},
      {{"misreport off", "Tell the true one again"}, &JbdBoard::understand_misreport},
      {{"restart", "Lose factory mode, and all settings that were not saved"}, &JbdBoard::understand_power},
  };
}

Outcome<Action> JbdBoard::compile(Words words) { return compile_by(commands(), *this, words); }

std::optional<Action> JbdBoard::understand_protect(Words words) {
  const auto bit = words.size() == 2 ? bit_named(known_protections(), words[1]) : std::nullopt;
  if (!bit) return std::nullopt;
  return quietly([this, bit, active = words[0] == "protect"] { protect(*bit, active); });
}

std::optional<Action> JbdBoard::understand_warn(Words words) {
  const auto bit = addressed() && words.size() == 2 ? warning_named(words[1]) : std::nullopt;
  if (!bit) return std::nullopt;
  return quietly([this, bit, active = words[0] == "warn"] { warnings_[*bit] = active; });
}

std::optional<Action> JbdBoard::understand_lock(Words words) {
  for (const LockBit& it : lock_bits)
    if (words.size() == 2 && words[1] == it.name) return quietly([this, mask = it.mask] { lock(mask); });
  return std::nullopt;
}

std::optional<Action> JbdBoard::understand_misreport(Words words) {
  if (words.size() == 2 && words[1] == "off") return quietly([this] { reported_voltage_v_.reset(); });
  const auto volts = words.size() == 3 && words[1] == "voltage" ? number(words[2], 0, 655.35) : std::nullopt;
  if (!volts) return std::nullopt;
  return quietly([this, volts] { reported_voltage_v_ = volts; });
}

std::optional<Action> JbdBoard::understand_power(Words words) {
  if (words.size() != 1) return std::nullopt;
  return quietly([this] {
    factory_mode_ = false;
    memory_.lose_power();
  });
}

nlohmann::json JbdBoard::state() const {
  nlohmann::json cells = nlohmann::json::array();
  for (std::size_t cell = 0; cell < pack_.cell_count(); ++cell) cells.push_back(cell_mv(cell) / 1000.0);
  nlohmann::json temperatures = nlohmann::json::array();
  for (std::size_t sensor = 0; sensor < pack_.sensor_count(); ++sensor)
    temperatures.push_back(static_cast<double>(temperature_decikelvin(sensor) - zero_celsius_decikelvin) / 10.0);
  nlohmann::json protections = nlohmann::json::array();
  nlohmann::json balancing_cells = nlohmann::json::array();
  for (std::size_t bit = 0; bit < protections_.size(); ++bit)
    if ((protection_word() >> bit & 1U) != 0) protections.push_back(known_protections()[bit].name);
  for (std::size_t cell = 0; cell < pack_.cell_count(); ++cell)
    if ((balancing() >> cell & 1U) != 0) balancing_cells.push_back(cell + 1);
  return {
      {"cells_v", cells},
      {"voltage_v", static_cast<double>(voltage_10mv()) / 100.0},
      {"current_a", static_cast<double>(current_counts()) / counts_per_unit()},
      {"soc_pct", std::lround(pack_.soc_pct())},
      {"temperatures_c", temperatures},
      {"remaining_ah", static_cast<double>(capacity_counts(pack_.remaining_ah())) / counts_per_unit()},
      {"capacity_ah", static_cast<double>(capacity_counts(pack_.capacity_ah())) / counts_per_unit()},
      {"cycles", std::lround(pack_.cycles())},
      {"protection", protections},
      {"protection_word", protection_word()},
      {"balancing", balancing_cells},
      {"fets", {{"charge", charge_fet()}, {"discharge", discharge_fet()}}},
      {"lock", lock_},
      {"factory_mode", factory_mode_},
      {"factory_count",
       {{"entered", factory_count_.entered}, {"left", factory_count_.left}, {"saved", factory_count_.saved}}},
      {"registers", memory_.registers()},
      {"saved", memory_.saved()},
      {"polls", polls_},
      {"writes", writes_},
  };
}

}  // namespace bms::sim
