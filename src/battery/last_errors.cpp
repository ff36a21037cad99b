#include "battery/last_errors.hpp"

#include <cstdint>

namespace bms::battery {

namespace {

/// What an error is kept as.
struct Place {
  std::optional<double> Kept::* code;
  std::optional<double> Kept::* unix_s;
};
constexpr Place places[most_last_errors] = {{&Kept::error_1, &Kept::error_1_unix_s},
                                            {&Kept::error_2, &Kept::error_2_unix_s},
                                            {&Kept::error_3, &Kept::error_3_unix_s},
                                            {&Kept::error_4, &Kept::error_4_unix_s}};

std::uint32_t bit_of(Alarm alarm) { return std::uint32_t{1} << static_cast<unsigned>(alarm); }

double mask_of(const Alarms& alarms, AlarmLevel at_least) {
  std::uint32_t mask = 0;
  for (const AlarmEffect& effect : alarm_effects)
    if (alarms[effect.alarm].value_or(AlarmLevel::ok) >= at_least) mask |= bit_of(effect.alarm);
  return mask;
}

/// Of two alarms that mean the same, as high pack voltage and high cell voltage do, the first one is the error.
bool is_known(const Alarms& alarms, int code) {
  for (const AlarmEffect& effect : alarm_effects)
    if (alarms[effect.alarm] == AlarmLevel::alarm && error_code(effect.alarm) == code) return true;
  return false;
}

void put_first(Kept& kept, int code, std::optional<double> unix_s) {
  for (std::size_t i = most_last_errors - 1; i > 0; --i) {
    kept.*places[i].code = kept.*places[i - 1].code;
    kept.*places[i].unix_s = kept.*places[i - 1].unix_s;
  }
  kept.*places[0].code = code;
  kept.*places[0].unix_s = unix_s;
}

bool ends_something(const AlarmEffect& effect) {
  return effect.blocks_charge || effect.blocks_discharge || effect.alarm == Alarm::bms_cable;
}

}  // namespace

std::optional<int> error_code(Alarm alarm) {
  switch (alarm) {
    case Alarm::high_voltage:
    case Alarm::high_cell_voltage: return 13;
    case Alarm::low_voltage:
    case Alarm::low_cell_voltage: return 14;
    case Alarm::high_charge_temperature:
    case Alarm::high_temperature:
    case Alarm::high_internal_temperature: return 15;
    case Alarm::low_charge_temperature:
    case Alarm::low_temperature: return 16;
    case Alarm::temperature_sensor: return 7;
    case Alarm::internal_failure:
    case Alarm::fuse_blown: return 11;
    case Alarm::contactor: return 20;
    case Alarm::bms_cable: return 32;
    case Alarm::low_soc:
    case Alarm::high_charge_current:
    case Alarm::high_discharge_current:
    case Alarm::cell_imbalance:
    case Alarm::state_of_health: return std::nullopt;
  }
  return std::nullopt;
}

void note_errors(Kept& kept, const Alarms& alarms, std::optional<double> unix_s) {
  Alarms seen = raised_before(kept);
  bool ended = false;
  for (const AlarmEffect& effect : alarm_effects) {
    if (alarms[effect.alarm] != AlarmLevel::alarm || seen[effect.alarm] == AlarmLevel::alarm) continue;
    ended = ended || ends_something(effect);
    const auto code = error_code(effect.alarm);
    if (code && !is_known(seen, *code)) put_first(kept, *code, unix_s);
    seen.raise(effect.alarm, AlarmLevel::alarm);
  }
  if (ended) ++kept.shut_downs;
  kept.raised_warnings = mask_of(alarms, AlarmLevel::warning);
  kept.raised_alarms = mask_of(alarms, AlarmLevel::alarm);
}

std::array<std::optional<DatedError>, most_last_errors> last_errors(const Kept& kept) {
  std::array<std::optional<DatedError>, most_last_errors> errors;
  for (std::size_t i = 0; i < most_last_errors; ++i) {
    const auto code = kept.*places[i].code;
    if (code) errors[i] = DatedError{.code = static_cast<int>(*code), .unix_s = kept.*places[i].unix_s};
  }
  return errors;
}

Alarms raised_before(const Kept& kept) {
  const auto warnings = static_cast<std::uint32_t>(kept.raised_warnings);
  const auto levels = static_cast<std::uint32_t>(kept.raised_alarms);
  Alarms alarms;
  for (const AlarmEffect& effect : alarm_effects) {
    if ((warnings & bit_of(effect.alarm)) != 0) alarms.raise(effect.alarm, AlarmLevel::warning);
    if ((levels & bit_of(effect.alarm)) != 0) alarms.raise(effect.alarm, AlarmLevel::alarm);
  }
  return alarms;
}

}  // namespace bms::battery
