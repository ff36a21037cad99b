// What an ANT board reports of its pack, and the words by which a test brings it into a state.
#include <algorithm>
#include <array>
#include <cmath>

#include "ant_board.hpp"
#include "wire.hpp"

namespace bms::sim {
namespace {

using Payload = std::vector<std::uint8_t>;

constexpr long not_fitted = -40;
constexpr std::uint32_t runtime_at_start_s = 36'591'632;
constexpr std::uint8_t fet_on = 1;
constexpr std::uint8_t fet_off_by_hand = 15;
constexpr std::size_t old_slots = 32;
constexpr std::size_t old_probes = 4;

std::uint32_t counts(double value, double per_unit) {
  return static_cast<std::uint32_t>(std::clamp(std::round(value * per_unit), 0.0, 4294967295.0));
}

std::optional<std::size_t> protection_named(std::string_view name) {
  const auto found = std::ranges::find(ant_protections, name, &AntProtection::name);
  if (found == ant_protections.end()) return std::nullopt;
  return static_cast<std::size_t>(found - ant_protections.begin());
}

struct LockWord {
  std::string_view name;
  bool charge, discharge;
};
constexpr std::array lock_words{LockWord{"none", false, false}, LockWord{"charge", true, false},
                                LockWord{"discharge", false, true}, LockWord{"both", true, true}};

}  // namespace

long AntBoard::cell_mv(std::size_t cell) const { return std::lround(pack_.cell_v(cell) * 1000); }

long AntBoard::sum_mv() const {
  long sum = 0;
  for (std::size_t cell = 0; cell < pack_.cell_count(); ++cell) sum += cell_mv(cell);
  return sum;
}

double AntBoard::voltage_v() const { return reported_voltage_v_.value_or(static_cast<double>(sum_mv()) / 1000.0); }

long AntBoard::discharge_deciamperes() const { return -std::lround(pack_.current_a() * 10); }

long AntBoard::temperature(std::size_t sensor) const {
  if (sensor < pack_.sensor_count()) return std::lround(pack_.temperature_c(sensor));
  return options_.zero_probes ? 0 : not_fitted;
}

long AntBoard::hottest() const {
  long hottest = 20;
  for (std::size_t i = 0; i < pack_.sensor_count(); ++i) hottest = std::max(hottest, temperature(i));
  return hottest;
}

std::uint32_t AntBoard::balancing() const {
  // A recorded board stops balancing as soon as it is discharged.
  if (!balancer_on_ || discharge_deciamperes() > 0) return 0;
  long lowest = cell_mv(0);
  for (std::size_t cell = 1; cell < pack_.cell_count(); ++cell) lowest = std::min(lowest, cell_mv(cell));
  const bool older = options_.dialect == AntOptions::Dialect::older;
  const long start_mv = older ? registers_.at(14) : settings_.at(142);
  const long window_mv = older ? registers_.at(15) : settings_.at(144);
  std::uint32_t cells = 0;
  for (std::size_t cell = 0; cell < pack_.cell_count(); ++cell)
    if (cell_mv(cell) >= start_mv && cell_mv(cell) > lowest + window_mv) cells |= 1U << cell;
  return cells;
}

std::uint8_t AntBoard::charge_code() const {
  if (forced_charge_code_) return *forced_charge_code_;
  for (std::size_t i = 0; i < ant_protections.size(); ++i)
    if (protections_[i] && ant_protections[i].charge_code != 0) return ant_protections[i].charge_code;
  if (charge_locked_) return fet_off_by_hand;
  return charge_delay_ > 0 ? 0 : fet_on;
}

std::uint8_t AntBoard::discharge_code() const {
  if (forced_discharge_code_) return *forced_discharge_code_;
  for (std::size_t i = 0; i < ant_protections.size(); ++i)
    if (protections_[i] && ant_protections[i].discharge_code != 0) return ant_protections[i].discharge_code;
  if (discharge_locked_) return fet_off_by_hand;
  return discharge_delay_ > 0 ? 0 : fet_on;
}

std::uint64_t AntBoard::protection_mask() const {
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < ant_protections.size(); ++i)
    if (protections_[i] && ant_protections[i].bit) mask |= std::uint64_t{1} << *ant_protections[i].bit;
  if (discharge_locked_) mask |= std::uint64_t{1} << ant_discharge_by_hand_bit;
  if (charge_locked_) mask |= std::uint64_t{1} << ant_charge_by_hand_bit;
  return mask;
}

