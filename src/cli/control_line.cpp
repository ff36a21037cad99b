#include "cli/control_line.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace bms::cli {

using nlohmann::json;
using nlohmann::ordered_json;

namespace {

/// A member that is a number, with its place in the reading.
struct NumberMember {
  const char* name;
  std::optional<double> Reading::* place;
};

constexpr NumberMember number_members[] = {
    {"current_a", &Reading::current_a},
    {"voltage_v", &Reading::voltage_v},
    {"soc_pct", &Reading::soc_pct},
    {"soh_pct", &Reading::soh_pct},
    {"capacity_ah", &Reading::design_capacity_ah},
    {"mos_temperature_c", &Reading::mos_temperature_c},
    {"max_charge_voltage_v", &Reading::max_charge_voltage_v},
    {"max_charge_current_a", &Reading::max_charge_current_a},
    {"max_discharge_current_a", &Reading::max_discharge_current_a},
};

struct FlagMember {
  const char* name;
  std::optional<bool> Reading::* place;
};

constexpr FlagMember flag_members[] = {
    {"charge_fet", &Reading::charge_fet},
    {"discharge_fet", &Reading::discharge_fet},
    {"heating", &Reading::heating},
};

/// What was found, in a few characters that can be cut anywhere. A structure may be deeper than the stack: its type
/// says enough.
std::string brief(const json& found) {
  constexpr std::size_t enough = 40;
  if (found.is_structured()) return std::string("an ") + found.type_name();
  return found.dump(-1, ' ', /*ensure_ascii=*/true).substr(0, enough);
}

std::unexpected<Error> wrong(const std::string& member, const char* expected, const json& found) {
  return failure(ErrorKind::rejected, member + ": expected " + expected + ", found " + brief(found));
}

/// The member, or null when it is left out.
const json& member(const json& object, const char* name) {
  static const json nothing;
  const auto found = object.find(name);
  return found == object.end() ? nothing : *found;
}

Result<void> take_numbers(const json& object, Reading& reading) {
  for (const auto& [name, place] : number_members) {
    const json& value = member(object, name);
    if (value.is_null()) continue;
    if (!value.is_number()) return wrong(name, "a number or null", value);
    reading.*place = value.get<double>();
  }
  for (const auto& [name, place] : flag_members) {
    const json& value = member(object, name);
    if (value.is_null()) continue;
    if (!value.is_boolean()) return wrong(name, "true, false or null", value);
    reading.*place = value.get<bool>();
  }
  return {};
}

Result<void> take_lists(const json& object, Reading& reading) {
  const json& cells = member(object, "cells_v");
  if (!cells.is_array() || cells.empty() || cells.size() > max_cells) return wrong("cells_v", "1 to 64 numbers", cells);
  for (const json& cell : cells) {
    if (!cell.is_number()) return wrong("cells_v", "numbers", cell);
    reading.cells_v.push_back(cell.get<double>());
  }
  const json& sensors = member(object, "temperatures_c");
  if (sensors.is_null()) return {};
  if (!sensors.is_array() || sensors.size() > max_temperatures) {
    return wrong("temperatures_c", "up to 16 numbers or nulls", sensors);
  }
  for (const json& sensor : sensors) {
    if (!sensor.is_number() && !sensor.is_null()) return wrong("temperatures_c", "numbers or nulls", sensor);
    reading.temperatures_c.push_back(sensor.is_null() ? std::nullopt : std::optional(sensor.get<double>()));
  }
  return {};
}

Result<void> raise(Alarms& alarms, const std::string& name, const json& level) {
  const auto* effect = std::ranges::find(alarm_effects, name, &AlarmEffect::venus_name);
  if (effect == alarm_effects.end()) return wrong("alarms", "names as below /Alarms on D-Bus", name);
  if (!level.is_number_integer() || level < 0 || level > 2) return wrong("alarms", "levels 0, 1 or 2", level);
  alarms.raise(effect->alarm, static_cast<AlarmLevel>(level.get<int>()));
  return {};
}

Result<void> take_alarms(const json& object, Alarms& alarms) {
  const json& given = member(object, "alarms");
  if (given.is_null()) return {};
  if (!given.is_array() && !given.is_object()) return wrong("alarms", "a list of names, or names with levels", given);
  for (const auto& [key, value] : given.items()) {
    if (given.is_array() && !value.is_string()) return wrong("alarms", "names", value);
    auto raised = given.is_array() ? raise(alarms, value.get<std::string>(), 2) : raise(alarms, key, value);
    if (!raised) return raised;
  }
  return {};
}

ordered_json number(std::optional<double> value, double steps_per_unit) {
  return value && std::isfinite(*value) ? ordered_json(std::round(*value * steps_per_unit) / steps_per_unit)
                                        : ordered_json();
}

}  // namespace

Result<ControlInput> parse_control_line(const std::string& line) {
  const json object = json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return failure(ErrorKind::rejected, "expected one JSON object on each line");
  ControlInput input;
  const json& dt = member(object, "dt_s");
  constexpr double longest_s = 1e6;
  if (!dt.is_number() || dt.get<double>() < 0 || dt.get<double>() > longest_s)
    return wrong("dt_s", "seconds since the line before, 0 to 1000000", dt);
  input.dt_s = dt.get<double>();
  const json& lost = member(object, "lost");
  if (!lost.is_boolean() && !lost.is_null()) return wrong("lost", "true or false", lost);
  input.lost = lost.is_boolean() && lost.get<bool>();
  if (input.lost) return input;
  Reading& reading = input.reading;
  if (auto taken = take_lists(object, reading); !taken) return std::unexpected(taken.error());
  if (auto taken = take_numbers(object, reading); !taken) return std::unexpected(taken.error());
  if (auto taken = take_alarms(object, reading.alarms); !taken) return std::unexpected(taken.error());
  return input;
}

std::string control_answer(const Battery& battery, const Limits& limits, const std::string& refused) {
  constexpr double thousandths = 1000;
  constexpr double tenths = 10;
  ordered_json answer = {
      {"cvl_v", number(limits.charge_voltage_v, thousandths)},
      {"ccl_a", number(limits.charge_current_a, thousandths)},
      {"dcl_a", number(limits.discharge_current_a, thousandths)},
      {"state", limits.state ? ordered_json(name_of(*limits.state)) : ordered_json()},
      {"charge_mode", limits.charge_mode.view()},
      {"charge_limitation", limits.charge_reason.view()},
      {"discharge_limitation", limits.discharge_reason.view()},
      {"soc_pct", number(battery.estimate.soc_pct, thousandths)},
      {"alarms", ordered_json::object()},
      {"time_to_go_s", number(battery.estimate.time_to_go_s, tenths)},
  };
  for (const AlarmEffect& effect : alarm_effects) {
    const auto level = battery.alarms[effect.alarm].value_or(AlarmLevel::ok);
    if (level != AlarmLevel::ok) answer["alarms"][std::string(effect.venus_name)] = static_cast<int>(level);
  }
  for (const Notice& notice : battery.notices) answer["faults"].push_back(notice.text.view());
  if (!refused.empty()) answer["refused"] = refused;
  return answer.dump();
}

}  // namespace bms::cli
