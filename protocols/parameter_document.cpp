// The parameters of a family as tables of its page.
#include "parameter_document.hpp"

#include <algorithm>
#include <string>

#include "parameters.hpp"

namespace bms {
namespace {

std::string unit_text(const Parameter& parameter) {
  if (!is_number(parameter.kind) && parameter.unit.empty()) return "text";
  return std::string(parameter.unit);
}

std::vector<std::string> row_of(const Parameter& parameter) {
  const bool coarser = parameter.coarser != 1;
  return {std::string(parameter.name),
          unit_text(parameter),
          parameter.range ? range_text(*parameter.range) : "",
          is_number(parameter.kind) ? shortest(parameter.resolution) : "",
          std::string(name_of(parameter.access)),
          std::string(name_of(parameter.risk)),
          std::string(name_of(parameter.group)),
          std::string(parameter.words) + (coarser ? " \\*" : "")};
}

}  // namespace

std::vector<DocumentTable> parameter_tables(const Family& family) {
  std::vector<DocumentTable> tables;
  std::vector<ParameterList> shown;
  for (const Variant& variant : family.variants) {
    const ParameterList parameters = family.parameters(variant);
    if (parameters.empty() || std::ranges::find(shown, parameters) != shown.end()) continue;
    DocumentTable table{.name = "parameters",
                        .columns = {"Name", "Unit", "Range", "Step", "Access", "Risk", "Group", "What it is"},
                        .rows = {}};
    if (!variant.dialect.empty()) table.name.append(" ").append(variant.dialect);
    for (const Parameter* parameter : parameters) table.rows.push_back(row_of(*parameter));
    tables.push_back(std::move(table));
    shown.push_back(parameters);
  }
  return tables;
}

}  // namespace bms
