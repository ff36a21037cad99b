// Closes the loop: a control, a pack and an installation, second by second, and what comes of it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "computed_limit.hpp"
#include "control_on_bench.hpp"
#include "installation.hpp"
#include "pack.hpp"
#include "scenario.hpp"

namespace bms::model {

/// No cell may get there.
inline constexpr double too_high_cell_v = 3.55;

/// What a run is judged by.
struct Figures {
  double peak_cell_v = 0;  ///< true, not measured
  double lowest_cell_v = 10;
  int too_high_s = 0;
  std::optional<int> absorption_left_s{};  ///< the first time
  double ripple_a = 0;                     ///< the battery current's changes from second to second, added up
  double exported_before_ah = 0;           ///< out of the battery into the grid, until absorption was left
  double exported_after_ah = 0;
  double sold_ah = 0;          ///< exported while CVL was below the pack's resting voltage: it will be missed later
  double cvl_slack_v = 10;     ///< of the lowest CVL above what the charger's own voltage drop explains, see bench.cpp
  double ccl_excess_a = -1e9;  ///< the most that was published above what the sample allows
  int transitions = 0;         ///< of the charge state
  int most_returns_per_hour = 0;  ///< into a state that was there before
  int cut_offs = 0;               ///< how often DCL became 0
  bool sound = true;              ///< every value finite, CVL never 0, no current empty while CVL is not
};

class Bench {
 public:
  Bench(const Scenario& scenario, Control& control, int sample_s);

  /// Lets one second pass. False when the scenario's time is over; then nothing happens any more.
  bool advance();
  /// The rest of the scenario's time.
  const Figures& run();

  [[nodiscard]] const Figures& figures() const { return figures_; }
  [[nodiscard]] int second() const { return second_; }
  [[nodiscard]] const Pack& pack() const { return pack_; }
  [[nodiscard]] const Published& published() const { return published_; }
  [[nodiscard]] double current_a() const { return current_a_; }

 private:
  [[nodiscard]] charge::Sample measure();
  [[nodiscard]] bool lost() const;
  void poll();
  void judge(const charge::Sample& sample, double dt_s);
  void note_state(ChargeState state);
  void note_cut_off(double dcl_a);
  void note_current(double current_a, bool feed_in);
  void note_export(double exported_ah);

  Scenario scenario_;
  Control& control_;
  int sample_s_;
  Random pack_random_, noise_random_;
  Pack pack_;
  Weather weather_;
  Installation installation_;
  ComputedLimit computed_;

  int second_ = 0;
  int last_frame_s_ = 0;
  bool any_frame_ = false;
  double current_a_ = 0;
  Published published_{};
  ChargeState state_ = ChargeState::bulk;
  double dcl_a_ = 0;
  Figures figures_{};
  std::uint32_t visited_ = 1;
  std::vector<int> returns_s_{};
};

}  // namespace bms::model
