// State of charge: counted, synchronised where the truth is known, and shown without steps.
#pragma once

#include <optional>

#include "battery/config.hpp"
#include "battery/counting.hpp"
#include "battery/facts.hpp"
#include "battery/findings.hpp"
#include "battery/kept.hpp"
#include "battery/timing.hpp"
#include "bms/battery.hpp"
#include "bms/external.hpp"

namespace bms::battery {

/// The current that is counted: none inside the deadband, and always what the battery itself draws.
[[nodiscard]] double counted_current_a(double current_a, const SocConfig& config);

/// Charge is counted whatever the source is, so that a fall-back has something to go on with. What is shown is the
/// chosen source: what another one says is shown as it comes, and where our own counting is put right (full, empty, the
/// capacity), or the source is another one than before, the shown value goes there at 1 % in 10 s. It starts from what
/// was shown, and never goes the other way.
class StateOfCharge {
 public:
  /// Counts `flow`, and fills soc_pct and soc_uncertain of `estimate`. The first call decides where to start: at what
  /// was kept if it is fresh and credible, else at the BMS's SoC, else at what the cell voltage says.
  void follow(const Config& config, Kept& kept, const Facts& facts, const External& external, const Flow& flow,
              Estimate& estimate, double dt_s);

  /// The pack is full; the cell voltages cut discharging off. Each once, when it begins. If the pack was known to be
  /// empty before, what was counted since is its capacity, within half and one and a half of the nominal one.
  void became_full(Kept& kept, std::optional<double> nominal_ah);
  void cut_off(Kept& kept);

  /// The user says so. The shown value follows at once, if it is the counted one that is shown.
  void set(Kept& kept, double soc_pct, double capacity_ah, Estimate& estimate);

  /// What was kept comes from a program that ended `down_s` ago; empty: nobody knows when.
  void restored(std::optional<double> down_s);

  /// The source of what is shown now; empty: nothing is.
  [[nodiscard]] std::optional<SocSource> source() const { return source_; }

 private:
  struct Target {
    double soc_pct;
    SocSource source;
  };

  /// Decides where to start. True: at what was kept.
  [[nodiscard]] bool start(const Config& config, Kept& kept, const Facts& facts) const;
  void watch_current_source(const Config& config, Kept& kept, const External& external, double dt_s);
  void watch_empty(const Config& config, Kept& kept, const Facts& facts, double dt_s);
  [[nodiscard]] std::optional<Target> target(const Config& config, const Kept& kept, const Facts& facts,
                                             const External& external) const;
  void move_cap(const Config& config, bool full, double dt_s);
  void show(Kept& kept, const Target& target, double dt_s);
  void put_right() { keep_shown_ = keep_shown_ || source_ == SocSource::own; }

  bool started_ = false;
  bool restored_ = false;
  std::optional<double> down_s_;
  std::optional<SocSource> source_;
  std::optional<double> capacity_ah_;
  bool keep_shown_ = false;                ///< the target jumps in this reading; what is shown does not
  double correction_pct_ = 0;              ///< shown - target, on its way to 0
  std::optional<double> shown_pct_;        ///< empty: nothing is
  std::optional<double> highest_bms_pct_;  ///< the most that is shown of what the BMS says, on its way to 100 or back
  Held empty_;
  Held current_source_missing_;
};

}  // namespace bms::battery
