#include "bank/parallel.hpp"

#include <algorithm>
#include <cmath>

#include "bank/group_charge.hpp"
#include "bank/group_currents.hpp"

namespace bms::bank {

namespace {

constexpr double resting_apart_v = 0.3;  // packs at rest that are connected cannot be further apart
constexpr double apart_rest_c = 0.05, apart_for_s = 30;
constexpr double joining_apart_v_per_cell = 0.1 / 8;
constexpr double voltage_imbalance_v = 0.3;
constexpr double uneven_from_a = 5, uneven_share = 0.2;
constexpr double circulating_c = 0.1, circulating_for_s = 60;

bool conducts(const Told& told) { return told.charge_fet != false || told.discharge_fet != false; }

/// Weighted with the capacity, where all of them say it. Of packs that conduct, if there are any.
std::optional<double> mean_voltage(const Moment& now, bool conducting) {
  double sum = 0, weights = 0, plain_sum = 0;
  int count = 0;
  bool weighted = true;
  for (const Track& track : now.tracks()) {
    const Told& told = track.told;
    if (!counts(track, now.state) || !told.voltage_v || (conducting && !conducts(told))) continue;
    weighted = weighted && told.capacity_ah;
    const double weight = told.capacity_ah.value_or(1);
    sum += weight * *told.voltage_v;
    weights += weight;
    plain_sum += *told.voltage_v;
    ++count;
  }
  if (count == 0) return std::nullopt;
  return weighted ? sum / weights : plain_sum / count;
}

std::optional<double> sum_of(const Moment& now, std::optional<double> Told::* value) {
  std::optional<double> sum;
  for (const Track& track : now.tracks()) {
    if (counts(track, now.state) && track.told.*value) sum = sum.value_or(0) + *(track.told.*value);
  }
  return sum;
}

/// Of packs that say it, weighted with their capacity.
std::optional<double> mean_cycles(const Moment& now) {
  double sum = 0, weights = 0;
  for (const Track& track : now.tracks()) {
    if (!counts(track, now.state) || !track.told.cycles) continue;
    const double weight = track.told.capacity_ah.value_or(1);
    sum += weight * *track.told.cycles;
    weights += weight;
  }
  return weights > 0 ? std::optional(sum / weights) : std::nullopt;
}

std::optional<bool> permitted_by_any(const Moment& now, std::optional<bool> Told::* fet) {
  bool unknown = false;
  for (const Track& track : now.tracks()) {
    if (!counts(track, now.state)) continue;
    if (track.told.*fet == true) return true;
    unknown = unknown || !(track.told.*fet);
  }
  return unknown ? std::nullopt : std::optional(false);
}

// One pack that does not say what it holds, and nobody knows what the bank does.
void fill_charge(const Moment& now) {
  Battery& battery = now.outcome.battery;
  double capacity_ah = 0, remaining_ah = 0;
  bool known = true;
  for (const Track& track : now.tracks()) {
    if (!counts(track, now.state)) continue;
    const auto charge = charge_of(track.told);
    known = known && charge;
    if (!charge) continue;
    capacity_ah += charge->capacity_ah;
    remaining_ah += charge->remaining_ah;
  }
  if (!known || capacity_ah <= 0) {
    now.note("SoC unknown: a pack does not say its capacity or SoC; set capacity");
    show_soc(now, std::nullopt);
    return;
  }
  battery.reading.full_ah = battery.estimate.capacity_ah = battery.estimate.sure_capacity_ah = capacity_ah;
  battery.reading.remaining_ah = battery.estimate.remaining_ah = remaining_ah;
  show_soc(now, remaining_ah / capacity_ah * 100);
}

void fill_reading(const Moment& now) {
  Battery& battery = now.outcome.battery;
  Reading& reading = battery.reading;
  reading.voltage_v = mean_voltage(now, true);
  if (!reading.voltage_v) reading.voltage_v = mean_voltage(now, false);
  reading.current_a = sum_of(now, &Told::current_a);
  reading.cycles = mean_cycles(now);
  reading.total_discharged_ah = sum_of(now, &Told::drawn_ah);
  reading.charge_fet = permitted_by_any(now, &Told::charge_fet);
  reading.discharge_fet = permitted_by_any(now, &Told::discharge_fet);
  for (const Track& track : now.tracks()) {
    if (!counts(track, now.state)) continue;
    battery.cell_count = track.cells;
    if (!reading.chemistry) reading.chemistry = track.told.chemistry;
  }
}

/// Lowest and highest of what packs that conduct say.
struct Span {
  double low = 0, high = 0;
  int count = 0;

