#include "cli/console/selection.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <cctype>

#include "cli/usage.hpp"
#include "config/text.hpp"

namespace bms::cli {

namespace {

template <class T>
bool asks_for(const std::vector<T>& wanted, T value) {
  return wanted.empty() || std::ranges::find(wanted, value) != wanted.end();
}

bool contains(std::string_view text, std::string_view part) {
  const auto same_letter = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
  };
  return !std::ranges::search(text, part, same_letter).empty() || part.empty();
}

bool matches(const Parameter& parameter, const std::string& pattern) {
  if (pattern.find_first_of("*?[") == std::string::npos)
    return contains(parameter.name, pattern) || contains(parameter.words, pattern);
  return ::fnmatch(pattern.c_str(), std::string(parameter.name).c_str(), FNM_CASEFOLD) == 0;
}

/// `; did you mean "CMAX"?`: letters of the other case come first, as some families have capitals only.
std::string near(const std::string& name, const std::vector<std::string>& names) {
  const auto same = [&](const std::string& one) { return config::equal_without_case(one, name); };
  const auto found = std::ranges::find_if(names, same);
  return found == names.end() ? did_you_mean(name, names) : "; did you mean \"" + *found + "\"?";
}

}  // namespace

bool fits(const Parameter& parameter, const Filter& filter) {
  if (filter.writable && parameter.access != Access::read_write) return false;
  return asks_for(filter.groups, parameter.group) && asks_for(filter.risks, parameter.risk) &&
         matches(parameter, filter.pattern);
}

ParameterList fitting(const ParameterList& parameters, const Filter& filter) {
  ParameterList fit;
  std::ranges::copy_if(parameters, std::back_inserter(fit), [&](const Parameter* one) { return fits(*one, filter); });
  return fit;
}

Result<ParameterList> named(const ParameterList& parameters, const std::vector<std::string>& names) {
  ParameterList found;
  std::string unknown;
  for (const std::string& name : names) {
    const Parameter* parameter = find_parameter(parameters, name);
    if (parameter != nullptr) {
      found.push_back(parameter);
    } else {
      unknown += (unknown.empty() ? "" : "\n") + std::string("this board has no parameter \"") + name.substr(0, 60) +
                 "\"" + near(name, names_of(parameters));
    }
  }
  if (!unknown.empty()) return failure(ErrorKind::rejected, unknown);
  return found;
}

std::vector<std::pair<std::string, ParameterGroup>> groups() {
  std::vector<std::pair<std::string, ParameterGroup>> all;
  for (int i = 0; i <= static_cast<int>(ParameterGroup::clock); ++i) {
    const auto group = static_cast<ParameterGroup>(i);
    all.emplace_back(name_of(group), group);
  }
  return all;
}

std::vector<std::pair<std::string, Risk>> risks() {
  std::vector<std::pair<std::string, Risk>> all;
  for (int i = 0; i <= static_cast<int>(Risk::never); ++i) {
    const auto risk = static_cast<Risk>(i);
    all.emplace_back(name_of(risk), risk);
  }
  return all;
}

std::vector<std::string> names_of(const ParameterList& parameters) {
  std::vector<std::string> names;
  names.reserve(parameters.size());
  for (const Parameter* parameter : parameters) names.emplace_back(parameter->name);
  return names;
}

}  // namespace bms::cli
