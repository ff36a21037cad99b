#include "bank/bank.hpp"

#include <algorithm>
#include <cmath>

#include "bank/group_currents.hpp"
#include "bank/parallel.hpp"
#include "bank/roll_call.hpp"
#include "bank/series.hpp"
#include "bank/together.hpp"
#include "battery/derive.hpp"
#include "charge/speed_rules.hpp"
#include "charge/staleness.hpp"

namespace bms::bank {

namespace {

constexpr double t1_s = 10;
constexpr double longest_dt_s = 1e9;

/// Those that are heard still have a say.
void bound_by_heard_packs(const Moment& now) {
  Limits& limits = now.outcome.limits;
  if (!limits.discharge_current_a) return;
  const bool series = now.config.wiring == Wiring::series;
  const double borne_a = series ? borne_discharge_of_string_a(now) : borne_discharge_a(now);
  double& least_a = now.state.outage.least_discharge_a;
  least_a = std::min(least_a, charge::round_down(borne_a, now.config.charge.integer_amps));
  if (*limits.discharge_current_a <= least_a) return;
  limits.discharge_current_a = least_a;
  limits.allow_discharge = least_a > 0;
}

/// Nobody can say what the packs are together: what holds without contact holds here.
void combine_nothing(const Moment& now) {
  const Outage& outage = now.state.outage;
  Outcome& outcome = now.outcome;
  outcome.limits = charge::without_contact(now.config.charge, now.state.charge, outage.contact, t1_s + outage.lasted_s);
  bound_by_heard_packs(now);
  outcome.battery.cell_count = now.state.charge.cell_count;
  outcome.battery.estimate.soc_pct = now.state.shown_soc_pct;
  if (outage.contact == Contact::never) return;
  const bool stale = outage.contact == Contact::stale;
  outcome.battery.alarms.raise(Alarm::bms_cable, stale ? AlarmLevel::warning : AlarmLevel::alarm);
}

void say_refusal(const Moment& now, const RefusalText& refusal) {
  now.outcome.findings.refusal = refusal.refusal;
  now.outcome.findings.refused_for = refusal.text;
  if (refusal.refusal != Refusal::none) now.note(refusal.text, true);
}

/// Packs that must not be one bank: nothing is allowed as long as they are there.
void refuse(const Moment& now, const RefusalText& refusal) {
  Limits& limits = now.outcome.limits;
  limits = charge::without_contact(now.config.charge, now.state.charge, Contact::releasing, 0);
  limits.charge_current_a = limits.discharge_current_a = 0;
  limits.allow_charge = limits.allow_discharge = false;
  limits.state = ChargeState::blocked;
  limits.charge_mode = "Blocked";
  limits.charge_reason = limits.discharge_reason = limits.summary = refusal.text;
  limits.charge_code = limits.discharge_code = LimitReason::none;
}

bool is_judged(Contact contact) { return contact == Contact::fresh || contact == Contact::returning; }

void combine_packs(const Moment& now) {
  now.config.wiring == Wiring::series ? combine_series(now) : combine_parallel(now);
  Battery& battery = now.outcome.battery;
  const std::optional<MemberValue> lowest = now.outcome.findings.lowest_cell;
  const std::optional<MemberValue> highest = now.outcome.findings.highest_cell;
  battery.derived = battery::derive(battery.reading);
  if (now.config.wiring == Wiring::series || !lowest || !highest) return;
  battery.derived.min_cell_v = lowest->value;
  battery.derived.max_cell_v = highest->value;
  battery.derived.cell_diff_v = highest->value - lowest->value;
  if (lowest->cell > 0) battery.derived.min_cell = lowest->cell;
  if (highest->cell > 0) battery.derived.max_cell = highest->cell;
}

}  // namespace

Outcome combine(std::span<const Member> members, const std::optional<Shunt>& shunt, const Config& config, State& state,
                double dt_s) {
  dt_s = std::isfinite(dt_s) ? std::clamp(dt_s, 0.0, longest_dt_s) : 0.0;
  Outcome outcome;
  const Moment now{.config = config, .state = state, .shunt = shunt, .dt_s = dt_s, .outcome = outcome};
  if (members.size() != config.members.size() || members.empty() || members.size() > most_members) {
    const RefusalText refusal{Refusal::other_packs, "not as many packs as are configured"};
    say_refusal(now, refusal);
    refuse(now, refusal);
    return outcome;
  }
  call_roll(members, config, state, dt_s);
  follow_contact(config, state, dt_s);
  outcome.battery.contact = state.outage.contact;
  gather(now);
  say_standings(now);
  const RefusalText refusal = refusal_of(members, config, state);
  say_refusal(now, refusal);
  if (!is_judged(state.outage.contact))
    combine_nothing(now);
  else if (refusal.refusal != Refusal::none)
    refuse(now, refusal);
  else
    combine_packs(now);
  return outcome;
}

}  // namespace bms::bank
