// What is the same for packs in series and in parallel: extremes, alarms, counts, and what owners are told.
#pragma once

#include <optional>
#include <span>

#include "bank/bank.hpp"
#include "bank/roll_call.hpp"

namespace bms::bank {

/// One moment of a bank, to be worked on.
struct Moment {
  const Config& config;
  State& state;
  const std::optional<Shunt>& shunt;
  double dt_s;
  Outcome& outcome;

  [[nodiscard]] std::span<Track> tracks() const { return tracks_of(config, state); }
  [[nodiscard]] std::string_view name(std::size_t member) const { return config.members[member].name; }
  /// Adds words for the owner, as long as there is room for them.
  void note(const ShortText& text, bool fault = false) const;
};

/// Fills in what packs have in common with those that count: extremes with the pack's number, FETs that block, alarms.
void gather(const Moment& now);

/// Says which packs are silent, excluded, returning or foreign, and raises the alarm for a silent one.
void say_standings(const Moment& now);

/// Shows the current, and of packs in parallel the voltage, of the shunt where there is one that can be believed; says
/// where it differs from the packs.
void follow_shunt(const Moment& now);

/// Shows `soc_pct`; where other packs make it up than before, it goes there slowly. Raises the alarm of a low one.
void show_soc(const Moment& now, std::optional<double> soc_pct);

/// The capacity of a pack, and what is left in it.
struct Charge {
  double capacity_ah, remaining_ah;
};
[[nodiscard]] std::optional<Charge> charge_of(const Told& told);

/// Finds out whether the packs are charged unevenly.
void compare_socs(const Moment& now);

}  // namespace bms::bank
