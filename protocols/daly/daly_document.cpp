// The tables of docs/daly.md.
#include <algorithm>
#include <string>

#include "daly/daly.hpp"
#include "daly/daly_a5_parameters.hpp"
#include "daly/daly_failures.hpp"
#include "daly/daly_registers.hpp"

namespace bms::daly {
namespace {

std::string alarm_of(const Failure& failure) {
  return failure.alarm ? std::string(venus_name(*failure.alarm)) : std::string("none");
}

std::string level_of(const Failure& failure) {
  if (!failure.alarm) return "";
  return failure.level == AlarmLevel::alarm ? "alarm" : "warning";
}

DocumentTable failures() {
  DocumentTable table{.name = "failures", .columns = {"Bit", "Failure", "Alarm", "Level"}, .rows = {}};
  for (const auto& [bit, failure] : failure_bits)
    table.rows.push_back({"D" + std::to_string(bit / 8) + "." + std::to_string(bit % 8), std::string(failure.name),
                          alarm_of(failure), level_of(failure)});
  return table;
}

DocumentTable register_failures() {
  DocumentTable table{
      .name = "register failures", .columns = {"Register", "Bits", "Failure", "Alarm", "Level"}, .rows = {}};
  for (const P81Failure& row : p81_failures) {
    const std::string level = row.levels && row.failure.alarm ? "1 warning, 2 and more alarm" : level_of(row.failure);
    const std::string bits =
        row.levels ? std::to_string(row.bit) + "-" + std::to_string(row.bit + 2) : std::to_string(row.bit);
    table.rows.push_back({hex(static_cast<std::uint8_t>(row.address)), bits, std::string(row.failure.name),
                          alarm_of(row.failure), level});
  }
  return table;
}

DocumentTable parameters() {
  DocumentTable table{.name = "parameters", .columns = {"Name", "Unit", "Boards", "What it is"}, .rows = {}};
  const auto add = [&table](std::string_view name, const Scale& scale, const std::string& boards,
                            std::string_view what) {
    const auto known = std::ranges::find(table.rows, std::string(name), [](const auto& row) { return row[0]; });
    if (known == table.rows.end()) {
      table.rows.push_back({std::string(name), std::string(scale.unit), boards, std::string(what)});
    } else {
      (*known)[2] += ", " + boards;
    }
  };
  for (const Parameter& parameter : a5_parameters) add(parameter.name, parameter.scale, "A5", parameter.description);
  for (const auto& [value, description] : register_settings) {
    if (value.address.exists_in(Map::d2)) add(value.name, value.scale, "D2", description);
    if (value.address.exists_in(Map::p81)) add(value.name, value.scale, "81", description);
  }
  return table;
}

}  // namespace

std::vector<DocumentTable> document() { return {failures(), register_failures(), parameters()}; }

}  // namespace bms::daly
