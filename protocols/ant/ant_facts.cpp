// The facts in single ANT answers, by name, as the explanation of a recording lists them.
#include "ant/ant_facts.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "ant/ant_bytes.hpp"
#include "ant/ant_reading.hpp"
#include "ant/ant_settings.hpp"
#include "ant/ant_status.hpp"
#include "ant/ant_tables.hpp"
#include "ant/ant_text.hpp"
#include "bms/hex.hpp"

namespace bms::ant {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint8_t charging_state = 2;
constexpr std::uint16_t unknown_minutes = 0xFFFF;

/// "HighCellVoltage" becomes "high_cell_voltage".
std::string snake_case(std::string_view name) {
  std::string text;
  for (const char c : name) {
    if (std::isupper(static_cast<unsigned char>(c)) != 0 && !text.empty()) text += '_';
    text += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return text;
}

Json names_at(const Alarms& alarms, AlarmLevel level) {
  std::vector<std::string> names;
  for (const AlarmEffect& effect : alarm_effects)
    if (alarms[effect.alarm] == level) names.push_back(snake_case(effect.venus_name));
  std::ranges::sort(names);
  return names;
}

std::string mask_text(std::uint64_t mask) {
  std::array<std::uint8_t, 8> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(mask >> (56 - 8 * i));
  return to_hex(bytes);
}

/// Boards report whole degrees.
Json whole_degrees(const std::optional<double>& value) { return value ? Json(static_cast<int>(*value)) : Json(); }

Json chemistry_name(const NewDetails& details) {
  for (const ChemistryCode& it : chemistries)
    if (it.code == details.chemistry) return it.name;
  return {};
}

void add_totals(Json& json, const Status& status) {
  json["cycle_capacity_ah"] = status.cycle_capacity_ah;
  if (status.newer) {
    json["total_discharge_ah"] = status.newer->total_discharge_ah;
    json["total_charge_ah"] = status.newer->total_charge_ah;
    json["total_discharge_s"] = status.newer->total_discharge_s;
    json["total_charge_s"] = status.newer->total_charge_s;
  }
  json["runtime_s"] = status.runtime_s;
}

void add_cells(Json& json, const Status& status) {
  json["cells_v"] = std::vector<double>(status.cells_v.begin(), status.cells_v.end());
  json["cell_max_v"] = *std::ranges::max_element(status.cells_v);
  json["cell_min_v"] = *std::ranges::min_element(status.cells_v);
  Json probes = Json::array();
  for (const auto& probe : status.temperatures_c) probes.push_back(whole_degrees(probe));
  json["temperatures_c"] = std::move(probes);
  json["mosfet_temperature_c"] = whole_degrees(status.fet_temperature_c);
  json["balancer_temperature_c"] = whole_degrees(status.balancer_temperature_c);
}

void add_switches(Json& json, const Status& status) {
  json["charge_fet"] = status.charge_code == fet_on;
  json["discharge_fet"] = status.discharge_code == fet_on;
  json["charge_fet_code"] = status.charge_code;
  json["discharge_fet_code"] = status.discharge_code;
  json["balancer_code"] = status.balancer_code;
  Json balancing = Json::array();
  for (std::size_t cell = 0; cell < status.cells_v.size(); ++cell)
    balancing.push_back((status.balancing >> cell & 1U) != 0);
  json["balancing"] = std::move(balancing);
}

void add_details(Json& json, const NewDetails& details) {
  json["state"] = details.state < state_names.size() ? state_names[details.state] : state_names[0];
  json["permission_level"] = details.permission_level;
  json["chemistry"] = chemistry_name(details);
  json["protection_mask"] = mask_text(details.protection);
  json["warning_mask"] = mask_text(details.warnings);
}

void add_cycles(Json& json, const Status& status) {
  if (const auto cycles = cycles_of(status)) json["cycles"] = static_cast<std::uint64_t>(*cycles);
}

Json status_facts(const Status& status) {
  Json json{{"voltage_v", status.voltage_v}, {"current_a", status.current_a}, {"soc_pct", status.soc_pct}};
  if (status.newer) json["soh_pct"] = status.newer->soh_pct;
  json["remaining_ah"] = status.remaining_ah;
  json["full_capacity_ah"] = status.full_ah > 0 ? Json(status.full_ah) : Json();
  if (status.newer) add_cycles(json, status);
  add_totals(json, status);
  add_cells(json, status);
  add_switches(json, status);
  if (status.newer) add_details(json, *status.newer);
  const Alarms alarms = alarms_of(status);
  json["alarms"] = names_at(alarms, AlarmLevel::alarm);
  json["warnings"] = names_at(alarms, AlarmLevel::warning);
  if (!status.newer) add_cycles(json, status);
  if (status.newer && status.newer->state == charging_state && status.newer->minutes_to_full) {
    const std::uint16_t minutes = *status.newer->minutes_to_full;
    json["charge_minutes_left"] = minutes == unknown_minutes ? Json() : Json(minutes);
  }
  return json;
}

Result<Json> checked_facts(const Result<Status>& status) {
  if (!status) return std::unexpected(status.error());
  if (auto error = implausible(*status, in_operation)) return std::unexpected(*std::move(error));
  return status_facts(*status);
}

Json words_facts(const NewReply& reply) {
  std::vector<std::uint16_t> words;
  for (std::size_t at = 0; at + 2 <= reply.payload.size(); at += 2) words.push_back(u16_le(reply.payload, at));
  return Json{{"register", reply.address}, {"words", words}};
}

Json settings_facts(const NewReply& reply) {
  if (reply.address == device_info_address)
    return Json{{"hardware_version", printable(reply.payload.first(16))},
                {"software_version", printable(reply.payload.subspan(16, 16))}};
  Json json = words_facts(reply);
  for (const Setting& setting : new_settings()) {
    if (std::ranges::find(explained_settings, setting.address) == explained_settings.end()) continue;
    if (setting.address < reply.address || setting.address + 2U > reply.address + reply.payload.size()) continue;
    const std::size_t offset = setting.address - std::size_t{reply.address};
    if (offset % 2 != 0) continue;
    const std::uint16_t word = u16_le(reply.payload, offset);
    const std::string key = std::string(setting.name).append(suffix_of(setting.unit));
    if (word != not_implemented) json[key] = setting.scale.value(word);
  }
  return json;
}

Json control_facts(const NewReply& reply) {
  const std::uint16_t result = u16_le(reply.payload, 0);
  constexpr std::uint16_t done = 1;
  if (result == done) return Json{{"command", reply.address}, {"result", result}};
  return Json{{"error", name_of(ErrorKind::status)},
              {"message", "the board answered command " + std::to_string(reply.address) + " with result " +
                              std::to_string(result) + ": " + meaning_of_result(result)},
              {"command", reply.address},
              {"result", result}};
}

Json refusal_facts(const OldReply& reply, std::uint8_t asked) {
  return Json{{"error", name_of(ErrorKind::status)},
              {"message", "the board refused register " + std::to_string(asked) + ": a password is wanted"},
              {"register", asked},
              {"reply_register", reply.address()},
              {"reply_value", reply.value()}};
}

}  // namespace

Result<Json> facts_of(const NewReply& reply) {
  switch (reply.function) {
    case reply_to(NewFunction::status): return checked_facts(decode_new_status(reply.payload));
    case reply_to(NewFunction::read_settings): return settings_facts(reply);
    case reply_to(NewFunction::identity): return Json{{"serial", to_hex(reply.payload)}};
    case reply_to(NewFunction::write_setting): return words_facts(reply);
    case reply_to(NewFunction::password):
      return Json{{"register", reply.address}, {"permission_level", u16_le(reply.payload, 0)}};
    case reply_to(NewFunction::control): return control_facts(reply);
    default: return Json{{"register", reply.address}, {"payload", to_hex(reply.payload)}};
  }
}

Result<Json> facts_of(const OldReply& reply, const OldRequest& request) {
  if (reply.is_status()) return checked_facts(decode_old_status(reply.frame));
  if (reply.refused()) return refusal_facts(reply, request[2]);
  // A register that cannot be read is FF FF; a write says what was written.
  const bool unreadable = reply.frame[0] == read_header && reply.value() == not_implemented;
  return Json{{"register", reply.address()}, {"value", unreadable ? Json() : Json(reply.value())}};
}

Json login_facts(bool accepted, const OldReply& last) {
  if (accepted) return Json{{"authenticated", true}};
  Json json = refusal_facts(last, last_password_register);
  json["message"] = "the board refused the password";
  json["authenticated"] = false;
  return json;
}

}  // namespace bms::ant
