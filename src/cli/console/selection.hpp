// Which parameters of a board are meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bms/error.hpp"
#include "bms/parameter.hpp"

namespace bms::cli {

/// What a parameter must be; an empty list asks for nothing.
struct Filter {
  std::vector<ParameterGroup> groups{};
  std::vector<Risk> risks{};
  bool writable = false;
  std::string pattern{};  ///< with `*`, `?` or `[`: for the whole name; else found in name or meaning; either case

  friend bool operator==(const Filter&, const Filter&) = default;
};

[[nodiscard]] bool fits(const Parameter& parameter, const Filter& filter);

/// Those that fit, in the order of the table.
[[nodiscard]] ParameterList fitting(const ParameterList& parameters, const Filter& filter);

/// Those of these names, in this order. Errors: ErrorKind::rejected: the names that there are not, and what is near.
[[nodiscard]] Result<ParameterList> named(const ParameterList& parameters, const std::vector<std::string>& names);

/// All groups that there are, and all risks, as they are typed.
[[nodiscard]] std::vector<std::pair<std::string, ParameterGroup>> groups();
[[nodiscard]] std::vector<std::pair<std::string, Risk>> risks();

/// The names of parameters, for requests.
[[nodiscard]] std::vector<std::string> names_of(const ParameterList& parameters);

}  // namespace bms::cli
