// The tables of docs/ant.md.
#include <string>

#include "ant/ant.hpp"
#include "ant/ant_tables.hpp"

namespace bms::ant {
namespace {

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

}  // namespace

std::vector<DocumentTable> document() {
  return {codes("charge codes", charge_codes), codes("discharge codes", discharge_codes), balancer(),
          bits("protections", protection_bits), bits("warnings", warning_bits)};
}

}  // namespace bms::ant
