// The tables of docs/ant.md.
#include <array>
#include <cstdio>
#include <string>

#include "ant/ant.hpp"
#include "ant/ant_settings.hpp"
#include "ant/ant_tables.hpp"

namespace bms::ant {
namespace {

std::string shortest(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%g", value);
  return text.data();
}

template <class Table>
DocumentTable codes(const char* name, const Table& table) {
  DocumentTable document{.name = name, .columns = {"Code", "Reason", "Alarm"}, .rows = {}};
  for (const FetCode& row : table)
    document.rows.push_back(
        {std::to_string(row.code), std::string(row.name), row.alarm ? std::string(venus_name(*row.alarm)) : "none"});
  return document;
}

DocumentTable balancer() {
  DocumentTable document{.name = "balancer", .columns = {"Code", "State", "Balancing", "Warning"}, .rows = {}};
  for (const BalancerCode& row : balancer_codes)
    document.rows.push_back({std::to_string(row.code), std::string(row.name), row.active ? "yes" : "no",
                             row.warning ? std::string(venus_name(*row.warning)) : "none"});
  return document;
}

template <class Table>
DocumentTable bits(const char* name, const Table& table) {
  DocumentTable document{.name = name, .columns = {"Bit", "Meaning", "Alarm", "Level"}, .rows = {}};
  for (std::size_t bit = 0; bit < table.size(); ++bit) {
    if (!table[bit].alarm) continue;
    document.rows.push_back({std::to_string(bit), std::string(table[bit].name),
                             std::string(venus_name(*table[bit].alarm)),
                             std::to_string(static_cast<int>(table[bit].level))});
  }
  return document;
}

template <class Table>
DocumentTable settings(const char* name, const char* place, const Table& table) {
  DocumentTable document{
      .name = name, .columns = {place, "Name", "Unit", "Range for writing", "What it is"}, .rows = {}};
  for (const Setting& row : table)
    document.rows.push_back(
        {std::to_string(row.address), std::string(row.name), std::string(row.scale.unit),
         row.access == Access::read_write ? shortest(row.min) + " to " + shortest(row.max) : "read only",
         std::string(row.description)});
  return document;
}

}  // namespace

std::vector<DocumentTable> document() {
  return {codes("charge codes", charge_codes),
          codes("discharge codes", discharge_codes),
          balancer(),
          bits("protections", protection_bits),
          bits("warnings", warning_bits),
          settings("new settings", "Address", new_settings),
          settings("old settings", "Register", old_settings)};
}

}  // namespace bms::ant
