#include "bank/roll_call.hpp"

#include <algorithm>

#include "bank/guard.hpp"

namespace bms::bank {

namespace {

constexpr double stale_after_s = 10;  // T1
constexpr double polls_to_stale = 3;
constexpr double shortest_poll_s = 0.1, longest_poll_s = 10;  // a pack that is slower is stale between its polls
constexpr double quiet_for_s = 60;  // so long a pack may be silent whose silence may only mean that nothing changes
constexpr double releasing_after_s = 60;  // T2
constexpr double releasing_for_s = 4;     // a cycle of the consumers
constexpr double trusted_after_s = 5;
constexpr int trusted_after_signs = 3;
constexpr double learnt_after_s = 10, longest_counted_s = 2;
constexpr double century_s = 3e9;

double poll_interval(const Member& member) {
  return within(member.poll_interval_s, shortest_poll_s, longest_poll_s).value_or(longest_poll_s);
}

double stale_after(const Member& member) {
  if (!member.freshness_told) return quiet_for_s;
  return std::max(stale_after_s, polls_to_stale * poll_interval(member));
}

bool is_heard(const Member& member) {
  return member.present && member.age_s && *member.age_s >= 0 && *member.age_s <= stale_after(member);
}

void fall_silent(const Member& member, Track& track, double dt_s) {
  const bool silent_already = track.standing == Standing::silent;
  track.standing = track.seen ? Standing::silent : Standing::unseen;
  track.silent_s = silent_already ? track.silent_s + dt_s : 0;
  const double age_s = within(member.age_s, 0, century_s).value_or(0);
  track.silent_s = std::clamp(std::max(track.silent_s, age_s - stale_after(member)), 0.0, century_s);
}

void hear(const Member& member, Track& track, double dt_s) {
  if (track.standing != Standing::fresh && track.standing != Standing::returning) {
    track.standing = track.seen ? Standing::returning : Standing::fresh;
    track.seen = true;
    track.signs = 0;
    track.heard_s = -dt_s;
    track.current_a = {};
  }
  if (track.signs == 0 || member.signs != track.last_sign) track.signs = std::min(track.signs + 1, trusted_after_signs);
  track.last_sign = member.signs;
  track.heard_s = std::min(track.heard_s + dt_s, century_s);
  const bool trusted = track.signs >= trusted_after_signs && track.heard_s >= trusted_after_s;
  if (track.standing == Standing::returning && trusted) track.standing = Standing::fresh;
}

/// What is allowed by a pack whose own word it is, within what the owner has said of it.
double limit_of(std::optional<double> told_a, std::optional<double> configured_a, const Member& member) {
  const auto bound_a = within(configured_a, 0, 1e6);
  if (told_a) return std::min(*told_a, bound_a.value_or(*told_a));
  return member.foreign ? bound_a.value_or(0) : 0;
}

bool charge_alarm_stands(const Alarms& alarms) {
  return std::ranges::any_of(alarm_effects, [&](const AlarmEffect& effect) {
    return effect.blocks_charge && alarms[effect.alarm] == AlarmLevel::alarm;
  });
}

void take_limits(const Member& member, const MemberConfig& config, const charge::Config& limits, Track& track) {
  const Told& told = track.told;
  track.quiet = !member.freshness_told && member.age_s.value_or(0) > stale_after_s;
  const double part = track.quiet ? 0.5 : 1;
  track.charge_limit_a = part * limit_of(told.charge_current_a, config.max_charge_a, member);
  track.discharge_limit_a = part * limit_of(told.discharge_current_a, config.max_discharge_a, member);
  // A pack that would rather be empty wants no charge, which is no reason to drain the others.
  const double least_v = limits.min_cell_v * static_cast<double>(cell_count_of(told));
  const bool wants_none = told.charge_voltage_v && *told.charge_voltage_v < least_v;
  // One of ours that names a current and no voltage contradicts itself.
  const bool half_told = !member.foreign && !told.charge_voltage_v;
  if (charge_alarm_stands(told.alarms) || wants_none || half_told) track.charge_limit_a = 0;
}

/// Those that it shows first, unless there were more to come: some show a few cells while they start. Fewer than before
/// may be cells that nobody sees any more.
void learn_cells(std::optional<std::size_t> configured, double dt_s, Track& track) {
  const std::size_t shown = cell_count_of(track.told);
  if (track.cells == 0) track.cells = configured.value_or(shown);
  // Its voltage must be that of so many.
  const bool more = !configured && shown > track.cells && track.told.voltage_v && !track.told.cells_v.empty();
  track.more_cells_s = more ? track.more_cells_s + std::min(dt_s, longest_counted_s) : 0;
  if (track.more_cells_s >= learnt_after_s) track.cells = shown;
}

void take_word(const Member& member, std::size_t number, const Config& config, double dt_s, Track& track) {
  const MemberConfig& own = config.members[number];
  const Told before = track.told;
  track.foreign = member.foreign;
  track.poll_s = poll_interval(member);
  track.told = sane(member.told);
  if (const auto capacity_ah = within(own.capacity_ah, 0.1, 1e5)) track.told.capacity_ah = capacity_ah;
  track.changed = before.charge_fet != track.told.charge_fet || before.discharge_fet != track.told.discharge_fet;
  learn_cells(own.cells, dt_s, track);
  take_limits(member, own, config.charge, track);
  if (member.foreign && config.wiring == Wiring::parallel) guard(config.charge, dt_s, track);
}

/// A string needs each of its packs, whoever would like to leave one out.
bool is_excluded(const Member& member, const Config& config) {
  return member.excluded && config.wiring == Wiring::parallel;
}

std::size_t count_in(std::span<const Track> tracks, auto wanted) {
  return static_cast<std::size_t>(std::ranges::count_if(tracks, wanted));
}

ShortText about(const Config& config, std::size_t member) { return {std::string_view(config.members[member].name)}; }

std::optional<RefusalText> refusal_of_cells(const Config& config, const Track& track, std::size_t member) {
  const std::size_t cells = cell_count_of(track.told);
  if (cells == 0 || cells_of(track.told).empty()) {
    return RefusalText{Refusal::cells_unknown, about(config, member).append(" does not show its cells")};
  }
  if (cells == track.cells) return std::nullopt;
  return RefusalText{Refusal::other_cells, about(config, member)
                                               .append(" has ")
                                               .append(static_cast<double>(cells), 0)
                                               .append(" cells, not ")
                                               .append(static_cast<double>(track.cells), 0)};
}

/// What does not fit between a pack and the first one of the bank.
std::optional<RefusalText> refusal_of_pair(const Config& config, const Track& first, const Track& track,
                                           std::size_t member) {
  if (config.wiring == Wiring::parallel && track.cells != first.cells) {
    return RefusalText{Refusal::other_cells,
                       about(config, member).append(" has another number of cells than the others")};
  }
  const auto& chemistry = track.told.chemistry;
  if (chemistry && first.told.chemistry && *chemistry != *first.told.chemistry) {
    return RefusalText{Refusal::other_chemistry, about(config, member).append(" has other cells than the others")};
  }
  return std::nullopt;
}

}  // namespace

std::span<Track> tracks_of(const Config& config, State& state) {
  return std::span(state.tracks).first(std::min(config.members.size(), most_members));
}

std::span<const Track> tracks_of(const Config& config, const State& state) {
  return std::span(state.tracks).first(std::min(config.members.size(), most_members));
}

bool counts(const Track& track, const State& state) {
  return track.standing == Standing::fresh ||
         (track.standing == Standing::returning && state.outage.contact == Contact::returning);
}

void call_roll(std::span<const Member> members, const Config& config, State& state, double dt_s) {
  const auto tracks = tracks_of(config, state);
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    if (is_excluded(members[i], config)) {
      tracks[i].standing = Standing::excluded;
    } else if (is_heard(members[i])) {
      hear(members[i], tracks[i], dt_s);
      take_word(members[i], i, config, dt_s, tracks[i]);
    } else {
      fall_silent(members[i], tracks[i], dt_s);
    }
  }
}

