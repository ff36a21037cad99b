// Says what recorded bytes mean, for people and for tests.
#include "chargery/chargery_explain.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <variant>

#include "bms/hex.hpp"
#include "bms/words.hpp"
#include "chargery/chargery_decode.hpp"
#include "chargery/chargery_frame.hpp"
#include "chargery/chargery_stream.hpp"

namespace bms::chargery {
namespace {

using Json = nlohmann::ordered_json;

double volts(unsigned millivolts) { return millivolts / 1000.0; }

std::uint8_t command_of(const Message& message) {
  if (std::holds_alternative<Cells>(message)) return commands::cells;
  return std::holds_alternative<System>(message) ? commands::system : commands::impedances;
}

std::string name_of(std::uint8_t command) { return to_hex(Bytes(&command, 1)); }

void add(Json& json, const System& system) {
  json["charge_end_cell_voltage_v"] = volts(system.charge_end_mv);
  if (system.mode) json["mode"] = static_cast<int>(*system.mode);
  json[system.mode ? "current_a" : "current_magnitude_a"] = system.current_a;
  Json temperatures = Json::array();
  for (const auto& temperature_c : system.temperatures_c)
    temperatures.push_back(temperature_c ? Json(*temperature_c) : Json());
  json["temperatures_c"] = std::move(temperatures);
  if (system.soc_pct) json["soc_pct"] = *system.soc_pct;
  if (system.discharge_end_mv) json["discharge_end_cell_voltage_v"] = volts(*system.discharge_end_mv);
  if (!system.active[0] || !system.active[1]) return;
  json["charge_protection"] = *system.active[0];
  json["discharge_protection"] = *system.active[1];
  json["charge_fet"] = !*system.active[0];
  json["discharge_fet"] = !*system.active[1];
  json["alarms"] = Json::array();
  for (std::size_t i = 0; i < protections.size(); ++i)
    if (*system.active[i]) json["alarms"].push_back(protections[i].name);
}

void add(Json& json, const Cells& cells) {
  const Bytes::size_type count = connected_slots(cells);
  json["cell_slots_v"] = Json::array();
  json["cells_v"] = Json::array();
  for (std::size_t slot = 0; slot < cells.slots_mv.size(); ++slot) {
    json["cell_slots_v"].push_back(volts(cells.slots_mv[slot]));
    if (slot < count) json["cells_v"].push_back(volts(cells.slots_mv[slot]));
  }
  const auto begin = cells.slots_mv.begin();
  json["cells_sum_v"] = volts(std::accumulate(begin, begin + static_cast<std::ptrdiff_t>(count), 0U));
  if (cells.soc_pct) json["soc_pct"] = *cells.soc_pct;
  if (cells.remaining_wh) json["remaining_wh"] = *cells.remaining_wh;
  if (cells.remaining_ah) json["remaining_ah"] = *cells.remaining_ah;
}

void add(Json& json, const Impedances& impedances) {
  json["impedance_mode"] = static_cast<int>(impedances.mode);
  json["impedance_current_a"] = impedances.current_a;
  json["cell_impedances_mohm"] = Json::array();
  for (const unsigned tenth_mohm : impedances.tenth_mohm) json["cell_impedances_mohm"].push_back(tenth_mohm / 10.0);
}

Layout layout_of(const Message& message) {
  if (const auto* const system = std::get_if<System>(&message)) return system->layout;
  if (const auto* const cells = std::get_if<Cells>(&message)) return cells->layout;
  return Layout::impedance_v125;
}

Json explain_frame(const Found& found) {
  Json json{{"command", name_of(command_of(found.message))},
            {"frame_length", found.size},
            {"layout", rule_of(layout_of(found.message)).name}};
  std::visit([&json](const auto& message) { add(json, message); }, found.message);
  return json;
}

/// Bytes without a single frame: what is wrong with the first thing that begins like one.
Json explain_no_frame(Bytes stream) {
  constexpr std::uint8_t header[] = {header_byte, header_byte};
  const auto first = std::ranges::search(stream, header);
  if (first.empty())
    return {{"error", bms::name_of(ErrorKind::garbage)},
            {"message",
             "expected a frame that begins with 24 24, none of " + std::to_string(stream.size()) + " bytes does"}};
  Candidate candidate = examine(stream.subspan(static_cast<std::size_t>(first.begin() - stream.begin())));
  if (candidate.what == Candidate::What::incomplete)
    candidate.why = {ErrorKind::truncated, "a frame began and lacks at least " + counted(candidate.missing, "byte"),
                     std::nullopt};
  return {{"error", bms::name_of(candidate.why.kind)}, {"message", candidate.why.message}};
}

Json explain_stream(const std::vector<Found>& frames, std::size_t discarded) {
  Json list = Json::array();
  for (const Found& found : frames)
    list.push_back({{"offset", found.offset}, {"command", name_of(command_of(found.message))}, {"length", found.size}});
  Json json{{"frames", std::move(list)}, {"discarded_bytes", discarded}};
  for (const std::uint8_t command : {commands::cells, commands::system, commands::impedances}) {
    const auto is_meant = [command](const Found& found) { return command_of(found.message) == command; };
    const auto last = std::find_if(frames.rbegin(), frames.rend(), is_meant);
    if (last != frames.rend()) json["last_" + name_of(command)] = explain_frame(*last);
  }
  return json;
}

}  // namespace

Json explain(const Recording& recording) {
  const std::vector<std::uint8_t> stream = recording.stream();
  std::vector<Found> frames;
  const auto collect = [&frames](const Found& found) { frames.push_back(found); };
  FrameStream line;
  line.push(stream, collect);
  line.end(collect);
  if (frames.empty()) return explain_no_frame(stream);
  if (frames.size() == 1 && line.discarded() == 0) return explain_frame(frames.front());
  return explain_stream(frames, line.discarded());
}

}  // namespace bms::chargery
