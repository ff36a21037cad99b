// How packs in parallel share a current, and how much the bank can take before the first of them has its limit.
#pragma once

#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <optional>
#include <span>

#include "bank/config.hpp"
#include "bank/member.hpp"

namespace bms::bank {

/// Between which values the resistance of a pack lies. Where it was learnt, or follows from a capacity that the pack
/// shares its making with, both are the same.
struct Resistance {
  double low_ohm = 1, high_ohm = 1;
};

/// What resistance follows from.
struct ResistanceClue {
  std::optional<double> learnt_ohm{}, capacity_ah{};
  std::size_t cells = 0;  ///< 0: not known
  bool foreign = false;   ///< nobody knows what it is made of
};

using Resistances = boost::container::static_vector<Resistance, most_members>;

/// Of each pack, on one scale: as learnt, within what its capacity leaves possible; else by its capacity, as that of
/// the others; else like the mean of the others.
[[nodiscard]] Resistances resistances_of(std::span<const ResistanceClue> clues);

/// One pack that takes part in a direction. Currents in that direction count as positive.
struct Sharer {
  Resistance resistance;
  std::optional<double> current_a{};  ///< filtered; empty: not known
  double limit_a = 0;
  double told_a = 0;  ///< as it was told last
};

/// The largest and the smallest share that `sharers[of]` can have of a current that is added.
[[nodiscard]] double largest_share(std::span<const Sharer> sharers, std::size_t of);
[[nodiscard]] double smallest_share(std::span<const Sharer> sharers, std::size_t of);

/// What the bank can take until the first pack is at its limit, by how they share the present `total_a` and what would
/// be added to it; of shares that are not known well those that allow less. A pack whose current is not known is taken
/// to have its share of everything. >= 0, never above all limits together; 0 without packs.
[[nodiscard]] double headroom_a(std::span<const Sharer> sharers, double total_a);

/// The same for those packs alone that are above their limits by what they told last, of a total that was told last:
/// they cannot wait for a filter. Infinite if there are none.
[[nodiscard]] double relief_a(std::span<const Sharer> sharers, double told_total_a);

}  // namespace bms::bank
