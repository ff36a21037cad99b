#include "driver/alarm_log.hpp"

#include <spdlog/spdlog.h>

#include <string>

#include "bms/words.hpp"

namespace bms::driver {

namespace {

/// "High cell voltage (cell 7, 3.65 V)".
std::string in_words(const AlarmEffect& effect, const Battery& battery) {
  std::string words;
  append_title(words, effect.name);
  const std::string_view cause = battery.alarm_causes[static_cast<std::size_t>(effect.alarm)];
  if (!cause.empty()) words.append(" (").append(cause).append(")");
  return words;
}

/// The protection word, where a protection of the BMS has raised the alarm.
std::string protection(const AlarmEffect& effect, const Battery& battery) {
  const bool by_bms = battery.alarm_sources[static_cast<std::size_t>(effect.alarm)].cause == AlarmCause::bms;
  if (!by_bms || battery.reading.raw_protection == 0) return {};
  return fmt::format(" [protection word {:#x}]", battery.reading.raw_protection);
}

}  // namespace

void AlarmLog::follow(const Battery& battery, const std::string& prefix) {
  if (battery.alarms == logged_) return;
  for (const AlarmEffect& effect : alarm_effects) {
    const auto before = logged_[effect.alarm].value_or(AlarmLevel::ok);
    const auto now = battery.alarms[effect.alarm].value_or(AlarmLevel::ok);
    if (now == before) continue;
    switch (now) {
      case AlarmLevel::ok: {
        std::string name;
        append_title(name, effect.name);
        spdlog::info("{}{}: over", prefix, name);
        break;
      }
      case AlarmLevel::warning:
        spdlog::warn("{}{}{}", prefix, in_words(effect, battery), protection(effect, battery));
        break;
      case AlarmLevel::alarm:
        spdlog::error("{}{}{}", prefix, in_words(effect, battery), protection(effect, battery));
        break;
    }
  }
  logged_ = battery.alarms;
}

}  // namespace bms::driver
