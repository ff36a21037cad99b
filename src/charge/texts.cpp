#include "charge/texts.hpp"

#include <algorithm>
#include <cmath>

#include "charge/speed_rules.hpp"
#include "charge/state_machine.hpp"

namespace bms::charge {

namespace {

constexpr double least_age_s = 5;
constexpr double hardly_below_a = 0.5;  // rounding
constexpr double hardly_below = 0.02;

/// Replaces the text when the old one has been there long enough, or at once.
void replace(SlowText& slow, const LimitText& next, double dt_s, bool at_once) {
  slow.age_s = std::min(slow.age_s + dt_s, least_age_s);
  if (slow.text == next.text && slow.code == next.code) return;
  if (!at_once && slow.age_s < least_age_s && !slow.text.empty()) return;
  slow = {.text = next.text, .age_s = 0, .code = next.code};
}

ShortText of_minutes(std::string_view before, double lasted_s, double needed_s) {
  return ShortText(before).append(std::floor(lasted_s / 60), 0).append(" of ").append(needed_s / 60, 0).append(" min");
}

ShortText absorption_text(const Config& config, const Kept& kept) {
  // Whichever is nearer to its end.
  const double held = kept.held_s / std::max(config.absorption_held_s, 1.0);
  const double tail = kept.tail_s / std::max(config.tail_s, 1.0);
  if (kept.full) return ", full";
  if (held > 0 && held >= tail) return of_minutes(", even for ", kept.held_s, config.absorption_held_s);
  if (tail > 0) return of_minutes(", hardly any current for ", kept.tail_s, config.tail_s);
  return of_minutes(", making cells even for ", kept.absorption_s, config.absorption_cap_s);
}

ShortText details(const Situation& now, const State& state) {
  const Kept& kept = state.kept;
  const double short_v = charger_short_v(now, state);
  if (short_v > 0) return ShortText(", charger ").append(short_v, 2).append(" V below target: see cable_drop");
  switch (state_of(kept)) {
    case ChargeState::bulk: return kept.balancing_requested ? ShortText(", balancing is due") : ShortText();
    case ChargeState::absorption: return absorption_text(now.config, kept);
    case ChargeState::balancing:
      return kept.balanced_s > 0 ? of_minutes(", even for ", kept.balanced_s, now.config.balancing_held_s)
                                 : of_minutes(", for ", kept.absorption_s, now.config.balancing_cap_s);
    case ChargeState::float_transition:
    case ChargeState::floating:
    case ChargeState::blocked: return {};
  }
  return {};
}

/// What is said without numbers: an alarm and a FET by the text that names them, everything else by its word.
std::string_view word_of(const SlowText& reason) {
  const bool names_itself = reason.code == LimitReason::alarm || reason.code == LimitReason::fet_open;
  return names_itself ? reason.text.view() : name_of(reason.code);
}

/// "Absorption, even for 4 of 15 min"; while nothing is charged the reason of that, since no minutes pass then.
ShortText mode_text(const Situation& now, const State& state, double charge_a) {
  const ChargeState where = state_of(state.kept);
  const SlowText& reason = state.charge_reason;
  if (charge_a > 0) return ShortText(name_of(where)).append(details(now, state));
  if (where == ChargeState::blocked && reason.code == LimitReason::blocked_by_user) return "Blocked by the user";
  return ShortText(name_of(where)).append(", no charging: ").append(word_of(reason));
}

// The summary has room for two short lines. What is switched off says by which switch.

std::string_view brief_word(const SlowText& reason, std::string_view switch_off) {
  switch (reason.code) {
    case LimitReason::blocked_by_user: return switch_off;
    case LimitReason::implausible_cell: return "cell voltage implausible";
    case LimitReason::no_sensor: return "no temperature sensor";
    case LimitReason::capacity_unknown: return "capacity unknown";
    case LimitReason::other_chemistry: return "set chemistry";
    default: return word_of(reason);
  }
}

std::string_view brief_name(ChargeState where) {
  return where == ChargeState::float_transition ? name_of(ChargeState::floating) : name_of(where);
}

/// Whether a limit that is not 0 is worth a word: something that should not be, not what is configured or on its way.
bool worth_saying(LimitReason reason, ChargeState where) {
  switch (reason) {
    case LimitReason::slow_readings:
    case LimitReason::lowest_cell:
    case LimitReason::temperature:
    case LimitReason::no_sensor:
    case LimitReason::fet_temperature:
    case LimitReason::soc:
    case LimitReason::capacity_unknown:
    case LimitReason::other_chemistry: return true;
    case LimitReason::highest_cell: return where == ChargeState::bulk;
    default: return false;
  }
}

void add_clause(ShortText& text, std::string_view clause, std::string_view why) {
  if (!text.empty()) text.append("; ");
  text.append(clause).append(": ").append(why);
}

struct Clauses {
  std::string_view both, charge, discharge;
};

void add_clauses(ShortText& text, const Clauses& clauses, std::string_view charge, std::string_view discharge) {
  if (charge == discharge) {
    if (!charge.empty()) add_clause(text, clauses.both, charge);
    return;
  }
  if (!charge.empty()) add_clause(text, clauses.charge, charge);
  if (!discharge.empty()) add_clause(text, clauses.discharge, discharge);
}

/// The mode and the clauses; where both do not fit, the clauses alone.
ShortText behind(std::string_view mode, const ShortText& clauses) {
  constexpr std::string_view between = "; ";
  if (clauses.empty()) return mode;
  if (mode.size() + between.size() + clauses.view().size() > ShortText::capacity) return clauses;
  return ShortText(mode).append(between).append(clauses);
}

ShortText summary_text(const State& state, double charge_a, double discharge_a) {
  constexpr Clauses none{"no charging or discharging", "no charging", "no discharging"};
  constexpr Clauses less{"charging and discharging limited", "charging limited", "discharging limited"};
  if (state.contact_lost) return "BMS answers again, limits rise slowly";
  const ChargeState where = state_of(state.kept);
  const SlowText& charge = state.charge_reason;
  const SlowText& discharge = state.discharge_reason;
  const bool user_both = charge.code == LimitReason::blocked_by_user && discharge.code == LimitReason::blocked_by_user;
  const std::string_view both = "both switches are off";
  const auto charge_word = brief_word(charge, user_both ? both : "\"Charging allowed\" is off");
  const auto discharge_word = brief_word(discharge, user_both ? both : "\"Discharging allowed\" is off");
  ShortText text;
  if (charge_a == 0 || discharge_a == 0) {
    add_clauses(text, none, charge_a == 0 ? charge_word : "", discharge_a == 0 ? discharge_word : "");
  } else {
    add_clauses(text, less, worth_saying(charge.code, where) ? charge_word : "",
                worth_saying(discharge.code, where) ? discharge_word : "");
  }
  return behind(brief_name(where), text);
}

/// Whether the text must not wait: the current is 0 now, or no longer, or is 0 for another reason.
bool turned(const SlowText& slow, LimitReason next, std::optional<double> before_a, double now_a) {
  if (!before_a || (*before_a == 0) != (now_a == 0)) return true;
  return now_a == 0 && slow.code != next;
}

}  // namespace

LimitText limit_text(const Situation& now, const State& state, const Computed& computed, double published_a) {
  const double allowed_a = round_down(computed.current_a, now.config.integer_amps);
  const double below_a = published_a > 0 ? std::max(hardly_below_a, hardly_below * computed.current_a) : 0;
  if (published_a < allowed_a - below_a) return {.text = name_of(LimitReason::rising), .code = LimitReason::rising};
  return {.text = computed.reason(now, state), .code = computed.code};
}

void say(const Situation& now, State& state, const LimitText& charge, const LimitText& discharge, Limits& limits) {
  const double charge_a = *limits.charge_current_a;
  const double discharge_a = *limits.discharge_current_a;
  const double dt_s = now.counted_s;
  const bool charge_turned = turned(state.charge_reason, charge.code, state.said_charge_a, charge_a);
  const bool discharge_turned = turned(state.discharge_reason, discharge.code, state.said_discharge_a, discharge_a);
  state.said_charge_a = charge_a;
  state.said_discharge_a = discharge_a;
  replace(state.charge_reason, charge, dt_s, charge_turned);
  replace(state.discharge_reason, discharge, dt_s, discharge_turned);
  replace(state.mode, {mode_text(now, state, charge_a), LimitReason::none}, dt_s, charge_turned || charge_a == 0);
  const bool blocked = charge_a == 0 || discharge_a == 0;
  replace(state.summary, {summary_text(state, charge_a, discharge_a), LimitReason::none}, dt_s,
          charge_turned || discharge_turned || blocked);

  limits.charge_mode = state.mode.text;
  limits.charge_reason = state.charge_reason.text;
  limits.discharge_reason = state.discharge_reason.text;
  limits.charge_code = state.charge_reason.code;
  limits.discharge_code = state.discharge_reason.code;
  limits.summary = state.summary.text;
}

void say_silent(Contact contact, Limits& limits) {
  const LimitReason code = contact == Contact::stale ? LimitReason::silent : LimitReason::lost;
  const bool charging = limits.charge_current_a.value_or(0) > 0;
  const bool discharging = limits.discharge_current_a.value_or(0) > 0;
  limits.charge_code = limits.discharge_code = code;
  limits.charge_reason = limits.discharge_reason = limits.summary = name_of(code);
  if (charging)
    limits.summary.append(", kept with small limits");
  else
    limits.summary.append(discharging ? "; no charging" : "; no charging or discharging");
  if (contact == Contact::kept)
    limits.charge_mode = ShortText(name_of(code)).append(charging ? ", kept with small limits" : ", no charging");
  else
    limits.charge_mode = ShortText("Blocked, ").append(name_of(code));
}

}  // namespace bms::charge
