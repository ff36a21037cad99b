// The tables of docs/jbd.md.
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "jbd/jbd.hpp"
#include "jbd/jbd_tables.hpp"
#include "jbd/jbd_up_tables.hpp"

namespace bms::jbd {
namespace {

std::string names_of(const std::array<std::optional<Alarm>, 2>& alarms) {
  std::string names;
  for (const auto& alarm : alarms)
    if (alarm) names.append(names.empty() ? "" : ", ").append(venus_name(*alarm));
  return names.empty() ? "none" : names;
}

/// Rows of a name and what it raises, by bit.
template <class Table>
DocumentTable bits(std::string name, std::string column, const Table& table) {
  DocumentTable document{.name = std::move(name), .columns = {"Bit", std::move(column), "Alarm"}, .rows = {}};
  for (std::size_t bit = 0; bit < table.size(); ++bit)
    document.rows.push_back({std::to_string(bit), std::string(table[bit].name), names_of(table[bit].alarms)});
  return document;
}

DocumentTable warnings() {
  DocumentTable table{.name = "warnings", .columns = {"Bit", "Warning"}, .rows = {}};
  for (std::size_t bit = 0; bit < warning_bits.size(); ++bit)
    table.rows.push_back({std::to_string(bit), std::string(venus_name(warning_bits[bit]))});
  return table;
}

}  // namespace

std::vector<DocumentTable> document() {
  return {bits("alarms", "Protection", protection_bits),
          warnings(),
          bits("addressed alarms", "Protection", addressed_protection_bits),
          bits("addressed warnings", "Warning", addressed_warning_bits),
          bits("up alarms", "Fault", up::fault_bits),
          bits("up warnings", "Warning", up::warning_bits)};
}

}  // namespace bms::jbd
