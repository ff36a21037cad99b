// The tables of docs/jbd.md.
#include "jbd/jbd_document.hpp"

#include <array>
#include <cstdio>
#include <string>

#include "jbd/jbd_frame.hpp"
#include "jbd/jbd_parameters.hpp"
#include "jbd/jbd_tables.hpp"

namespace bms::jbd {
namespace {

std::string shortest(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%g", value);
  return text.data();
}

DocumentTable alarms() {
  DocumentTable table{.name = "alarms", .columns = {"Bit", "Protection", "Alarm"}, .rows = {}};
  for (std::size_t bit = 0; bit < protection_bits.size(); ++bit) {
    std::string names;
    for (const auto& alarm : protection_bits[bit].alarms)
      if (alarm) names.append(names.empty() ? "" : ", ").append(venus_name(*alarm));
    table.rows.push_back({std::to_string(bit), std::string(protection_bits[bit].name), names.empty() ? "none" : names});
  }
  return table;
}

DocumentTable warnings() {
  DocumentTable table{.name = "warnings", .columns = {"Bit", "Warning"}, .rows = {}};
  for (std::size_t bit = 0; bit < warning_bits.size(); ++bit)
    table.rows.push_back({std::to_string(bit), std::string(venus_name(warning_bits[bit]))});
  return table;
}

DocumentTable registers_table() {
  DocumentTable table{
      .name = "registers", .columns = {"Register", "Name", "Unit", "Range for writing", "What it is"}, .rows = {}};
  for (const Parameter& parameter : parameters) {
    const bool writable = parameter.access == Access::read_write;
    table.rows.push_back({hex(parameter.address).substr(2), std::string(parameter.name),
                          std::string(parameter.scale.is_text ? "text" : parameter.scale.unit),
                          writable ? shortest(parameter.min) + " to " + shortest(parameter.max) : "read only",
                          std::string(parameter.description) + (parameter.scale.follows_unit_flag ? " \\*" : "")});
  }
  return table;
}

}  // namespace

std::vector<DocumentTable> document() { return {alarms(), warnings(), registers_table()}; }

}  // namespace bms::jbd
