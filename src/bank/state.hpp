// What the rule of a bank remembers from one moment to the next.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

#include "bank/config.hpp"
#include "bank/findings.hpp"
#include "bank/member.hpp"
#include "battery/timing.hpp"
#include "bms/battery.hpp"
#include "bms/low_pass.hpp"
#include "charge/state.hpp"

namespace bms::bank {

/// Of one pack.
struct Track {
  Standing standing = Standing::unseen;
  bool seen = false;
  Told told{};              ///< the last that counted
  std::size_t cells = 0;    ///< that it should have; 0: not known yet
  double more_cells_s = 0;  ///< for how long it has shown more than it should have

  std::uint32_t last_sign = 0;
  int signs = 0;        ///< heard since it returned
  double heard_s = 0;   ///< for how long, since it returned
  double silent_s = 0;  ///< for how long it has been silent
  bool foreign = false;
  double poll_s = 1;
  bool changed = false;  ///< a FET has been switched: what its current was is no longer so

  LowPass current_a;
  double charge_limit_a = 0, discharge_limit_a = 0;  ///< when it was heard last
  bool quiet = false;                                ///< nobody knows whether it is only quiet
  charge::State guard{};                             ///< of a foreign one: what its cells have borne

  double tail_s = 0;         ///< for how long it has been at the top with hardly any current
  bool was_full = false;     ///< in the charge that the bank is in
  bool full_before = false;  ///< it says so of the charge before
  double lower_s = 0;        ///< for how long its cells have been below those of the others
};

/// How far the bank can be judged.
struct Outage {
  Contact contact = Contact::never;
  double lasted_s = 0;
  double releasing_s = 0;
  /// The least that heard packs have borne since then, of a current out of the bank: nothing rises meanwhile.
  double least_discharge_a = std::numeric_limits<double>::infinity();
};

struct State {
  std::array<Track, most_members> tracks{};
  Outage outage{};

  /// Of the bank as one battery. In series all of it; in parallel what speed rules, CVL, charge state and the stages
  /// of a silence need.
  charge::State charge{};
  charge::AllowedCurrent charge_by_members{}, discharge_by_members{};  ///< in series: the least that a pack allows

  std::bitset<most_members> soc_of{};  ///< the packs that the SoC is made of
  std::optional<double> shown_soc_pct{};
  double soc_offset_pct = 0;  ///< of what is shown, on its way to 0

  battery::Held currents_differ{}, circulating{}, voltages_differ{}, shunt_differs{};
  battery::DelayedSwitch low_soc{}, very_low_soc{};
};

}  // namespace bms::bank
