// What the log says of one battery: readings that fail, contact, alarms, charge control, and what its owner should put
// right. Each is said when it changes, and what repeats itself ever more rarely.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "bms/battery.hpp"
#include "bms/error.hpp"
#include "charge/control.hpp"
#include "driver/alarm_log.hpp"
#include "driver/charge_log.hpp"
#include "driver/notice_log.hpp"
#include "driver/repeats.hpp"

namespace bms::driver {

class BatteryLog {
 public:
  /// `prefix` begins each line: "ttyUSB0_2: ", or nothing.
  explicit BatteryLog(std::string prefix) : prefix_(std::move(prefix)) {}

  [[nodiscard]] const std::string& prefix() const { return prefix_; }

  /// A reading was believed; to be called before follow(), and reading_shown() after it.
  void reading(const Battery& battery, const charge::Outcome& outcome);

  /// The reading has been published: what kept others from coming is over.
  void reading_shown() { outage_ = {}; }

  /// A poll brought nothing that can be believed.
  void fault(const Error& why, TimePoint now);

  /// Limits were decided anew without a reading.
  void decided(const charge::Outcome& outcome) { charge_log_.follow(outcome, prefix_); }

  /// Contact and alarms are as they are now. `unanswered`: why the newest question has no answer.
  void follow(const Battery& battery, const std::optional<Error>& unanswered);

  /// Why the newest poll brought nothing; empty: it brought a reading.
  [[nodiscard]] const std::optional<Error>& last_fault() const { return outage_.last; }

 private:
  void follow_contact(Contact contact, const std::optional<Error>& unanswered);
  [[nodiscard]] std::string outage_in_words(const std::optional<Error>& unanswered) const;

  /// Polls in a row that brought nothing.
  struct Outage {
    std::uint64_t polls = 0;
    std::optional<Error> last;
  };

  std::string prefix_;
  AlarmLog alarm_log_;
  ChargeLog charge_log_;
  NoticeLog notice_log_;
  Repeats repeats_;
  Outage outage_;
  Contact logged_contact_ = Contact::never;
};

}  // namespace bms::driver