std::uint64_t AntBoard::warning_mask() const {
  constexpr long threshold = 10;  // 1 A
  std::uint64_t mask = extra_warnings_;
  if (discharge_deciamperes() < -threshold) mask |= std::uint64_t{1} << 18U;
  if (discharge_deciamperes() > threshold) mask |= std::uint64_t{1} << 19U;
  if (charge_code() == fet_on) mask |= std::uint64_t{1} << 23U;
  if (discharge_code() == fet_on) mask |= std::uint64_t{1} << 24U;
  if (balancing() != 0) mask |= std::uint64_t{1} << 29U;
  return mask;
}

void AntBoard::measure() {
  ++polls_;
  pack_.measure();
  if (charge_delay_ > 0) --charge_delay_;
  if (discharge_delay_ > 0) --discharge_delay_;
  update_gate();
}

void AntBoard::lock(bool charge, bool discharge) {
  if (charge_locked_ && !charge) charge_delay_ = options_.switching_frames + 1;
  if (discharge_locked_ && !discharge) discharge_delay_ = options_.switching_frames + 1;
  charge_locked_ = charge;
  discharge_locked_ = discharge;
  update_gate();
}

void AntBoard::update_gate() { pack_.gate(charge_code() == fet_on, discharge_code() == fet_on); }

std::size_t AntBoard::extreme_cell(bool highest) const {
  std::size_t found = 0;
  for (std::size_t cell = 1; cell < pack_.cell_count(); ++cell)
    if (highest ? cell_mv(cell) > cell_mv(found) : cell_mv(cell) < cell_mv(found)) found = cell;
  return found;
}

std::uint32_t AntBoard::throughput_mah() const { return counts(pack_.cycles() * pack_.capacity_ah(), 1000); }

AntBoard::Payload AntBoard::new_status() {
  measure();
  constexpr std::uint8_t idle = 1;
  constexpr std::uint8_t charging = 2;
  constexpr std::uint8_t discharging = 4;
  const long current = discharge_deciamperes();
  const std::size_t probes = std::min<std::size_t>(pack_.sensor_count(), 6);
  const std::uint8_t active = current > 10 ? discharging : idle;
  Payload to{static_cast<std::uint8_t>(permission_), current < -10 ? charging : active,
             static_cast<std::uint8_t>(probes), static_cast<std::uint8_t>(pack_.cell_count())};
  put_low_first(to, protection_mask(), 8);
  put_low_first(to, warning_mask(), 8);
  put_low_first(to, 0, 8);
  for (std::size_t cell = 0; cell < pack_.cell_count(); ++cell) put_low_first(to, cell_mv(cell));
  for (std::size_t i = 0; i < probes; ++i) put_low_first(to, temperature(i));
  put_measurements(to);
  put_history(to);
  return to;
}

void AntBoard::put_measurements(Payload& to) const {
  const double power_w = voltage_v() * static_cast<double>(discharge_deciamperes()) / 10;
  put_low_first(to, hottest() + 2);
  put_low_first(to, hottest() + 3);
  put_low_first(to, std::lround(voltage_v() * 100));
  put_low_first(to, std::clamp(discharge_deciamperes(), -0x8000L, 0x7FFFL));
  put_low_first(to, std::lround(pack_.soc_pct()));
  put_low_first(to, 100);
  for (const std::uint8_t byte : {discharge_code(), charge_code(), balancer_code(), std::uint8_t{0}})
    to.push_back(byte);
  put_low_first(to, options_.capacity_told ? counts(pack_.capacity_ah(), 1e6) : 0, 4);
  put_low_first(to, counts(pack_.remaining_ah(), 1e6), 4);
  put_low_first(to, throughput_mah(), 4);
  put_low_first(to, static_cast<std::uint32_t>(std::lround(power_w)), 4);
  put_low_first(to, runtime_at_start_s + polls_, 4);
  put_low_first(to, balancing(), 4);
}

