#include "driver/alarm_log.hpp"

#include <spdlog/spdlog.h>

namespace bms::driver {

void AlarmLog::follow(const Battery& battery, const std::string& prefix) {
  if (battery.alarms == logged_) return;
  for (const AlarmEffect& effect : alarm_effects) {
    const auto before = logged_[effect.alarm].value_or(AlarmLevel::ok);
    const auto now = battery.alarms[effect.alarm].value_or(AlarmLevel::ok);
    if (now == before) continue;
    const std::string_view cause = battery.alarm_causes[static_cast<std::size_t>(effect.alarm)];
    switch (now) {
      case AlarmLevel::ok: spdlog::info("{}{}: over", prefix, effect.name); break;
      case AlarmLevel::warning: spdlog::warn("{}{} (warning): {}", prefix, effect.name, cause); break;
      case AlarmLevel::alarm:
        spdlog::error("{}{} (alarm): {} [protection word {:#x}]", prefix, effect.name, cause,
                      battery.reading.raw_protection);
        break;
    }
  }
  logged_ = battery.alarms;
}

}  // namespace bms::driver
