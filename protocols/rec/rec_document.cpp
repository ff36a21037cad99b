// The tables of docs/rec.md.
#include <string>

#include "parameters.hpp"
#include "rec/rec.hpp"
#include "rec/rec_errors.hpp"
#include "rec/rec_instructions.hpp"

namespace bms::rec {
namespace {

std::string alarms_of(const ErrorRule& rule) {
  std::string names;
  for (const auto& alarm : rule.alarms)
    if (alarm) names.append(names.empty() ? "" : ", ").append(venus_name(*alarm));
  return names + (rule.level == AlarmLevel::warning ? " (warning)" : "");
}

std::vector<std::string> row_of(const ErrorRule& rule, std::string number, std::string meaning) {
  return {std::move(number), std::move(meaning), alarms_of(rule), rule.allows_charge ? "yes" : "no",
          rule.allows_discharge ? "yes" : "no"};
}

DocumentTable errors() {
  DocumentTable table{.name = "errors", .columns = {"Error", "Meaning", "Alarm", "Charge", "Discharge"}, .rows = {}};
  for (const ErrorRule& rule : error_rules)
    table.rows.push_back(row_of(rule, std::to_string(rule.number), std::string(rule.meaning)));
  ErrorRule current = rule_for(current_error, 0);
  current.alarms[1] = Alarm::high_charge_current;
  table.rows.push_back(row_of(current, std::to_string(current_error), "Probably too much current; by its direction"));
  table.rows.push_back(row_of(unknown_error, "other", "Unknown"));
  return table;
}

std::string range_of_others(std::string_view mnemonic) {
  std::string text;
  for (const ModelRange& row : model_ranges())
    if (row.mnemonic == mnemonic) text += (row.model == Model::q1 ? "not 1Q: " : "not ABMS: ") + range_text(row.others);
  return text;
}

std::string models_text(unsigned of) {
  std::string text;
  const auto add = [&](unsigned model, const char* name) {
    if ((of & model) != 0) text.append(text.empty() ? "" : ", ").append(name);
  };
  add(models::q1, "1Q");
  add(models::abms, "ABMS");
  add(models::master, "master");
  return text.empty() ? "?" : text;
}

/// What the models have of their own.
DocumentTable model_table() {
  DocumentTable table{.name = "models", .columns = {"Name", "Known to", "New 1Q", "Narrower range"}, .rows = {}};
  for (const Instruction& instruction : instructions())
    table.rows.push_back({std::string(instruction.name), models_text(instruction.models),
                          instruction.factory ? shortest(*instruction.factory) : "",
                          range_of_others(instruction.name)});
  return table;
}

}  // namespace

std::vector<DocumentTable> document() { return {errors(), model_table()}; }

}  // namespace bms::rec
