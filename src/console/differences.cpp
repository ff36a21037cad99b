#include "console/differences.hpp"

#include <set>

#include "console/numbers.hpp"

namespace bms::console {

namespace {

std::optional<Value> value_in(const Backup& backup, const std::string& name) {
  const auto found = backup.values.find(name);
  return found == backup.values.end() ? std::nullopt : std::optional(found->second);
}

/// Every name that either side has, those of the table first.
std::vector<std::string> names_of(const Backup& first, const Backup& second,
                                  std::span<const Parameter* const> parameters) {
  std::set<std::string> unseen;
  for (const Backup* backup : {&first, &second})
    for (const auto& [name, value] : backup->values) unseen.insert(name);
  std::vector<std::string> names;
  for (const Parameter* parameter : parameters) {
    std::string name(parameter->name);
    if (unseen.erase(name) > 0) names.push_back(std::move(name));
  }
  names.insert(names.end(), unseen.begin(), unseen.end());
  return names;
}

}  // namespace

bool is_setting(const Parameter& parameter) {
  switch (parameter.group) {
    using enum ParameterGroup;
    case identity:
    case counters:
    case measurements:
    case clock: return false;
    default: return !parameter.momentary;
  }
}

std::vector<Difference> differences(const Backup& first, const Backup& second,
                                    std::span<const Parameter* const> parameters, bool ignore_calibration) {
  std::vector<Difference> found;
  for (const std::string& name : names_of(first, second, parameters)) {
    const Parameter* parameter = find_parameter(parameters, name);
    const bool left_out =
        parameter != nullptr &&
        (!is_setting(*parameter) || (ignore_calibration && parameter->group == ParameterGroup::calibration));
    if (left_out) continue;
    Difference difference{.name = name, .first = value_in(first, name), .second = value_in(second, name)};
    const bool equal = difference.first && difference.second && same(*difference.first, *difference.second, parameter);
    if (!equal) found.push_back(std::move(difference));
  }
  return found;
}

}  // namespace bms::console
