#include "bank/group_currents.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "bank/shares.hpp"
#include "charge/speed_rules.hpp"

namespace bms::bank {

namespace {

constexpr double settled_share = 0.02;  // of what may flow
constexpr double circulating_factor = 0.3;
constexpr double reopening_share = 0.05;  // what was lost or refused begins low

// What a pack is taken to bear that is connected and does not answer.
constexpr double silent_share = 0.5;
constexpr double silent_c = 0.2;
constexpr double silent_small_after_s = 50;  // T2, counted from T1

/// A direction of the current.
struct Direction {
  double sign;
  std::optional<bool> Told::* fet;
  double Track::* limit;
  bool MemberFinding::* takes_part;
  double MemberFinding::* finding;
};
constexpr Direction charging{1, &Told::charge_fet, &Track::charge_limit_a, &MemberFinding::charges,
                             &MemberFinding::charge_limit_a};
constexpr Direction discharging{-1, &Told::discharge_fet, &Track::discharge_limit_a, &MemberFinding::discharges,
                                &MemberFinding::discharge_limit_a};

// As slow as the slowest pack: currents of different moments do not belong together.
void filter_currents(const Moment& now, double time_s) {
  for (Track& track : now.tracks()) {
    if (!counts(track, now.state)) continue;
    if (!track.told.current_a || track.changed) track.current_a = {};
    if (track.told.current_a) track.current_a.follow(*track.told.current_a, now.dt_s, time_s);
  }
}

double mean_capacity(const Moment& now) {
  double sum_ah = 0;
  int count = 0;
  for (const Track& track : now.tracks()) {
    sum_ah += track.told.capacity_ah.value_or(0);
    count += track.told.capacity_ah ? 1 : 0;
  }
  return count > 0 ? sum_ah / count : 0;
}

Resistances all_resistances(const Moment& now) {
  boost::container::static_vector<ResistanceClue, most_members> clues;
  for (const Track& track : now.tracks()) {
    clues.push_back({track.told.resistance_ohm, track.told.capacity_ah, track.cells, track.foreign});
  }
  return resistances_of(clues);
}

/// What a pack may take that nobody hears: never more than when it was heard, and little after a while.
double silent_limit(const Track& track, const Direction& direction, std::optional<double> capacity_ah,
                    double usual_capacity_ah) {
  const double small_a = silent_c * track.told.capacity_ah.value_or(capacity_ah.value_or(usual_capacity_ah));
  if (!track.seen || track.told.*direction.fet == false) return small_a;
  const double limit_a = silent_share * track.*direction.limit;
  return track.silent_s < silent_small_after_s ? limit_a : std::min(limit_a, small_a);
}

using Sharers = boost::container::static_vector<Sharer, most_members>;

/// The packs that take part in a direction: those that are heard, and with them those that may do so unheard.
struct Sharing {
  Sharers heard{}, with_silent{};
  boost::container::static_vector<std::size_t, most_members> silent{};  ///< which of `with_silent`
};

Sharing sharing_of(const Moment& now, const Direction& direction, const Resistances& resistances) {
  Sharing sharing;
  const double usual_ah = mean_capacity(now);
  for (std::size_t i = 0; i < now.tracks().size(); ++i) {
    const Track& track = now.tracks()[i];
    // The FET of a silent one may be closed by now.
    const bool open = counts(track, now.state) && track.told.*direction.fet == false;
    if (open || track.standing == Standing::excluded) continue;
    Sharer sharer{.resistance = resistances[i]};
    if (counts(track, now.state)) {
      if (const auto current_a = track.current_a.value()) sharer.current_a = direction.sign * *current_a;
      sharer.told_a = direction.sign * track.told.current_a.value_or(0);
      sharer.limit_a = track.*direction.limit;
      sharing.heard.push_back(sharer);
      now.outcome.findings.members[i].*direction.takes_part = true;
    } else {
      sharer.limit_a = silent_limit(track, direction, now.config.members[i].capacity_ah, usual_ah);
      sharing.silent.push_back(sharing.with_silent.size());
    }
    now.outcome.findings.members[i].*direction.finding = sharer.limit_a;
    sharing.with_silent.push_back(sharer);
  }
  return sharing;
}

/// Of all packs that count, in a direction or not: what flows through one of them is there for the others.
struct Total {
  double filtered_a = 0, told_a = 0;
};
std::optional<Total> total_current(const Moment& now) {
  Total total;
  for (const Track& track : now.tracks()) {
    if (!counts(track, now.state)) continue;
    if (!track.told.current_a) return std::nullopt;
    total.filtered_a += track.current_a.value_or(0);
    total.told_a += *track.told.current_a;
  }
  return total;
}

/// By the packs that are heard as if the others were not there, and by the others as if they were: the less counts.
double allowed_by_packs(Sharing sharing, const std::optional<Total>& total, double sign) {
  if (!total) {
    for (Sharer& sharer : sharing.heard) sharer.current_a.reset();
  }
  double allowed_a = headroom_a(sharing.heard, total ? sign * total->filtered_a : 0);
  if (total) allowed_a = std::min(allowed_a, relief_a(sharing.heard, sign * total->told_a));
  for (const std::size_t silent : sharing.silent) {
    const double share = largest_share(sharing.with_silent, silent);
    allowed_a = std::min(allowed_a, sharing.with_silent[silent].limit_a / share);
  }
  return allowed_a;
}

double sum_of_limits(const Sharers& sharers) {
  double sum_a = 0;
  for (const Sharer& sharer : sharers) sum_a += sharer.limit_a;
  return sum_a;
}

double parallel_ohm(const Sharers& sharers) {
  double conductance = 0;
  for (const Sharer& sharer : sharers) conductance += 1 / sharer.resistance.high_ohm;
  return conductance > 0 ? 1 / conductance : 0;
}

/// What the owner allows, in one direction.
struct Wish {
  double configured_a;
  std::optional<double> user_a;
  bool blocked;
};

/// What is computed for one direction, and what holds it.
struct Computed {
  double current_a, base_a;
  ShortText reason;
  LimitReason code;
};

double slowest_poll_s(const Moment& now) {
  double slowest_s = current_time_s;
  for (const Track& track : now.tracks()) slowest_s = std::max(slowest_s, counts(track, now.state) ? track.poll_s : 0);
  return slowest_s;
}

Computed compute(const Moment& now, const Sharing& sharing, const std::optional<Total>& total, double sign,
                 const Wish& wish) {
  const double limits_a = sum_of_limits(sharing.heard);
  Computed computed{.current_a = wish.configured_a,
                    .base_a = std::min(wish.configured_a, limits_a),
                    .reason = name_of(LimitReason::configured),
                    .code = LimitReason::configured};
  const auto lower = [&](double current_a, const ShortText& reason, LimitReason code) {
    if (current_a >= computed.current_a) return;
    computed.current_a = current_a;
    computed.reason = reason;
    computed.code = code;
  };
  if (wish.user_a) lower(std::max(*wish.user_a, 0.0), name_of(LimitReason::user_maximum), LimitReason::user_maximum);
  const double packs_a = allowed_by_packs(sharing, total, sign);
  if (sharing.heard.empty()) lower(0, name_of(LimitReason::fet_open), LimitReason::fet_open);
  lower(packs_a, "the pack with the least room", LimitReason::bms_maximum);
  if (now.outcome.findings.circulating) {
    lower(circulating_factor * computed.current_a, "packs charge one another", LimitReason::alarm);
  }
  if (wish.blocked) lower(0, name_of(LimitReason::blocked_by_user), LimitReason::blocked_by_user);
  return computed;
}

// While the current changes, what packs have told of it belongs to different moments: nothing rises on that.
bool is_settled(const std::optional<Total>& total, double base_a) {
  return !total || std::abs(total->told_a - total->filtered_a) <= settled_share * base_a;
}

double publish(const Moment& now, charge::AllowedCurrent& followed, const Computed& computed, bool settled,
               double hold_s) {
  if (now.state.charge.contact_lost || now.state.outage.contact == Contact::returning) {
    charge::begin_low(followed, reopening_share * computed.base_a);
  }
  const double counted_s = now.state.charge.pace.counted_s(now.dt_s, now.config.charge.poll_interval_s);
  charge::follow_computed(followed, computed.current_a, std::nullopt,
                          {.base_a = computed.base_a, .hold_s = hold_s, .dt_s = counted_s, .may_rise = settled});
  return charge::publish(followed, computed.base_a, now.config.charge.integer_amps);
}

// What packs allow goes up and down with their currents, and with it whether a limit is on its way there.
constexpr double least_doubt_s = 10;

/// Whether a limit is on its way is said when it has been so for a while, or at once where the current becomes 0 or is
/// 0 no longer. `said.age_s`: for how long something else has been true.
void say(charge::SlowText& said, std::optional<double>& said_a, const Computed& computed, double published_a,
         double dt_s) {
  const bool rising = published_a < computed.current_a - std::max(0.5, 0.02 * computed.base_a);
  const charge::SlowText next{.text = rising ? ShortText(name_of(LimitReason::rising)) : computed.reason,
                              .code = rising ? LimitReason::rising : computed.code};
  const bool turned = !said_a || (*said_a == 0) != (published_a == 0);
  said_a = published_a;
  const bool of_its_way = (next.code == LimitReason::rising) != (said.code == LimitReason::rising);
  said.age_s += dt_s;
  if (turned || published_a == 0 || !of_its_way || said.age_s >= least_doubt_s) said = next;
}

Wish charge_wish(const Moment& now) {
  const charge::Config& config = now.config.charge;
  return {charge::configured_charge_a(config, now.outcome.battery.estimate.capacity_ah), config.user_max_charge_a,
          config.charge_blocked};
}

Wish discharge_wish(const Moment& now) {
  const charge::Config& config = now.config.charge;
  return {charge::configured_discharge_a(config, now.outcome.battery.estimate.capacity_ah), config.user_max_discharge_a,
          config.discharge_blocked};
}

}  // namespace

GroupCurrents follow_group_currents(const Moment& now) {
  State& state = now.state;
  filter_currents(now, slowest_poll_s(now));
  const std::optional<Total> total = total_current(now);
  const Resistances resistances = all_resistances(now);
  const Sharing charge = sharing_of(now, charging, resistances);
  const Sharing discharge = sharing_of(now, discharging, resistances);
  const Computed charge_a = compute(now, charge, total, charging.sign, charge_wish(now));
  const Computed discharge_a = compute(now, discharge, total, discharging.sign, discharge_wish(now));

  Limits& limits = now.outcome.limits;
  limits.charge_current_a =
      publish(now, state.charge.charge, charge_a, is_settled(total, charge_a.base_a), charge::charge_hold_s);
  limits.discharge_current_a = publish(now, state.charge.discharge, discharge_a, is_settled(total, discharge_a.base_a),
                                       charge::discharge_hold_s);
  state.charge.contact_lost = false;
  state.charge.last_dcl_a.reset();
  state.charge.pace.take(now.dt_s);
  charge::State& said = state.charge;
  say(said.charge_reason, said.said_charge_a, charge_a, *limits.charge_current_a, now.dt_s);
  say(said.discharge_reason, said.said_discharge_a, discharge_a, *limits.discharge_current_a, now.dt_s);
  limits.charge_reason = said.charge_reason.text;
  limits.charge_code = said.charge_reason.code;
  limits.discharge_reason = said.discharge_reason.text;
  limits.discharge_code = said.discharge_reason.code;
  const auto permission = [](double current_a, std::optional<bool> fet) {
    return current_a > 0 ? fet : std::optional(false);
  };
  limits.allow_charge = permission(*limits.charge_current_a, now.outcome.battery.reading.charge_fet);
  limits.allow_discharge = permission(*limits.discharge_current_a, now.outcome.battery.reading.discharge_fet);
  return {.current_a = total ? std::optional(total->filtered_a) : std::nullopt,
          .allowed_charge_a = std::min(*state.charge.charge.allowed_a, charge_a.current_a),
          .resistance_ohm = parallel_ohm(charge.heard),
          .blocked = charge_a.current_a <= 0 && !charge.heard.empty()};
}

double borne_discharge_a(const Moment& now) {
  const bool any = std::ranges::any_of(now.tracks(), [&](const Track& track) { return counts(track, now.state); });
  if (!any) return std::numeric_limits<double>::infinity();
  filter_currents(now, slowest_poll_s(now));
  return allowed_by_packs(sharing_of(now, discharging, all_resistances(now)), total_current(now), discharging.sign);
}

}  // namespace bms::bank
