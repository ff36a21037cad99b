// The error numbers of REC units.
#include "rec/rec_errors.hpp"

#include <algorithm>

namespace bms::rec {

ErrorRule rule_for(std::uint8_t number, double current_a) {
  const auto* const known = std::ranges::find(error_rules, number, &ErrorRule::number);
  if (known != error_rules.end()) return *known;
  ErrorRule rule = unknown_error;
  rule.number = number;
  if (number == current_error)
    rule.alarms[0] = current_a > 0 ? Alarm::high_charge_current : Alarm::high_discharge_current;
  return rule;
}

std::string error_name(std::uint8_t number) {
  const auto* const known = std::ranges::find(error_rules, number, &ErrorRule::number);
  if (known != error_rules.end()) return std::string(known->name);
  return std::string(unknown_error.name) + "_" + std::to_string(number);
}

}  // namespace bms::rec
