// What is estimated over time: state of charge, alarms, averages, history. One call before charge control and one
// after it, for each reading.
#pragma once

#include <optional>

#include "battery/alarms.hpp"
#include "battery/averages.hpp"
#include "battery/capacity.hpp"
#include "battery/config.hpp"
#include "battery/counting.hpp"
#include "battery/findings.hpp"
#include "battery/history.hpp"
#include "battery/kept.hpp"
#include "battery/soc.hpp"
#include "bms/battery.hpp"
#include "bms/external.hpp"
#include "bms/pace.hpp"

namespace bms::battery {

class Estimator {
 public:
  explicit Estimator(Config config) : config_(std::move(config)) {}

  /// Another configuration; nothing that was counted is lost, and the shown SoC makes no step.
  void configure(Config config) { config_ = std::move(config); }

  /// Takes a reading that the model believed: fills battery.alarms, alarm_causes, estimate and history. `dt_s`: seconds
  /// since the previous one, 0 for the first. Survives whatever numbers there are: what cannot be is not known.
  void before_charge(Battery& battery, const External& external, double dt_s);

  /// Takes what charge control made of the same reading: synchronises SoC, counts history. What it means for alarms and
  /// for the shown SoC is seen in the next reading.
  void after_charge(Battery& battery, const ChargeFindings& findings, double dt_s);

  /// Contact has changed without a reading: the alarm that depends on it follows.
  void contact_changed(Battery& battery, const External& external = {});

  /// Its owner wishes that the BMS is silent, or no longer: then its silence is worth a warning and no alarm.
  void wish_silence(bool wished) { alarms_.wish_silence(wished); }

  /// The user says what the SoC is. Counted from there; the shown value follows at once, unless it is that of the BMS.
  void set_soc(Battery& battery, double soc_pct);

  void clear_history(Battery& battery, HistoryGroup group);

  /// What to keep, and what was kept `down_s` seconds ago (empty: nobody knows how long).
  [[nodiscard]] const Kept& kept() const { return kept_; }
  void restore(const Kept& kept, std::optional<double> down_s);

 private:
  [[nodiscard]] Facts facts_now(const Battery& battery) const;
  void show_history(Battery& battery, const Facts& facts) const;

  Config config_;
  Kept kept_;
  Pace pace_;
  Capacity capacity_;
  ChargeCounter counter_;
  StateOfCharge soc_;
  Averages averages_;
  AlarmWatch alarms_;
  HistoryCounter history_;
  ChargeFindings findings_;  ///< of the reading before
};

}  // namespace bms::battery