RefusalText refusal_of(std::span<const Member> members, const Config& config, const State& state) {
  const Track* first = nullptr;
  const auto tracks = tracks_of(config, state);
  std::size_t cells = 0;
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    const Track& track = tracks[i];
    const bool excluded = track.standing == Standing::excluded;
    if (members[i].twice && !excluded) {
      return {Refusal::same_pack_twice, about(config, i).append(" is there twice")};
    }
    if (track.standing != Standing::fresh && track.standing != Standing::returning) continue;
    if (auto refusal = refusal_of_cells(config, track, i)) return *refusal;
    if (first == nullptr) first = &track;
    if (auto refusal = refusal_of_pair(config, *first, track, i)) return *refusal;
    cells += track.cells;
  }
  if (config.wiring == Wiring::series && cells > max_cells) {
    return {Refusal::too_many_cells, "more cells in one string than can be shown"};
  }
  return {};
}

void follow_contact(const Config& config, State& state, double dt_s) {
  const auto tracks = tracks_of(config, state);
  const std::size_t excluded =
      count_in(tracks, [](const Track& track) { return track.standing == Standing::excluded; });
  const std::size_t least = std::max<std::size_t>(least_members(config, excluded), 1);
  const std::size_t fresh = count_in(tracks, [](const Track& track) { return track.standing == Standing::fresh; });
  const std::size_t heard =
      fresh + count_in(tracks, [](const Track& track) { return track.standing == Standing::returning; });
  Outage& outage = state.outage;
  if (fresh >= least) {
    outage = {.contact = Contact::fresh};
    return;
  }
  if (outage.contact == Contact::never) return;
  if (heard >= least) {
    outage = {.contact = Contact::returning};
    return;
  }
  outage.lasted_s = std::min(outage.lasted_s + dt_s, century_s);
  const bool releasing = outage.contact == Contact::releasing || outage.contact == Contact::lost;
  if (releasing) outage.releasing_s = std::min(outage.releasing_s + dt_s, century_s);
  if (stale_after_s + outage.lasted_s < releasing_after_s)
    outage.contact = Contact::stale;
  else
    outage.contact = outage.releasing_s < releasing_for_s ? Contact::releasing : Contact::lost;
}

}  // namespace bms::bank
