// Puts a whole answer into words.
#include "rec/rec_explain_answer.hpp"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "bms/hex.hpp"
#include "rec/rec_decode.hpp"
#include "rec/rec_errors.hpp"
#include "rec/rec_plausible.hpp"
#include "rec/rec_text.hpp"
#include "rec/rec_values.hpp"

namespace bms::rec {
namespace {

using Json = nlohmann::ordered_json;

Json implausible(const char* what) { return Json{{"plausible", false}, {"message", what}}; }

Json number_or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

Json explain_overview(Bytes data) {
  const Overview overview = decode_overview(data);
  if (!plausible(overview) || !plausible_temperature(overview.highest_temperature_c) ||
      !soh_bounds_pct.contains(overview.soh_pct))
    return implausible("a sound frame, but values outside what can be measured");
  return Json{{"cell_min_v", overview.lowest_cell_v},
              {"cell_max_v", overview.highest_cell_v},
              {"current_a", overview.current_a},
              {"temp_max_c", number_or_null(temperature_of(overview.highest_temperature_c))},
              {"voltage_v", overview.voltage_v},
              {"soc_pct", published_soc_pct(overview)},
              {"soh_pct", overview.soh_pct}};
}

Json explain_extremes(Bytes data) {
  const Extremes extremes = decode_extremes(data);
  if (!plausible(extremes)) return implausible("a sound frame, but units outside 0 to 16");
  return Json{
      {"cell_min_unit", extremes.lowest_cell.unit},          {"cell_min_no", extremes.lowest_cell.number},
      {"cell_max_unit", extremes.highest_cell.unit},         {"cell_max_no", extremes.highest_cell.number},
      {"temp_max_unit", extremes.hottest_sensor.unit},       {"temp_max_sensor", extremes.hottest_sensor.number},
      {"discharged_ah", decode_extremes(data).discharged_ah}};
}

Json explain_fault(Bytes data) {
  const Fault fault = decode_fault(data);
  Json alarms = Json::array();
  if (fault.present) alarms.push_back(error_name(fault.number));
  return Json{{"error_present", fault.present},
              {"error_unit", fault.unit},
              {"error_code", fault.number},
              {"error_location", fault.location},
              {"alarms", std::move(alarms)}};
}

Json explain_board_temperature(Bytes data) {
  const double told_c = number_at(data, 0);
  if (!plausible_temperature(told_c)) return implausible("a sound frame, but a temperature outside -55 to 125 °C");
  return Json{{"board_temperature_c", number_or_null(temperature_of(told_c))}};
}

/// How many units, and how many values of each when there is more than one.
Json explain_units(const Answer& answer) {
  Json json{{"unit_count", answer.units}};
  if (answer.units < 2) return json;
  json["values_per_unit"] = Json::array();
  for (std::size_t unit = 0; unit < answer.units; ++unit)
    json["values_per_unit"].push_back(values_of_unit(answer, unit));
  return json;
}

Json explain_values(const Answer& answer, const char* key, const Range& bounds) {
  Json values = Json::array();
  bool believed = true;
  for_each_value(answer, [&](double value) {
    believed = believed && bounds.contains(value);
    values.push_back(value);
  });
  if (!believed) return implausible("a sound frame, but values outside what can be measured");
  Json json = explain_units(answer);
  json[key] = std::move(values);
  return json;
}

Json explain_temperatures(const Answer& answer, const Context& context) {
  Json slots = Json::array();
  Json temperatures = Json::array();
  for (std::size_t unit = 0; unit < answer.units; ++unit) {
    const std::size_t values = values_of_unit(answer, unit);
    const std::size_t sensors = sensors_of_unit(values, context.temperature_sensors, context.cells);
    for (std::size_t i = 0; i < values; ++i) {
      const double told_c = value_at(answer, unit, i);
      slots.push_back(told_c);
      if (i >= sensors) continue;
      if (!plausible_temperature(told_c)) return implausible("a sound frame, but temperatures outside -55 to 125 °C");
      temperatures.push_back(number_or_null(temperature_of(told_c)));
    }
  }
  Json json = explain_units(answer);
  json["temperature_slots_c"] = std::move(slots);
  json["temperatures_c"] = std::move(temperatures);
  return json;
}

Json json_number(double value) {
  constexpr double exact = 9007199254740992.0;
  const bool whole = value == static_cast<double>(static_cast<std::int64_t>(std::clamp(value, -exact, exact)));
  return whole ? Json(static_cast<std::int64_t>(value)) : Json(value);
}

/// What was asked for, if it is known.
Json explain_parameter(std::string_view mnemonic) {
  return mnemonic.empty() ? Json::object() : Json{{"parameter", mnemonic}};
}

/// Numbers that are whole by their nature are shown without a point.
Json explain_number(const Instruction* instruction, std::string_view mnemonic, double value) {
  const bool counts = instruction != nullptr && is_whole(instruction->kind);
  Json json = explain_parameter(mnemonic);
  json["value"] = counts ? json_number(value) : Json(value);
  if (mnemonic == "CAPA") json["design_capacity_ah"] = json["value"];
  if (mnemonic == "CYCL") json["cycles"] = json["value"];
  const bool is_task = mnemonic == "RE1T" || mnemonic == "OP2T";
  if (!is_task || !instruction->range->contains(value)) return json;
  const OutputTask task = decode_task(static_cast<std::uint32_t>(value));
  json["output_on"] = task.on;
  json["positive_logic"] = task.positive_logic;
  json["task_mode"] = task.mode;
  json["error_mask"] = task.error_mask;
  return json;
}

/// A serial number as it came, or as its digits when it came with an exponent.
std::string serial_text(Bytes payload) {
  const auto text = text_of(payload);
  const bool digits = text && text->find_first_not_of("0123456789") == std::string_view::npos;
  return digits ? std::string(*text) : std::to_string(count_of(payload).value_or(0));
}

Json explain_text(Bytes payload, std::string_view mnemonic) {
  struct Key {
    std::string_view mnemonic;
    const char* key;
  };
  constexpr Key keys[] = {{"*IDN", "model"},
                          {"SWVR", "software_version"},
                          {"HWVR", "hardware_version"},
                          {"TIME", "rtc_time"},
                          {"DATE", "rtc_date"}};
  const auto text = text_of(payload);
  for (const Key& key : keys)
    if (key.mnemonic == mnemonic) return Json{{key.key, text.value_or("")}};
  Json json = explain_parameter(mnemonic);
  if (text) json["value"] = *text;
  json["hex"] = to_hex(payload);
  return json;
}

Json explain_array(const Answer& answer, const Question& question, const Context& context) {
  const std::string_view mnemonic = question.mnemonic;
  if (mnemonic == "LCD1") return explain_overview(answer.payload());
  if (mnemonic == "LCD3") return explain_extremes(answer.payload());
  if (mnemonic == "ERRO") return explain_fault(answer.payload());
  if (mnemonic == "BTEM") return explain_board_temperature(answer.payload());
  if (mnemonic == "PTEM") return explain_temperatures(answer, context);
  if (mnemonic == "RINT") return explain_values(answer, "cell_resistances_ohm", resistance_bounds_ohm);
  return explain_values(answer, "cells_v", cell_bounds_v);
}

}  // namespace

Json explain_answer(const Answer& answer, const Question& question, const Context& context) {
  const Bytes payload = answer.payload();
  switch (question.shape) {
    case Shape::block:
    case Shape::per_unit: return explain_array(answer, question, context);
    case Shape::acknowledgement: {
      Json json{{"ack", "SET"}};
      json.update(explain_parameter(question.mnemonic));
      return json;
    }
    case Shape::number:
      return explain_number(find_instruction(question.mnemonic), question.mnemonic, number_of(payload).value_or(0));
    case Shape::count: return Json{{"serial", serial_text(payload)}};
    default: return explain_text(payload, question.mnemonic);
  }
}

}  // namespace bms::rec