void AntBoard::put_history(Payload& to) const {
  const std::size_t highest = extreme_cell(true);
  const std::size_t lowest = extreme_cell(false);
  for (const long word :
       {cell_mv(highest), static_cast<long>(highest) + 1, cell_mv(lowest), static_cast<long>(lowest) + 1,
        cell_mv(highest) - cell_mv(lowest), sum_mv() / static_cast<long>(pack_.cell_count())})
    put_low_first(to, word);
  for (const long word : {0L, 128L, 122L, 527L, 0xFAF2L}) put_low_first(to, word);  // FET drive, zero, chemistry
  put_low_first(to, throughput_mah(), 4);
  put_low_first(to, throughput_mah(), 4);
  put_low_first(to, 4'402'650, 4);
  put_low_first(to, 4'830'952, 4);
  if (!options_.long_status) return;
  put_low_first(to, 365, 4);
  put_low_first(to, 7200, 4);
  for (const long word : {133L, 0xFFFFL, 0L}) put_low_first(to, word);  // minutes to full and to empty, mean current
}

AntBoard::Payload AntBoard::old_status() {
  measure();
  const std::size_t cells = pack_.cell_count();
  Payload to{0xAA, 0x55, 0xAA, 0xFF};
  put(to, std::lround(voltage_v() * 10));
  for (std::size_t cell = 0; cell < old_slots; ++cell) put(to, cell < cells ? cell_mv(cell) : 0);
  put(to, static_cast<std::uint32_t>(discharge_deciamperes()), 4);
  to.push_back(static_cast<std::uint8_t>(std::lround(pack_.soc_pct())));
  put(to, options_.capacity_told ? counts(pack_.capacity_ah(), 1e6) : 0, 4);
  put(to, counts(pack_.remaining_ah(), 1e6), 4);
  put(to, throughput_mah(), 4);
  put(to, runtime_at_start_s + polls_, 4);
  put(to, hottest() + 2);
  put(to, hottest() + 3);
  for (std::size_t i = 0; i < old_probes; ++i) put(to, temperature(i));
  to.push_back(charge_code());
  to.push_back(discharge_code());
  to.push_back(balancer_code());
  put(to, 1000);
  put(to, 23);
  to.push_back(0);
  put(to, 9999, 4);  // the power that some boards report
  // A board counts measuring channels here, of which it has more than cells.
  to.push_back(17);
  put(to, cell_mv(extreme_cell(true)));
  to.push_back(16);
  put(to, cell_mv(extreme_cell(false)));
  put(to, sum_mv() / static_cast<long>(cells));
  to.push_back(static_cast<std::uint8_t>(cells));
  for (const long word : {-17L, 112L, 107L, 684L}) put(to, word);
  put(to, balancing(), 4);
  put(to, 64);
  unsigned sum = 0;
  for (std::size_t i = 4; i < to.size(); ++i) sum += to[i];
  put(to, static_cast<long>(sum & 0xFFFFU));
  return to;
}

Commands<AntBoard> AntBoard::commands() {
  const std::string protection = choice_of(ant_protections);
  return {
      {{"protect|unprotect " + protection, "Raise or end this protection"}, &AntBoard::understand_protect},
      {{"warn|unwarn <bit 0..63>", "Set or clear this bit of the warnings"}, &AntBoard::understand_warn},
      {{"code charge|discharge <0..255>|off", "Tell this state of a FET, whatever it is"}, &AntBoard::understand_code},
      {{"lock none|charge|discharge|both", "What the owner has switched off"}, &AntBoard::understand_lock},
      {{"balance on|off", "Whether the balancer may work"}, &AntBoard::understand_balance},
      {{"misreport voltage <V>", "Tell this voltage of the pack"}, &AntBoard::understand_misreport},
      {{"misreport off", "Tell the true one again"}, &AntBoard::understand_misreport},
  };
}

Outcome<Action> AntBoard::compile(Words words) { return compile_by(commands(), *this, words); }

std::optional<Action> AntBoard::understand_protect(Words words) {
  const auto which = words.size() == 2 ? protection_named(words[1]) : std::nullopt;
  if (!which) return std::nullopt;
  return quietly([this, which, active = words[0] == "protect"] {
    protections_[*which] = active;
    update_gate();
  });
}

