#include "bank/together.hpp"

#include <algorithm>
#include <cmath>

namespace bms::bank {

namespace {

constexpr double shunt_stale_after_s = 10;
constexpr double shunt_differs_share = 0.10, shunt_differs_a = 3, shunt_differs_for_s = 60;
constexpr double cable_alarm_after_s = 60;
constexpr double soc_slew_pct_per_s = 0.1;
constexpr double low_soc_for_s = 60, low_soc_clear_pct = 3;

/// An extreme of the bank: which value of a pack it is, and whether the higher one counts.
struct Extreme {
  std::optional<MemberValue> Findings::* place;
  std::optional<double> Told::* value;
  bool highest;
};
constexpr Extreme temperature_extremes[] = {
    {&Findings::coldest, &Told::coldest_c, false},
    {&Findings::hottest, &Told::hottest_c, true},
};

void take_extreme(std::optional<MemberValue>& extreme, const MemberValue& value, bool highest) {
  if (extreme && (highest ? extreme->value >= value.value : extreme->value <= value.value)) return;
  extreme = value;
}

void take_extremes(Findings& findings, const Told& told, std::size_t member) {
  for (const Extreme& row : temperature_extremes) {
    if (told.*row.value) take_extreme(findings.*row.place, {member, 0, *(told.*row.value)}, row.highest);
  }
  int cell = 0;
  for (const double cell_v : told.cells_v) {
    ++cell;
    take_extreme(findings.lowest_cell, {member, cell, cell_v}, false);
    take_extreme(findings.highest_cell, {member, cell, cell_v}, true);
  }
  if (!told.cells_v.empty()) return;
  if (told.lowest_cell_v) take_extreme(findings.lowest_cell, {member, 0, *told.lowest_cell_v}, false);
  if (told.highest_cell_v) take_extreme(findings.highest_cell, {member, 0, *told.highest_cell_v}, true);
}

// Which SoC is low is a question to the bank.
void take_alarms(const Moment& now, const Told& told, std::size_t member) {
  Battery& battery = now.outcome.battery;
  for (const AlarmEffect& effect : alarm_effects) {
    const auto level = told.alarms[effect.alarm];
    if (!level || effect.alarm == Alarm::low_soc) continue;
    const auto before = battery.alarms[effect.alarm];
    if (*level != AlarmLevel::ok && (!before || *level > *before)) {
      battery.alarm_causes[static_cast<std::size_t>(effect.alarm)] = now.name(member);
    }
    battery.alarms.raise(effect.alarm, *level);
  }
}

/// Yes if any says yes; no if all say no.
std::optional<bool> any_of(const Moment& now, std::optional<bool> Told::* value) {
  bool unknown = false, known = false;
  for (const Track& track : now.tracks()) {
    if (!counts(track, now.state)) continue;
    if (track.told.*value == true) return true;
    unknown = unknown || !(track.told.*value);
    known = true;
  }
  return known && !unknown ? std::optional(false) : std::nullopt;
}

void fill_temperatures(const Moment& now) {
  const Findings& findings = now.outcome.findings;
  if (!findings.coldest || !findings.hottest) return;
  Battery& battery = now.outcome.battery;
  battery.reading.temperatures_c = {findings.coldest->value, findings.hottest->value};
  battery.protecting_temperatures_c = {findings.coldest->value, findings.hottest->value};
}

bool in_use(Standing standing) { return standing == Standing::fresh || standing == Standing::returning; }

void say_standing(const Moment& now, const Track& track, std::size_t member) {
  ShortText text{now.name(member)};
  switch (track.standing) {
    case Standing::unseen: now.note(text.append(" has not been seen yet")); return;
    case Standing::silent: now.note(text.append(" is silent; exclude it if it is switched off")); return;
    case Standing::excluded: now.note(text.append(" is excluded; include it after service")); return;
    case Standing::returning: now.note(text.append(" is back, and not trusted yet")); return;
    case Standing::fresh: break;
  }
  if (track.quiet) now.note(text.append(" has told nothing new for a while; half of its limits count"));
  if (!track.foreign) return;
  if (!track.told.coldest_c) now.note(ShortText(now.name(member)).append(" shows no temperature: cold is not seen"));
  const MemberConfig& config = now.config.members[member];
  const auto say = [&](bool known, std::string_view direction, std::string_view option) {
    if (known) return;
    now.note(
        ShortText(now.name(member)).append(" names no limit for ").append(direction).append("; set ").append(option));
  };
  say(track.told.charge_current_a || config.max_charge_a, "charging", "pack_max_charge_current");
  say(track.told.discharge_current_a || config.max_discharge_a, "discharging", "pack_max_discharge_current");
}

}  // namespace

void Moment::note(const ShortText& text, bool fault) const {
  Notices& notices = outcome.battery.notices;
  if (notices.size() < Notices::static_capacity) notices.push_back({text, fault});
}

void gather(const Moment& now) {
  Findings& findings = now.outcome.findings;
  std::size_t member = 0;
  for (const Track& track : now.tracks()) {
    findings.members.push_back({.standing = track.standing});
    in_use(track.standing) ? ++findings.online : ++findings.offline;
    if (counts(track, now.state)) {
      take_extremes(findings, track.told, member);
      take_alarms(now, track.told, member);
      findings.blocking_charge += track.told.charge_fet == false ? 1 : 0;
      findings.blocking_discharge += track.told.discharge_fet == false ? 1 : 0;
    }
    ++member;
  }
  fill_temperatures(now);
  now.outcome.battery.reading.heating = any_of(now, &Told::heating);
}

void say_standings(const Moment& now) {
  Battery& battery = now.outcome.battery;
  battery.alarms.declare(Alarm::bms_cable);
  std::size_t member = 0;
  for (const Track& track : now.tracks()) {
    say_standing(now, track, member);
    const bool missing = track.standing == Standing::silent || track.standing == Standing::unseen;
    if (missing && track.silent_s >= cable_alarm_after_s) {
      battery.alarms.raise(Alarm::bms_cable, AlarmLevel::warning);
      auto& cause = battery.alarm_causes[static_cast<std::size_t>(Alarm::bms_cable)];
      if (cause.empty()) cause = ShortText(now.name(member)).append(" does not answer");
    }
    ++member;
  }
}

void follow_shunt(const Moment& now) {
  if (!now.config.has_shunt) return;
  Reading& reading = now.outcome.battery.reading;
  const bool fresh = now.shunt && within(now.shunt->age_s, 0, shunt_stale_after_s);
  const auto current_a = fresh ? within(now.shunt->current_a, -1e4, 1e4) : std::nullopt;
  const double packs_a = reading.current_a.value_or(0);
  const bool differs = current_a && reading.current_a &&
                       std::abs(*current_a - packs_a) > shunt_differs_share * std::abs(packs_a) + shunt_differs_a;
  now.outcome.findings.shunt_differs = now.state.shunt_differs.follow(differs, now.dt_s) >= shunt_differs_for_s;
  if (now.outcome.findings.shunt_differs) now.note("the shunt shows another current than the packs together");
  if (!current_a) {
    now.note("the shunt is silent; the packs' own currents count");
    return;
  }
  reading.current_a = current_a;
  const auto voltage_v = within(now.shunt->voltage_v, 1, 1000);
  if (voltage_v && now.config.wiring == Wiring::parallel) reading.voltage_v = voltage_v;
}

std::optional<Charge> charge_of(const Told& told) {
  if (!told.capacity_ah) return std::nullopt;
  const auto left_ah = told.remaining_ah ? told.remaining_ah
                       : told.soc_pct    ? std::optional(*told.soc_pct / 100 * *told.capacity_ah)
                                         : std::nullopt;
  if (!left_ah) return std::nullopt;
  return Charge{*told.capacity_ah, std::clamp(*left_ah, 0.0, *told.capacity_ah)};
}

namespace {

void follow_low_soc(const Moment& now, double soc_pct) {
  const auto follow = [&](battery::DelayedSwitch& low, double threshold_pct) {
    return low.follow(soc_pct <= threshold_pct, soc_pct >= threshold_pct + low_soc_clear_pct,
                      {.on_s = low_soc_for_s, .off_s = 0}, now.dt_s);
  };
  const bool low = follow(now.state.low_soc, now.config.low_soc_warning_pct);
  const bool very_low = follow(now.state.very_low_soc, now.config.low_soc_alarm_pct);
  now.outcome.battery.alarms.set(Alarm::low_soc, very_low ? AlarmLevel::alarm
                                                 : low    ? AlarmLevel::warning
                                                          : AlarmLevel::ok);
}

}  // namespace

void show_soc(const Moment& now, std::optional<double> soc_pct) {
  State& state = now.state;
  std::bitset<most_members> of;
  for (std::size_t i = 0; i < now.tracks().size(); ++i) of[i] = counts(now.tracks()[i], state);
  if (!soc_pct) {
    state.shown_soc_pct.reset();
    return;
  }
  const double step_pct = soc_slew_pct_per_s * now.dt_s;
  state.soc_offset_pct -= std::clamp(state.soc_offset_pct, -step_pct, step_pct);
  if (!state.shown_soc_pct) state.soc_offset_pct = 0;
  if (state.shown_soc_pct && of != state.soc_of) {
    const double from_pct = *state.shown_soc_pct - *soc_pct;
    state.soc_offset_pct = from_pct - std::clamp(from_pct, -step_pct, step_pct);
  }
  state.soc_of = of;
  state.shown_soc_pct = std::clamp(*soc_pct + state.soc_offset_pct, 0.0, 100.0);
  now.outcome.battery.estimate.soc_pct = now.outcome.battery.reading.soc_pct = state.shown_soc_pct;
  follow_low_soc(now, *state.shown_soc_pct);
}

void compare_socs(const Moment& now) {
  std::optional<double> lowest_pct, highest_pct;
  for (const Track& track : now.tracks()) {
    const auto& soc_pct = track.told.soc_pct;
    if (!counts(track, now.state) || !soc_pct) continue;
    lowest_pct = std::min(lowest_pct.value_or(*soc_pct), *soc_pct);
    highest_pct = std::max(highest_pct.value_or(*soc_pct), *soc_pct);
  }
  if (!lowest_pct) return;
  const double apart_pct = *highest_pct - *lowest_pct;
  now.outcome.findings.soc_imbalance = apart_pct > now.config.soc_imbalance_pct;
}

}  // namespace bms::bank
