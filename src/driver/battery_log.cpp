#include "driver/battery_log.hpp"

#include <spdlog/spdlog.h>

namespace bms::driver {

void BatteryLog::reading(const Battery& battery, const charge::Outcome& outcome) {
  // An outage long enough for the log is over: the next one is logged from its beginning.
  if (logged_contact_ > Contact::fresh && logged_contact_ < Contact::returning) repeats_ = {};
  charge_log_.follow(outcome, prefix_);
  notice_log_.follow(battery, prefix_);
}

void BatteryLog::fault(const Error& why, TimePoint now) {
  ++outage_.polls;
  outage_.last = why;
  if (const auto number = repeats_.hit(why.kind, now)) {
    const bool again = *number > 1;
    spdlog::warn("{}no reading ({}): {}{}", prefix_, name_of(why.kind), why.message,
                 again ? " (number " + std::to_string(*number) + ")" : "");
  }
}

void BatteryLog::follow(const Battery& battery, const std::optional<Error>& unanswered) {
  follow_contact(battery.contact, unanswered);
  alarm_log_.follow(battery, prefix_);
}

/// " (silent: asked for register 0x03: not one byte came; 9 polls without a reading)", or nothing.
std::string BatteryLog::outage_in_words(const std::optional<Error>& unanswered) const {
  const std::optional<Error>& why = outage_.last ? outage_.last : unanswered;
  if (!why) return {};
  std::string polls;
  if (outage_.polls > 0)
    polls = fmt::format("; {} poll{} without a reading", outage_.polls, outage_.polls == 1 ? "" : "s");
  return fmt::format(" ({}: {}{})", name_of(why->kind), why->message, polls);
}

void BatteryLog::follow_contact(Contact contact, const std::optional<Error>& unanswered) {
  if (contact == logged_contact_) return;
  const Contact before = std::exchange(logged_contact_, contact);
  const std::string outage = outage_in_words(unanswered);
  switch (contact) {
    case Contact::never: break;
    case Contact::fresh:
      if (before != Contact::never) spdlog::info("{}contact is steady again", prefix_);
      break;
    case Contact::stale:
      spdlog::warn("{}the BMS does not answer: measurements are invalid, charging is not allowed{}", prefix_, outage);
      break;
    case Contact::kept:
      spdlog::error("{}the BMS is lost: the battery is kept with small limits, as configured{}", prefix_, outage);
      break;
    case Contact::releasing:
      spdlog::error("{}the BMS is lost: neither charging nor discharging is allowed{}", prefix_, outage);
      break;
    case Contact::lost: spdlog::error("{}the BMS is lost: the battery is no longer managed", prefix_); break;
    case Contact::returning: spdlog::info("{}the BMS answers again, limits rise slowly{}", prefix_, outage); break;
  }
}

}  // namespace bms::driver
