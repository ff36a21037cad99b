// The scenarios that control must pass, and what is asked of it in each.
#pragma once

#include <span>
#include <string_view>

#include "bench.hpp"
#include "scenario.hpp"

namespace bms::model {

/// What the figures of a run must stay within. 0: not asked for.
struct Bounds {
  double peak_cell_v = 3.52;
  double absorption_left_s = 0;
  double ripple_a = 0;            ///< with the soft charger
  double exported_ah = 0.15;      ///< before and after leaving absorption
  double cvl_per_cell_v = 0.025;  ///< of what CVL may be below the voltage that stopping the current needs
  int cut_offs = 0;
  double lowest_cell_v = 0;
  double reached_cell_v = 10;    ///< the lowest cell gets there before DCL is 0
  std::string_view alarms = "";  ///< all that are raised, each with its level
  bool any_charger = true;       ///< also when its voltage loop is a faster one
};

struct Case {
  std::string_view name;   ///< also that of its picture
  std::string_view title;  ///< for people
  Scenario scenario{};
  Bounds bounds{};
  bool alike_at_all_frames = false;  ///< the same results whether samples come each 1, 2 or 5 s
};

/// All of them; names are unique.
[[nodiscard]] std::span<const Case> cases();

/// The names of those that the documentation shows.
[[nodiscard]] std::span<const std::string_view> pictured();

/// The case called so. Precondition: there is one.
[[nodiscard]] const Case& case_named(std::string_view name);

/// Runs our control through a scenario.
[[nodiscard]] Figures run_ours(const Scenario& scenario, int sample_s);

}  // namespace bms::model
