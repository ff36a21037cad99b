// The life of an alarm while nobody sees the battery: through silence, return and restart. All of it is kept here, and
// docs/alarms.md describes it for owners.
//
// Venus OS makes a notification whenever an alarm changes to another level than 0, and when a service appears with one;
// it ends when the alarm becomes 0 or invalid (victronenergy/venus-platform, src/alarm_monitor.cpp: updateAlarm). So
//  - one outage is one alarm, which only rises: to a warning when measurements are no longer true, to an alarm when the
//    BMS counts as lost. It ends when contact is believed again, not before and not later;
//  - what was raised before stays as it is while the contact is stale, since nobody withdrew it, and is not known once
//    the BMS is lost;
//  - after that, and after a restart, it stays raised only if the first reading still shows it. Then it needs no delay:
//    it was proved before.
#pragma once

#include <algorithm>
#include <optional>
#include <utility>

#include "bms/battery.hpp"

namespace bms::battery {

class AlarmLife {
 public:
  /// Contact has moved on, or a reading has come.
  void follow(Contact contact) {
    const AlarmLevel lost = wished_ ? AlarmLevel::warning : AlarmLevel::alarm;
    switch (contact) {
      case Contact::never:
      case Contact::returning: break;
      case Contact::fresh: outage_ = AlarmLevel::ok; break;
      case Contact::stale: outage_ = std::max(outage_, AlarmLevel::warning); break;
      case Contact::kept:
      case Contact::releasing: outage_ = std::max(outage_, lost); break;
      case Contact::lost:
        outage_ = std::max(outage_, lost);
        unseen_ = true;
        break;
    }
  }

  /// Whether its owner wishes silence, and has to be told no more than that there is one.
  void wish_silence(bool wished) { wished_ = wished; }
  [[nodiscard]] bool silence_is_wished() const { return wished_; }

  /// The level of the present outage; ok: there is none.
  [[nodiscard]] AlarmLevel outage() const { return outage_; }

  /// The program was started anew; these alarms were raised when what it kept was saved.
  void restarted(const Alarms& raised) { kept_ = raised; }

  /// For each reading, with what is raised by now: what was raised before nobody looked. Empty: somebody did look.
  [[nodiscard]] std::optional<Alarms> take_unseen(const Alarms& raised) {
    if (std::exchange(unseen_, false)) kept_ = raised;
    return std::exchange(kept_, std::nullopt);
  }

 private:
  AlarmLevel outage_ = AlarmLevel::ok;
  bool wished_ = false;
  bool unseen_ = false;         ///< the BMS was lost
  std::optional<Alarms> kept_;  ///< what was raised then, or before the restart
};

}  // namespace bms::battery
