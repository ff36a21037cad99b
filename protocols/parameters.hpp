// What the families do with their tables of parameters: list them, find a row, refuse what may not be written.
//
// The rows of such a table are a Parameter and what the family adds to it: an address, a scale.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "bms/error.hpp"
#include "bms/parameter.hpp"
#include "scale.hpp"

namespace bms {

/// A number that is written as a count on that scale.
[[nodiscard]] constexpr Parameter writable_parameter(std::string_view name, const Scale& scale, Range range,
                                                     ParameterGroup group, Risk risk, std::string_view words) {
  return {.name = name,
          .unit = scale.unit,
          .access = Access::read_write,
          .risk = risk,
          .group = group,
          .range = range,
          .resolution = scale.resolution(),
          .words = words};
}

/// What is only read, as a count on that scale if it is a number.
[[nodiscard]] constexpr Parameter readable_parameter(std::string_view name, const Scale& scale, ParameterKind kind,
                                                     ParameterGroup group, Risk risk, std::string_view words) {
  return {.name = name,
          .unit = scale.unit,
          .kind = kind,
          .risk = risk,
          .group = group,
          .resolution = is_number(kind) ? scale.resolution() : 0,
          .words = words};
}

/// The parameters of a table.
template <class Table>
[[nodiscard]] ParameterList parameters_in(const Table& table) {
  ParameterList all;
  for (const auto& row : table) all.push_back(&row);
  return all;
}

/// The refusal of a name that `board` ("a JBD board") does not have.
[[nodiscard]] std::unexpected<Error> no_parameter(std::string_view board, std::string_view name);

/// The row of that name. Errors: rejected.
template <class Table>
[[nodiscard]] Result<const typename Table::value_type*> row_named(const Table& table, std::string_view board,
                                                                  std::string_view name) {
  const auto found = std::ranges::find(table, name, &Parameter::name);
  if (found == table.end()) return no_parameter(board, name);
  return &*found;
}

/// "1.5 to 4.5 V".
[[nodiscard]] std::string range_text(const Range& range, std::string_view unit = {});

/// A number with as many digits as it needs: "3.65", "0.0078125".
[[nodiscard]] std::string shortest(double value);

/// Whether a value lies in a range: "the state of charge takes 0 to 100 %, not 101". Errors: rejected.
[[nodiscard]] Result<void> check_range(std::string_view what, double value, const Range& range,
                                       std::string_view unit = {});

/// Whether a state of charge may be set. Errors: rejected.
[[nodiscard]] Result<void> check_soc(double soc_pct);

/// Whether a value may be written to a parameter whose range on this board is `range`. Errors: rejected: it is only
/// read, or the value is outside, no finite number, or not whole where only whole numbers have a meaning.
/// Precondition: one that is not only read has a range.
[[nodiscard]] Result<void> check_write(const Parameter& parameter, double value, const std::optional<Range>& range);

/// Likewise, on a board that takes the range of the table.
[[nodiscard]] inline Result<void> check_write(const Parameter& parameter, double value) {
  return check_write(parameter, value, parameter.range);
}

}  // namespace bms
