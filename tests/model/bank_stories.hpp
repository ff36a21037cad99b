// What docs/bank.md shows of a bank, as pictures.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace bms::model {

/// What was seen in a run.
struct BankStoryFigures {
  double longest_above_s = 0;  ///< that a pack was above its own limit, by more than can be measured
  double highest_cell_v = 0;
  double most_current_a = 0;                                 ///< of the charger
  double least_ccl_a = 1e9, most_ccl_a = 0, last_ccl_a = 0;  ///< of the bank, in the part that is drawn
  bool became_full = false;
  std::string svg{};
};

struct BankStory {
  std::string_view name;  ///< of the picture
  BankStoryFigures (*run)();
};

[[nodiscard]] std::span<const BankStory> bank_stories();

}  // namespace bms::model