  void take(double value) {
    low = count == 0 ? value : std::min(low, value);
    high = count == 0 ? value : std::max(high, value);
    ++count;
  }
  [[nodiscard]] double apart() const { return high - low; }
};

bool rests(const Told& told) {
  return told.current_a && told.capacity_ah && std::abs(*told.current_a) < apart_rest_c * *told.capacity_ah;
}

void compare_voltages(const Moment& now) {
  Span voltages_v, resting_v;
  for (const Track& track : now.tracks()) {
    const Told& told = track.told;
    if (!counts(track, now.state) || !told.voltage_v || !conducts(told)) continue;
    voltages_v.take(*told.voltage_v);
    if (rests(told)) resting_v.take(*told.voltage_v);
  }
  now.outcome.findings.voltage_imbalance = voltages_v.apart() > voltage_imbalance_v;
  const bool apart = resting_v.apart() > resting_apart_v;
  if (now.state.voltages_differ.follow(apart, now.dt_s) < apart_for_s) return;
  now.note("packs at rest differ by more than 0.3 V: look at contactors, FETs and wiring");
}

void compare_currents(const Moment& now) {
  Span amounts_a;
  bool charging = false, discharging = false;
  for (const Track& track : now.tracks()) {
    const Told& told = track.told;
    if (!counts(track, now.state) || !told.current_a || !conducts(told)) continue;
    amounts_a.take(std::abs(*told.current_a));
    const double much_a = circulating_c * told.capacity_ah.value_or(0);
    charging = charging || (told.capacity_ah && *told.current_a > much_a);
    discharging = discharging || (told.capacity_ah && *told.current_a < -much_a);
  }
  Findings& findings = now.outcome.findings;
  findings.current_imbalance = amounts_a.high > uneven_from_a && amounts_a.apart() / amounts_a.high > uneven_share;
  findings.circulating = now.state.circulating.follow(charging && discharging, now.dt_s) >= circulating_for_s;
  if (!findings.circulating) return;
  now.outcome.battery.alarms.raise(Alarm::high_charge_current, AlarmLevel::warning);
  now.outcome.battery.alarm_causes[static_cast<std::size_t>(Alarm::high_charge_current)] = "packs charge one another";
  now.note("packs charge one another; limits are low until that ends");
}

// What closes its FETs onto a bank at another voltage exchanges a current with it that nobody can hold back.
void look_at_joining(const Moment& now) {
  const auto bank_v = now.outcome.battery.reading.voltage_v;
  const double apart = joining_apart_v_per_cell * static_cast<double>(now.outcome.battery.cell_count);
  std::size_t member = 0;
  for (const Track& track : now.tracks()) {
    const bool heard = track.standing == Standing::fresh || track.standing == Standing::returning;
    const bool joining = heard && (track.standing == Standing::returning || !conducts(track.told));
    if (joining && bank_v && track.told.voltage_v && std::abs(*track.told.voltage_v - *bank_v) > apart) {
      now.note(ShortText(now.name(member)).append(" is not connected, and at another voltage than the bank"));
    }
    ++member;
  }
}

}  // namespace

void combine_parallel(const Moment& now) {
  fill_reading(now);
  fill_charge(now);
  compare_voltages(now);
  compare_currents(now);
  compare_socs(now);
  look_at_joining(now);
  const GroupCurrents currents = follow_group_currents(now);
  follow_group_charge(now, currents);
  follow_shunt(now);
}

}  // namespace bms::bank
