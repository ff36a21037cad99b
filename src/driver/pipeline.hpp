// The path of a reading after the protocol: vote, plausibility, model, estimates, limits. No I/O; time is an argument.
#pragma once

#include <optional>
#include <utility>

#include "battery/cell_monitor.hpp"
#include "battery/cell_summary.hpp"
#include "battery/config.hpp"
#include "battery/consensus.hpp"
#include "battery/estimator.hpp"
#include "battery/model.hpp"
#include "battery/notices.hpp"
#include "bms/limits.hpp"
#include "bms/thresholds.hpp"
#include "charge/control.hpp"
#include "driver/battery_memory.hpp"

namespace bms::driver {

/// What became of a reading.
enum class Verdict : std::uint8_t {
  believed,   ///< battery and limits are those of this reading
  undecided,  ///< the line is noisy and the vote needs more readings
};

/// What the owner says, room by room.
struct PipelineConfig {
  battery::Staleness staleness{};
  battery::Config battery{};
  charge::Config charge{};
};

/// From readings to a battery and its limits.
class Pipeline {
 public:
  Pipeline(const Bounds& bounds, const PipelineConfig& config);

  /// Takes a reading. `line_noisy`: the line has damaged frames lately, so one reading alone proves nothing.
  /// Errors: ErrorKind::implausible; battery and limits are as before.
  [[nodiscard]] Result<Verdict> take(const Reading& reading, bool line_noisy, TimePoint now);

  /// A new poll cycle begins: what was said in the last one no longer counts in votes.
  void begin_cycle() { consensus_.clear(); }

  /// A poll brought nothing, or nothing sound.
  void note_failure(TimePoint now);

  /// Lets time pass without a reading: contact ages, and limits fall with it.
  void time_passes(TimePoint now);

  /// When time_passes() has something to do next. Empty: not before the next reading.
  [[nodiscard]] std::optional<TimePoint> next_change(TimePoint now) const;

  /// Another configuration. Nothing that was counted is lost; limits follow at once.
  void configure(const PipelineConfig& config, TimePoint now);

  /// It is known now which battery this is: who it is, what is configured for it, and what is remembered of it (empty:
  /// nothing). Estimates and limits begin anew from there, with the newest reading.
  void adopt(DeviceInfo device, const PipelineConfig& config, const std::optional<Recalled>& recalled, TimePoint now);

  /// What is known of each cell, and what was remembered of that `down_s` seconds ago; to be called after adopt().
  [[nodiscard]] const battery::CellRecord& cells() const { return cells_.record(); }
  void recall_cells(battery::CellRecord record, std::optional<double> down_s) {
    cells_.restore(std::move(record), down_s);
    summarizer_.forget();
  }

  /// The owner has seen what happened to the cells.
  void acknowledge_alerts() {
    cells_.acknowledge();
    sum_up_cells(0);
  }

  /// What to remember of the battery.
  [[nodiscard]] Remembered remembered() const { return {.charge = state_.kept, .battery = estimator_.kept()}; }

  /// What other services say, from the next reading on.
  void hear(const External& external) { external_ = external; }

  /// Where the BMS opens its FETs; counts from the next reading on.
  void learn_thresholds(const Thresholds& thresholds);

  /// Whose SoC is the published one.
  [[nodiscard]] battery::SocSource soc_source() const { return config_.battery.soc.source; }

  /// The BMS has been told its SoC, which therefore may jump.
  void soc_was_ordered() { model_.soc_was_set(); }

  /// What the BMS was told to do last, for all to see.
  void note_order(LastOrder order) { model_.battery().last_order = std::move(order); }

  /// What the BMS has said besides the believed reading: appended by `add`.
  template <class Add>
  void note_extras(Add add) {
    auto& extras = model_.battery().extras;
    extras.clear();
    add(extras);
  }

  /// Whether its owner wishes that it is silent: others have it.
  void wish_silence(bool wished, TimePoint now) {
    estimator_.wish_silence(wished);
    time_passes(now);
  }

  /// Whether the BMS balances when it sees fit, as far as it has confirmed an order; empty: nobody knows.
  void note_balancer(std::optional<bool> may_balance) { model_.battery().may_balance = may_balance; }

  void set_soc(double soc_pct) { estimator_.set_soc(model_.battery(), soc_pct); }
  void clear_history(battery::HistoryGroup group) { estimator_.clear_history(model_.battery(), group); }

  [[nodiscard]] const Battery& battery() const { return model_.battery(); }
  [[nodiscard]] const Limits& limits() const { return limits_; }

  /// What charge control made of the last believed reading.
  [[nodiscard]] const charge::Outcome& outcome() const { return outcome_; }

  /// Of the pack, as charge control reckons with it. Empty before the first sample.
  [[nodiscard]] std::optional<double> resistance_ohm() const {
    return state_.resistance_ohm > 0 ? std::optional(state_.resistance_ohm) : std::nullopt;
  }

 private:
  void take_sample(double dt_s);
  void sum_up_cells(double dt_s);
  void decide(double dt_s);

  PipelineConfig config_;
  battery::Consensus consensus_;
  battery::Model model_;
  battery::Estimator estimator_;
  battery::NoticeWatch notices_;
  battery::CellMonitor cells_;
  battery::CellSummarizer summarizer_;
  charge::State state_;
  External external_;
  charge::Outcome outcome_;
  Limits limits_;  ///< of `outcome_`, or what silence has left of them
  std::optional<TimePoint> believed_at_;
  std::optional<Reading> raw_;  ///< the newest believed one, as the BMS said it
};

}  // namespace bms::driver
