// The tables of docs/daly.md.
#include <string>

#include "daly/daly.hpp"
#include "daly/daly_a5_frame.hpp"
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

}  // namespace

std::vector<DocumentTable> document() { return {failures(), register_failures()}; }

}  // namespace bms::daly
