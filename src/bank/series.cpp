#include "bank/series.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "charge/speed_rules.hpp"
#include "charge/staleness.hpp"

namespace bms::bank {

namespace {

constexpr double currents_differ_share = 0.10, currents_differ_a = 2, currents_differ_for_s = 30;
constexpr double uneven_soc_pct = 5;

/// Adds up what every pack says; empty as soon as one does not.
std::optional<double> sum_of_all(const Moment& now, std::optional<double> Told::* value) {
  double sum = 0;
  for (const Track& track : now.tracks()) {
    if (!(track.told.*value)) return std::nullopt;
    sum += *(track.told.*value);
  }
  return sum;
}

std::optional<double> most_of(const Moment& now, std::optional<double> Told::* value) {
  std::optional<double> most;
  for (const Track& track : now.tracks()) {
    if (track.told.*value) most = std::max(most.value_or(*(track.told.*value)), *(track.told.*value));
  }
  return most;
}

std::optional<double> least_of(const Moment& now, std::optional<double> Told::* value) {
  std::optional<double> least;
  for (const Track& track : now.tracks()) {
    if (!(track.told.*value)) return std::nullopt;
    least = std::min(least.value_or(*(track.told.*value)), *(track.told.*value));
  }
  return least;
}

/// Of the packs that say it: the same current flows through all of them.
std::optional<double> mean_current(const Moment& now) {
  double sum_a = 0;
  int count = 0;
  for (const Track& track : now.tracks()) {
    sum_a += track.told.current_a.value_or(0);
    count += track.told.current_a ? 1 : 0;
  }
  return count > 0 ? std::optional(sum_a / count) : std::nullopt;
}

/// No if any says no: one open FET opens the string.
std::optional<bool> all_of(const Moment& now, std::optional<bool> Told::* fet) {
  bool unknown = false;
  for (const Track& track : now.tracks()) {
    if (track.told.*fet == false) return false;
    unknown = unknown || !(track.told.*fet);
  }
  return unknown ? std::nullopt : std::optional(true);
}

std::optional<StringCharge> charge_of_string(const Moment& now) {
  boost::container::static_vector<Charge, most_members> packs;
  for (const Track& track : now.tracks()) {
    const auto charge = charge_of(track.told);
    if (!charge) return std::nullopt;
    packs.push_back(*charge);
  }
  return string_charge(packs);
}

void fill_string_reading(const Moment& now) {
  Battery& battery = now.outcome.battery;
  Reading& reading = battery.reading;
  for (const Track& track : now.tracks()) {
    for (const double cell_v : cells_of(track.told)) reading.cells_v.push_back(cell_v);
  }
  battery.cell_count = reading.cells_v.size();
  reading.voltage_v = sum_of_all(now, &Told::voltage_v);
  reading.current_a = mean_current(now);
  reading.cycles = most_of(now, &Told::cycles);
  reading.total_discharged_ah = most_of(now, &Told::drawn_ah);  // the same Ah pass through all
  reading.charge_fet = all_of(now, &Told::charge_fet);
  reading.discharge_fet = all_of(now, &Told::discharge_fet);
  reading.chemistry = now.tracks().front().told.chemistry;
}

void fill_string_charge(const Moment& now) {
  Battery& battery = now.outcome.battery;
  const auto charge = charge_of_string(now);
  auto soc_pct = charge ? std::optional(charge->soc_pct()) : least_of(now, &Told::soc_pct);
  if (now.config.soc_of_lowest) soc_pct = least_of(now, &Told::soc_pct);
  if (charge) {
    battery.reading.remaining_ah = battery.estimate.remaining_ah = charge->remaining_ah;
    battery.reading.full_ah = battery.estimate.capacity_ah = charge->usable_ah;
  }
  battery.estimate.sure_capacity_ah = least_of(now, &Told::capacity_ah);
  show_soc(now, soc_pct);
}

void check_currents(const Moment& now) {
  const auto least_a = least_of(now, &Told::current_a);
  const auto most_a = most_of(now, &Told::current_a);
  const double largest_a = std::max(std::abs(least_a.value_or(0)), std::abs(most_a.value_or(0)));
  const bool differ = least_a && *most_a - *least_a > currents_differ_share * largest_a + currents_differ_a;
  const bool lasting = now.state.currents_differ.follow(differ, now.dt_s) >= currents_differ_for_s;
  now.outcome.findings.currents_differ = lasting;
  Battery& battery = now.outcome.battery;
  battery.alarms.declare(Alarm::internal_failure);
  if (!lasting) return;
  battery.alarms.raise(Alarm::internal_failure, AlarmLevel::warning);
  battery.alarm_causes[static_cast<std::size_t>(Alarm::internal_failure)] =
      "currents differ: not in series, or a shunt";
  now.note("the packs show different currents: not in series, or a faulty shunt");
}

void check_balance(const Moment& now) {
  compare_socs(now);
  const auto least_pct = least_of(now, &Told::soc_pct);
  const auto most_pct = most_of(now, &Told::soc_pct);
  if (!least_pct || *most_pct - *least_pct <= uneven_soc_pct) return;
  now.note("the packs are charged unevenly; only charging one of them alone cures it");
  if (now.outcome.findings.soc_imbalance) {
    now.outcome.battery.alarms.raise(Alarm::cell_imbalance, AlarmLevel::warning);
  }
}

// Between two packs of as many cells each.
void find_midpoint(const Moment& now) {
  const auto tracks = now.tracks();
  if (tracks.size() != 2 || tracks[0].cells != tracks[1].cells) return;
  const auto& lower_v = tracks[0].told.voltage_v;
  const auto& upper_v = tracks[1].told.voltage_v;
  if (!lower_v || !upper_v) return;
  Estimate& estimate = now.outcome.battery.estimate;
  estimate.mid_voltage_v = lower_v;
  estimate.mid_deviation_pct = (*upper_v - *lower_v) / (*upper_v + *lower_v) * 100;
}

/// What the packs bear together. One that names no voltage bears the usual one; the cable drop, which each of ours has
/// added to its own, is that of the string.
double borne_voltage(const Moment& now) {
  const charge::Config& config = now.config.charge;
  double sum_v = 0;
  for (const Track& track : now.tracks()) {
    const double usual_v = static_cast<double>(track.cells) * config.absorption_cell_v;
    const auto told_v = track.told.charge_voltage_v;
    sum_v += told_v ? std::max(*told_v - config.cable_drop_v, 0.0) : usual_v;
  }
  return sum_v;
}

/// Of packs of other drivers: the limits of ours follow from theirs already.
Alarms foreign_alarms(const Moment& now) {
  Alarms alarms;
  for (const Track& track : now.tracks()) {
    for (const AlarmEffect& effect : alarm_effects) {
      const auto level = track.told.alarms[effect.alarm];
      if (track.foreign && level) alarms.raise(effect.alarm, *level);
    }
  }
  return alarms;
}

charge::Sample sample_of(const Moment& now) {
  const Battery& battery = now.outcome.battery;
  charge::Sample sample{.cells_v = battery.reading.cells_v,
                        .current_a = battery.reading.current_a,
                        .capacity_ah = battery.estimate.sure_capacity_ah,
                        .temperatures_c = battery.protecting_temperatures_c,
                        .soc_pct = battery.estimate.soc_pct,
                        .charge_fet = battery.reading.charge_fet,
                        .discharge_fet = battery.reading.discharge_fet,
                        .heating = battery.reading.heating,
                        .max_charge_voltage_v = borne_voltage(now)};
  sample.bms_alarms = foreign_alarms(now);
  sample.alarms = battery.alarms;
  return sample;
}

/// What the pack allows that allows least, and which that is.
struct Least {
  double limit_a = std::numeric_limits<double>::infinity();
  std::size_t member = 0;
};

Least least_allowed(const Moment& now, double Track::* limit) {
  Least least;
  std::size_t member = 0;
  for (const Track& track : now.tracks()) {
    if (track.*limit < least.limit_a) least = {track.*limit, member};
    ++member;
  }
  return least;
}

/// Bounds a current of the string by the packs' own limits, which may be those of other drivers and jump. What charge
/// control goes on from is bounded with it: CVL and the stages of a silence follow from that.
void bound(const Moment& now, const Least& least, charge::AllowedCurrent& followed, charge::AllowedCurrent& control,
           double hold_s, std::optional<double>& current_a, ShortText& reason, LimitReason& code) {
  charge::follow_computed(
      followed, least.limit_a, std::nullopt,
      {.base_a = least.limit_a, .hold_s = hold_s, .dt_s = std::min(now.dt_s, 5.0), .may_rise = true});
  const double bound_a = charge::round_down(*followed.allowed_a, now.config.charge.integer_amps);
  control.allowed_a = std::min(control.allowed_a.value_or(bound_a), bound_a);
  if (!current_a || *current_a <= bound_a) return;
  current_a = control.published_a = bound_a;
  reason = ShortText("maximum of ").append(now.name(least.member));
  code = LimitReason::bms_maximum;
}

void bound_by_packs(const Moment& now) {
  Limits& limits = now.outcome.limits;
  State& state = now.state;
  bound(now, least_allowed(now, &Track::charge_limit_a), state.charge_by_members, state.charge.charge,
        charge::charge_hold_s, limits.charge_current_a, limits.charge_reason, limits.charge_code);
  bound(now, least_allowed(now, &Track::discharge_limit_a), state.discharge_by_members, state.charge.discharge,
        charge::discharge_hold_s, limits.discharge_current_a, limits.discharge_reason, limits.discharge_code);
  if (limits.charge_current_a == 0) limits.allow_charge = false;
  if (limits.discharge_current_a == 0) limits.allow_discharge = false;
}

void decide(const Moment& now) {
  if (now.state.outage.contact == Contact::returning) charge::returning(now.state.charge);
  const charge::Outcome decided = charge::step(now.config.charge, now.state.charge, sample_of(now), now.dt_s);
  now.outcome.limits = decided.limits;
  now.outcome.findings.transition = decided.transition;
  now.outcome.findings.became_full = decided.became_full;
  bound_by_packs(now);
  for (std::size_t i = 0; i < now.tracks().size(); ++i) {
    const Track& track = now.tracks()[i];
    now.outcome.findings.members[i] = {.standing = track.standing,
                                       .charges = true,
                                       .discharges = true,
                                       .charge_limit_a = track.charge_limit_a,
                                       .discharge_limit_a = track.discharge_limit_a};
  }
}

}  // namespace

std::optional<StringCharge> string_charge(std::span<const Charge> packs) {
  if (packs.empty()) return std::nullopt;
  double remaining_ah = packs.front().remaining_ah;
  double room_ah = packs.front().capacity_ah - packs.front().remaining_ah;
  for (const Charge& pack : packs) {
    remaining_ah = std::min(remaining_ah, pack.remaining_ah);
    room_ah = std::min(room_ah, pack.capacity_ah - pack.remaining_ah);
  }
  return StringCharge{remaining_ah, remaining_ah + room_ah};
}

double borne_discharge_of_string_a(const Moment& now) {
  double least_a = std::numeric_limits<double>::infinity();
  for (const Track& track : now.tracks()) {
    if (track.standing != Standing::fresh && track.standing != Standing::returning) continue;
    least_a = std::min(least_a, track.told.discharge_fet == false ? 0 : track.discharge_limit_a);
  }
  return least_a;
}

void combine_series(const Moment& now) {
  fill_string_reading(now);
  check_currents(now);
  follow_shunt(now);
  fill_string_charge(now);
  check_balance(now);
  find_midpoint(now);
  decide(now);
}

}  // namespace bms::bank