std::optional<Action> AntBoard::understand_warn(Words words) {
  const auto bit = words.size() == 2 ? number(words[1], 0, 63) : std::nullopt;
  if (!bit) return std::nullopt;
  return quietly([this, mask = std::uint64_t{1} << static_cast<unsigned>(*bit), on = words[0] == "warn"] {
    extra_warnings_ = on ? extra_warnings_ | mask : extra_warnings_ & ~mask;
  });
}

/// A code that no protection of the simulator stands for.
std::optional<Action> AntBoard::understand_code(Words words) {
  const bool known = words.size() == 3 && (words[1] == "charge" || words[1] == "discharge");
  const auto code = known ? number(words[2], 0, 255) : std::nullopt;
  if (!code && !(known && words[2] == "off")) return std::nullopt;
  return quietly([this, charge = words[1] == "charge", code] {
    auto& forced = charge ? forced_charge_code_ : forced_discharge_code_;
    forced = code ? std::optional(static_cast<std::uint8_t>(*code)) : std::nullopt;
    update_gate();
  });
}

std::optional<Action> AntBoard::understand_lock(Words words) {
  for (const LockWord& it : lock_words)
    if (words.size() == 2 && words[1] == it.name) return quietly([this, it] { lock(it.charge, it.discharge); });
  return std::nullopt;
}

std::optional<Action> AntBoard::understand_balance(Words words) {
  const auto on = on_or_off(words);
  if (!on) return std::nullopt;
  return quietly([this, on] { balancer_on_ = *on; });
}

std::optional<Action> AntBoard::understand_misreport(Words words) {
  if (words.size() == 2 && words[1] == "off") return quietly([this] { reported_voltage_v_.reset(); });
  const auto volts = words.size() == 3 && words[1] == "voltage" ? number(words[2], 0, 655.35) : std::nullopt;
  if (!volts) return std::nullopt;
  return quietly([this, volts] { reported_voltage_v_ = volts; });
}

nlohmann::json AntBoard::state() const {
  nlohmann::json cells = nlohmann::json::array();
  nlohmann::json balancing_cells = nlohmann::json::array();
  for (std::size_t cell = 0; cell < pack_.cell_count(); ++cell) {
    cells.push_back(static_cast<double>(cell_mv(cell)) / 1000.0);
    if ((balancing() >> cell & 1U) != 0) balancing_cells.push_back(cell + 1);
  }
  const bool older = options_.dialect == AntOptions::Dialect::older;
  nlohmann::json temperatures = nlohmann::json::array();
  for (std::size_t i = 0; i < std::min<std::size_t>(pack_.sensor_count(), older ? old_probes : 6); ++i)
    temperatures.push_back(temperature(i));
  nlohmann::json protections = nlohmann::json::array();
  for (std::size_t i = 0; i < ant_protections.size(); ++i)
    if (protections_[i]) protections.push_back(ant_protections[i].name);
  const double per_volt = older ? 10 : 100;
  return {
      {"cells_v", cells},
      {"voltage_v", std::round(voltage_v() * per_volt) / per_volt},
      {"current_a", static_cast<double>(-discharge_deciamperes()) / 10.0},
      {"soc_pct", std::lround(pack_.soc_pct())},
      {"temperatures_c", temperatures},
      {"remaining_ah", counts(pack_.remaining_ah(), 1e6) / 1e6},
      {"capacity_ah", counts(pack_.capacity_ah(), 1e6) / 1e6},
      {"cycles", std::floor(throughput_mah() / 1000.0 / pack_.capacity_ah())},
      {"protection", protections},
      {"protection_word", protection_mask()},
      {"warning_word", warning_mask()},
      {"codes", {{"charge", charge_code()}, {"discharge", discharge_code()}, {"balancer", balancer_code()}}},
      {"balancing", balancing_cells},
      {"balancer_on", balancer_on_},
      {"fets", {{"charge", charge_code() == fet_on}, {"discharge", discharge_code() == fet_on}}},
      {"lock", (charge_locked_ ? 1 : 0) + (discharge_locked_ ? 2 : 0)},
      {"serial", older ? std::string() : options_.chip_id},
      {"permission", permission_},
      {"settings", settings_},
      {"registers", registers_},
      {"saves", saves_},
      {"polls", polls_},
      {"writes", writes_},
  };
}

}  // namespace bms::sim
