// Alarms as they are published: what the BMS says and what we derive, debounced and merged, each with its cause.
#pragma once

#include <array>

#include "battery/alarm_life.hpp"
#include "battery/alarm_rules.hpp"
#include "battery/timing.hpp"
#include "bms/battery.hpp"
#include "bms/low_pass.hpp"

namespace bms::battery {

/// One alarm of one source. Each of the two levels has its own hysteresis, so that a value at one of the thresholds
/// moves nothing back and forth; from `alarm` down to `warning` it takes a minute.
class AlarmLatch {
 public:
  struct Conditions {
    bool warning = false, alarm = false;            ///< raise
    bool below_warning = true, below_alarm = true;  ///< let go
  };
  struct Timing {
    double warning_s = 0, alarm_s = 0, off_s = 0;
    unsigned frames = 1;
  };

  AlarmLevel follow(const Conditions& conditions, const Timing& timing, double dt_s);

  /// Goes to the level that the conditions raise now, without any delay.
  void settle(const Conditions& conditions);
  [[nodiscard]] AlarmLevel level() const;

 private:
  DelayedSwitch warning_, alarm_;
};

/// All alarms of one battery.
class AlarmWatch {
 public:
  /// Takes a reading; fills alarms and causes of `battery`. A bit of the BMS counts in the second reading in a row that
  /// has it (an internal failure in the first), and is over after 30 s without.
  void follow(const Config& config, const Facts& facts, Battery& battery, double dt_s);

  /// What charge control found; counts from the next reading on.
  void found(const Config& config, const ChargeFindings& findings);

  /// Only contact has changed: its alarm follows at once.
  void contact_changed(const Config& config, Battery& battery);

  /// The program was started anew; these were raised before. Those that the next reading still shows stay raised.
  void restarted(const Alarms& raised) { life_.restarted(raised); }

  /// Its owner wishes that the BMS is silent, or no longer; counts from the next change of contact on.
  void wish_silence(bool wished) { life_.wish_silence(wished); }

 private:
  /// Where a published level comes from.
  struct Source {
    int rule = none;  ///< number in the table, or one of those below
    int subject = 0;
    AlarmLevel level = AlarmLevel::ok;
    static constexpr int none = -1;
    static constexpr int bms = -2;
    friend bool operator==(const Source&, const Source&) = default;
  };
  struct Cause {
    Source source;
    double age_s = 0;
  };

  [[nodiscard]] Situation situation(const Config& config, const Facts& facts, const Battery& battery) const;
  void follow_balancing(const Config& config, const Facts& facts);
  void judge_rule(std::size_t index, const Situation& now, const Alarms& unseen, double dt_s);
  void judge_bms(const Reading& reading, const Alarms& unseen, double dt_s);
  [[nodiscard]] int subject_of(const AlarmRule& rule, int number, const Situation& now) const;
  void publish(Alarm alarm, const Situation& now, Battery& battery, double dt_s);
  void explain(Alarm alarm, const Source& source, const Situation& now, Battery& battery, double dt_s);
  static void blame_units(Alarm alarm, const Source& source, const Situation& now, Battery& battery);

  AlarmLife life_;
  ChargeFindings findings_;
  Held rest_;
  LowPass spread_v_;
  double even_spread_v_ = 0;
  bool capped_uneven_ = false;
  double balanced_cell_v_ = 0;
  Held even_at_top_;
  std::array<AlarmLatch, most_alarm_rules> of_rules_;
  std::array<AlarmLatch, alarm_count> of_bms_;
  std::array<Cause, alarm_count> causes_;
};

}  // namespace bms::battery
