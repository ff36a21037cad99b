// The tables of docs/chargery.md.
#include <array>
#include <cstdio>
#include <string>

#include "chargery/chargery.hpp"
#include "chargery/chargery_tables.hpp"

namespace bms::chargery {
namespace {

std::string shortest(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%g", value);
  return text.data();
}

std::string range(double low, double high, const char* unit) {
  return shortest(low) + " to " + shortest(high) + " " + unit;
}

std::string lengths(const LayoutRule& rule) {
  if (rule.shortest == rule.longest) return std::to_string(rule.shortest);
  if ((rule.longest - rule.shortest) / rule.step > 2)
    return std::to_string(rule.shortest) + " to " + std::to_string(rule.longest) +
           (rule.shortest % 2 == 0 ? ", even" : ", odd");
  std::string list;
  for (unsigned length = rule.shortest; length <= rule.longest; length += rule.step)
    list += (list.empty() ? "" : ", ") + std::to_string(length);
  return list;
}

DocumentTable frames() {
  DocumentTable table{.name = "frames", .columns = {"Command", "Bytes", "Firmware", "Content"}, .rows = {}};
  for (const LayoutRule& rule : layout_rules) {
    std::array<char, 8> command{};
    std::snprintf(command.data(), command.size(), "%02X", rule.command);
    table.rows.push_back({command.data(), lengths(rule), std::string(rule.firmware), std::string(rule.content)});
  }
  return table;
}

DocumentTable alarms() {
  DocumentTable table{.name = "alarms", .columns = {"State", "Meaning", "Alarm"}, .rows = {}};
  for (const Protection& protection : protections)
    table.rows.push_back(
        {std::string(protection.name), std::string(protection.meaning), std::string(venus_name(protection.alarm))});
  return table;
}

DocumentTable believed() {
  const std::string frame = "the frame";
  const std::string value = "the value";
  return {.name = "belief",
          .columns = {"Value", "Believed", "Outside that nothing is taken of"},
          .rows = {
              {"cell voltage", range(0, limits::slot_mv / 1000.0, "V"), frame},
              {"charge end voltage", range(limits::charge_end_min_mv / 1000.0, limits::charge_end_max_mv / 1000.0, "V"),
               frame},
              {"discharge end voltage",
               "from " + shortest(limits::discharge_end_min_mv / 1000.0) + " V to below the charge end voltage", frame},
              {"current", "up to " + shortest(limits::current_da / 10.0) + " A", frame},
              {"state of charge", "up to " + std::to_string(limits::soc_pct) + " %", frame},
              {"temperature", range(limits::temperature_min_dc / 10.0, limits::temperature_max_dc / 10.0, "°C"), value},
              {"remaining energy", "up to " + shortest(limits::energy_mwh / 1e6) + " kWh", value},
              {"remaining charge", "up to " + shortest(limits::charge_mah / 1e3) + " Ah", value}}};
}

}  // namespace

std::vector<DocumentTable> document() { return {frames(), alarms(), believed()}; }

}  // namespace bms::chargery
