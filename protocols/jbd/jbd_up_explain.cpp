// Says what recorded bytes of a board of the UP series mean.
#include "jbd/jbd_up_explain.hpp"

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bms/hex.hpp"
#include "jbd/jbd_explain_parts.hpp"
#include "jbd/jbd_up_decode.hpp"
#include "jbd/jbd_up_frame.hpp"
#include "jbd/jbd_up_tables.hpp"

namespace bms::jbd::up {
namespace {

using Json = nlohmann::ordered_json;

template <class List>
Json list_of(const List& values) {
  return Json(std::vector<double>(values.begin(), values.end()));
}

std::string state_text(unsigned state) {
  constexpr std::array names{"idle", "charging", "discharging"};
  return state < names.size() ? names[state] : "unknown";
}

Json packs_of(const Packs& packs) {
  Json numbers = Json::array();
  for (unsigned bit = 0; bit < 16; ++bit)
    if ((packs.mask >> bit & 1U) != 0) numbers.push_back(bit + 1);
  return numbers;
}

Json balancing_of(std::uint16_t bits, std::size_t cells) {
  Json flags = Json::array();
  for (std::size_t cell = 0; cell < cells; ++cell) flags.push_back(cell < 16 && (bits >> cell & 1U) != 0);
  return flags;
}

void add_switches(Json& json, const Switches& switches) {
  json["discharge_fet"] = switches.discharge;
  json["charge_fet"] = switches.charge;
}

void add_pack_limits(Json& json, const PackStatus& status) {
  json["charge_voltage_limit_v"] = status.charge_voltage_limit_v;
  json["charge_current_limit_a"] = status.limits.charge_a;
  json["discharge_voltage_limit_v"] = status.discharge_voltage_limit_v;
  json["discharge_current_limit_a"] = status.limits.discharge_a;
}

void add_what_may_be_missing(Json& json, const PackStatus& status) {
  if (status.balancing) json["balancing"] = balancing_of(*status.balancing, status.cells_v.size());
  if (status.firmware && !firmware_text(*status.firmware).empty())
    json["software_version"] = firmware_text(*status.firmware);
  if (status.serial) json["serial"] = printable(*status.serial);
  if (status.packs) json["packs_online"] = packs_of(*status.packs);
}

Json explain_pack_status(Bytes payload) {
  const PackStatus status = decode_pack_status(payload);
  Json json{{"voltage_v", status.voltage_v},
            {"current_a", status.current_a},
            {"soc_pct", status.soc_pct},
            {"remaining_ah", status.remaining_ah},
            {"full_capacity_ah", status.full_ah},
            {"design_capacity_ah", status.rated_ah},
            {"mosfet_temperature_c", status.mosfet_c},
            {"ambient_temperature_c", status.ambient_c},
            {"soh_pct", status.soh_pct},
            {"alarms", names_of_bits(status.faults, fault_bits)},
            {"warnings", names_of_bits(status.warnings, warning_bits)}};
  add_switches(json, status.switches);
  json["heater"] = status.switches.heater;
  json["cycles"] = status.cycles;
  json["cell_max_no"] = status.cell.highest_no;
  json["cell_max_v"] = status.cell.highest;
  json["cell_min_no"] = status.cell.lowest_no;
  json["cell_min_v"] = status.cell.lowest;
  json["temp_max_c"] = status.temperature.highest;
  json["temp_min_c"] = status.temperature.lowest;
  add_pack_limits(json, status);
  json["cell_count"] = status.cells_v.size();
  json["cells_v"] = list_of(status.cells_v);
  json["temperatures_c"] = list_of(status.temperatures_c);
  json["state"] = state_text(status.state);
  add_what_may_be_missing(json, status);
  return json;
}

Json explain_own_status(Bytes payload) {
  const OwnStatus status = decode_own_status(payload);
  Json json{{"cell_count", status.cells_v.size()},
            {"cells_v", list_of(status.cells_v)},
            {"cell_max_v", status.cell_max_v},
            {"cell_min_v", status.cell_min_v},
            {"voltage_v", status.voltage_v},
            {"current_a", status.current_a},
            {"temp_max_c", status.temperature_max_c},
            {"temp_min_c", status.temperature_min_c},
            {"design_capacity_ah", status.rated_ah},
            {"remaining_ah", status.remaining_ah},
            {"cycles", status.cycles},
            {"soc_pct", status.soc_pct},
            {"soh_pct", status.soh_pct},
            {"alarms", names_of_bits(status.faults, fault_bits)}};
  add_switches(json, status.switches);
  json["serial"] = status.serial;
  json["charge_current_limit_a"] = status.limits.charge_a;
  json["discharge_current_limit_a"] = status.limits.discharge_a;
  json["mosfet_temperature_c"] = status.mosfet_c;
  json["ambient_temperature_c"] = status.ambient_c;
  json["temperatures_c"] = list_of(status.temperatures_c);
  return json;
}

Json explain_board_info(Bytes payload) {
  const BoardInfo info = decode_board_info(payload);
  Json json{{"balance_start_v", info.balance_start_v},
            {"balance_diff_v", info.balance_difference_v},
            {"bms_serial", info.board_serial}};
  if (info.board_date) json["manufacture_date"] = date_text(*info.board_date);
  json["serial"] = info.pack_serial;
  if (info.pack_date) json["pack_date"] = date_text(*info.pack_date);
  json["device_name"] = info.device_name;
  return json;
}

Json explain_counters(Bytes payload) {
  const Counters counters = decode_counters(payload);
  return {{"soc_pct", counters.soc_pct},
          {"soh_pct", counters.soh_pct},
          {"cycles", counters.cycles},
          {"total_charge_ah", counters.charged_ah},
          {"total_discharge_ah", counters.discharged_ah}};
}

Json explain_capacity(Bytes payload) {
  constexpr std::size_t counters_at = 6;
  Json json = explain_counters(payload.subspan(counters_at));
  json["design_capacity_ah"] = u16_be(payload, 0) / 100.0;
  json["full_capacity_ah"] = u16_be(payload, 2) / 100.0;
  json["remaining_ah"] = u16_be(payload, 4) / 100.0;
  return json;
}

Json explain_clock(Bytes payload) {
  const auto word = [&](std::size_t number) { return unsigned{u16_be(payload, 2 * number)}; };
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04u-%02u-%02uT%02u:%02u:%02u", word(0), word(1), word(2), word(3), word(4),
                word(5));
  return {{"rtc", text.data()}};
}

Json explain_product(Bytes payload) {
  const Product product = decode_product(payload);
  return {{"software_version", product.firmware}, {"model", product.model}};
}

struct Explanation {
  Block block;
  Json (*explain)(Bytes payload);
};

constexpr Explanation explanations[] = {
    {blocks::pack_status, explain_pack_status}, {blocks::own_status, explain_own_status},
    {blocks::board, explain_board_info},        {blocks::capacity, explain_capacity},
    {blocks::counters, explain_counters},       {blocks::clock, explain_clock},
    {blocks::product, explain_product},
};

Json explain_reply(const Reply& reply) {
  if (reply.function == functions::write) return Json{{"ack", true}, {"register", reply.first}};
  for (const Explanation& row : explanations)
    if (row.block.function == reply.function && row.block.first == reply.first) return row.explain(reply.payload);
  return Json{{"register", reply.first}, {"payload", to_hex(reply.payload)}};
}

Error no_answer(const Outcome<Reply>& outcome, std::size_t size) {
  const auto because = [](ErrorKind kind, std::string text) { return Error{kind, std::move(text), std::nullopt}; };
  const std::string bytes = std::to_string(size) + " bytes";
  switch (outcome.reason) {
    case ErrorKind::truncated: return because(ErrorKind::truncated, "a frame began and did not end within " + bytes);
    case ErrorKind::checksum: return because(ErrorKind::checksum, "the CRC of the frame does not fit its content");
    case ErrorKind::length:
      return because(ErrorKind::length, "a sound frame of a size, or with a count, that its block cannot have");
    case ErrorKind::unexpected_command:
      if (outcome.strangers > 0)
        return because(ErrorKind::unexpected_command,
                       "only frames came that answer another question, or another board");
      return because(ErrorKind::garbage, "only the request itself came back, from an adapter that echoes");
    default: return because(ErrorKind::garbage, "none of " + bytes + " begins a frame of the UP series");
  }
}

}  // namespace

bool is_up(const Recording& recording) {
  const auto dialect = recording.line.find("dialect");
  if (dialect != recording.line.end() && *dialect == "up") return true;
  return recording.request && begins_frame(*recording.request);
}

Json explain(const Recording& recording) {
  const std::vector<std::uint8_t> stream = recording.stream();
  const auto outcome = search(stream, recording.request ? expectation_of(*recording.request) : Expectation{});
  return outcome.answer ? explain_reply(*outcome.answer) : explain_error(no_answer(outcome, stream.size()));
}

}  // namespace bms::jbd::up
