// The tables of docs/rec.md.
#include <array>
#include <cstdio>
#include <string>

#include "rec/rec.hpp"
#include "rec/rec_errors.hpp"
#include "rec/rec_instructions.hpp"
#include "rec/rec_parameters.hpp"

namespace bms::rec {
namespace {

std::string shortest(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.7g", value);
  return text.data();
}

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

std::string range_text(const Instruction& instruction) {
  if (!why_not_written(instruction).empty()) return "read only";
  const auto text = [](const Range& range) { return shortest(range.min) + " to " + shortest(range.max); };
  std::string ranges = text(*instruction.range);
  if (instruction.q1) ranges += "; 1Q: " + text(*instruction.q1);
  if (instruction.abms) ranges += "; ABMS: " + text(*instruction.abms);
  return ranges;
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

DocumentTable instruction_table() {
  DocumentTable table{.name = "instructions",
                      .columns = {"Name", "Unit", "Range for writing", "New 1Q", "Known to", "What it is"},
                      .rows = {}};
  for (const Instruction& instruction : instructions)
    table.rows.push_back({std::string(instruction.mnemonic), std::string(instruction.unit), range_text(instruction),
                          instruction.factory ? shortest(*instruction.factory) : "", models_text(instruction.models),
                          std::string(instruction.description)});
  return table;
}

}  // namespace

std::vector<DocumentTable> document() { return {errors(), instruction_table()}; }

}  // namespace bms::rec
