#include "bank/shares.hpp"

#include <algorithm>
#include <limits>

namespace bms::bank {

namespace {

// A cell of 150 Ah has 1 mOhm, and in a pack that is neither warm nor young somewhat more. What is learnt beyond these
// multiples of it was not learnt of the pack; they are wide because what is learnt in a second is only the part that
// answers at once, and what counts here is how packs compare.
constexpr double cell_ohm_ah = 0.001 * 150 * 1.3;
constexpr double least_of_usual = 0.2, most_of_usual = 5;
constexpr double usual_cells = 16;

// Between which multiples of what their capacity says packs lie that nobody has measured.
constexpr double least_of_foreign = 0.6, most_of_foreign = 1.6;

constexpr double turning_share = 0.95;

double usual_ohm_ah(const ResistanceClue& clue) {
  return cell_ohm_ah * (clue.cells > 0 ? static_cast<double>(clue.cells) : usual_cells);
}

std::optional<double> learnt_ohm(const ResistanceClue& clue) {
  if (!clue.learnt_ohm || !clue.capacity_ah) return clue.learnt_ohm;
  const double usual_ohm = usual_ohm_ah(clue) / *clue.capacity_ah;
  return within(clue.learnt_ohm, least_of_usual * usual_ohm, most_of_usual * usual_ohm);
}

/// What resistance times capacity is, by those packs of which both are known.
std::optional<double> learnt_ohm_ah(std::span<const ResistanceClue> clues) {
  double sum = 0;
  int count = 0;
  for (const ResistanceClue& clue : clues) {
    const auto ohm = learnt_ohm(clue);
    if (!ohm || !clue.capacity_ah) continue;
    sum += *ohm * *clue.capacity_ah;
    ++count;
  }
  return count > 0 ? std::optional(sum / count) : std::nullopt;
}

std::optional<double> likely_ohm(const ResistanceClue& clue, std::optional<double> ohm_ah) {
  if (const auto ohm = learnt_ohm(clue)) return ohm;
  if (!clue.capacity_ah) return std::nullopt;
  return ohm_ah.value_or(usual_ohm_ah(clue)) / *clue.capacity_ah;
}

Resistance around(double ohm, bool unmeasured) {
  return unmeasured ? Resistance{ohm * least_of_foreign, ohm * most_of_foreign} : Resistance{ohm, ohm};
}

double share_by(std::span<const Sharer> sharers, std::size_t of, double Resistance::* own_ohm,
                double Resistance::* other_ohm) {
  const double own = 1 / (sharers[of].resistance.*own_ohm);
  double all = own;
  for (std::size_t i = 0; i < sharers.size(); ++i) all += i == of ? 0 : 1 / (sharers[i].resistance.*other_ohm);
  return own / all;
}

double bound_by(std::span<const Sharer> sharers, std::size_t of, double total_a) {
  const Sharer& sharer = sharers[of];
  if (!sharer.current_a) return sharer.limit_a / largest_share(sharers, of);
  const double room_a = sharer.limit_a - *sharer.current_a;
  if (room_a <= 0) return total_a + room_a / smallest_share(sharers, of);
  // From a current the other way it is far to the limit, and packs that have just been charged share it otherwise.
  const double sureness = total_a < 0 ? turning_share : 1;
  return total_a + sureness * room_a / largest_share(sharers, of);
}

}  // namespace

Resistances resistances_of(std::span<const ResistanceClue> clues) {
  const auto ohm_ah = learnt_ohm_ah(clues);
  double sum_ohm = 0;
  int known = 0;
  for (const ResistanceClue& clue : clues) {
    if (const auto ohm = likely_ohm(clue, ohm_ah)) {
      sum_ohm += *ohm;
      ++known;
    }
  }
  const double mean_ohm = known > 0 ? sum_ohm / known : 1;
  Resistances resistances;
  for (const ResistanceClue& clue : clues) {
    const double ohm = likely_ohm(clue, ohm_ah).value_or(mean_ohm);
    resistances.push_back(around(ohm, clue.foreign && !learnt_ohm(clue)));
  }
  return resistances;
}

double largest_share(std::span<const Sharer> sharers, std::size_t of) {
  return share_by(sharers, of, &Resistance::low_ohm, &Resistance::high_ohm);
}

double smallest_share(std::span<const Sharer> sharers, std::size_t of) {
  return share_by(sharers, of, &Resistance::high_ohm, &Resistance::low_ohm);
}

double relief_a(std::span<const Sharer> sharers, double told_total_a) {
  double allowed_a = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < sharers.size(); ++i) {
    const double room_a = sharers[i].limit_a - sharers[i].told_a;
    if (!sharers[i].current_a || room_a >= 0) continue;
    allowed_a = std::min(allowed_a, std::max(told_total_a + room_a / smallest_share(sharers, i), 0.0));
  }
  return allowed_a;
}

double headroom_a(std::span<const Sharer> sharers, double total_a) {
  if (sharers.empty()) return 0;
  double allowed_a = std::numeric_limits<double>::infinity();
  double limits_a = 0;
  for (std::size_t i = 0; i < sharers.size(); ++i) {
    const Sharer& sharer = sharers[i];
    allowed_a = std::min(allowed_a, bound_by(sharers, i, total_a));
    limits_a += sharer.limit_a;
  }
  return std::clamp(allowed_a, 0.0, limits_a);
}

}  // namespace bms::bank
