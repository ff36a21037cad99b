#include "console/check.hpp"

#include <algorithm>
#include <utility>

#include "parameters.hpp"

namespace bms::console {

namespace {

/// The range of a parameter on the boards that take most.
std::optional<Range> widest(const Parameter& parameter) {
  if (!parameter.range) return std::nullopt;
  return Range{std::min(parameter.range->min, parameter.range->min * parameter.coarser),
               std::max(parameter.range->max, parameter.range->max * parameter.coarser)};
}

Result<void> check(const Parameter& parameter, double value) {
  if (parameter.access == Access::read_write && (parameter.risk == Risk::never || !parameter.range))
    return failure(ErrorKind::rejected, std::string(parameter.name) + " must not be written");
  return check_write(parameter, value, widest(parameter));
}

bool is_set(std::span<const Setting> settings, std::string_view name) {
  return std::ranges::find(settings, name, &Setting::name) != settings.end();
}

std::optional<double> value_of(const Values& values, std::string_view name) {
  const auto found = std::ranges::find(values, name, &Values::value_type::first);
  return found == values.end() ? std::nullopt : std::optional(found->second);
}

/// What a parameter will hold.
std::optional<double> future_of(const Values& values, std::span<const Setting> settings, std::string_view name) {
  const auto set = std::ranges::find(settings, name, &Setting::name);
  return set == settings.end() ? value_of(values, name) : std::optional(set->value);
}

bool holds(const Relation& relation, double smaller, double greater) {
  return smaller < greater || (relation.may_be_equal && smaller == greater);
}

}  // namespace

std::vector<Outcome> check_settings(std::span<const Parameter* const> parameters, std::span<const Setting> settings) {
  std::vector<Outcome> outcomes;
  for (auto setting = settings.begin(); setting != settings.end(); ++setting) {
    Outcome outcome{.name = setting->name, .wanted = setting->value};
    const Parameter* parameter = find_parameter(parameters, setting->name);
    if (parameter == nullptr) {
      outcome.error = no_parameter("this board", setting->name).error();
    } else if (std::find_if(settings.begin(), setting, [&](const Setting& one) { return one.name == setting->name; }) !=
               setting) {
      outcome.error = Error{ErrorKind::rejected, setting->name + " is named twice", {}};
    } else if (const auto checked = check(*parameter, setting->value); !checked) {
      outcome.error = checked.error();
    }
    outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}

std::optional<Error> why_forbidden(const BoardFacts& board, Writes needed) {
  if (board.writes >= needed) return std::nullopt;
  return Error{ErrorKind::forbidden,
               "expected `writes = " + std::string(name_of(needed)) + "` in the configuration, found `" +
                   std::string(name_of(board.writes)) + "`: change it, restart the driver, and set it back afterwards",
               {}};
}

std::vector<std::string_view> related(std::span<const Relation> relations, std::span<const Parameter* const> parameters,
                                      std::span<const Setting> settings) {
  std::vector<std::string_view> names;
  const auto add = [&](std::string_view name) {
    if (!is_set(settings, name) && find_parameter(parameters, name) != nullptr &&
        std::ranges::find(names, name) == names.end())
      names.push_back(name);
  };
  for (const Relation& relation : relations) {
    if (is_set(settings, relation.smaller)) add(relation.greater);
    if (is_set(settings, relation.greater)) add(relation.smaller);
  }
  return names;
}

std::vector<std::string> contradictions(std::span<const Relation> relations, const Values& values,
                                        std::span<const Setting> settings) {
  std::vector<std::string> found;
  for (const Relation& relation : relations) {
    if (!is_set(settings, relation.smaller) && !is_set(settings, relation.greater)) continue;
    const auto smaller = future_of(values, settings, relation.smaller);
    const auto greater = future_of(values, settings, relation.greater);
    if (!smaller || !greater || holds(relation, *smaller, *greater)) continue;
    found.push_back(std::string(relation.smaller) + " (" + shortest(*smaller) + ") must be less than " +
                    std::string(relation.greater) + " (" + shortest(*greater) + ")");
  }
  return found;
}

}  // namespace bms::console
