// Walks the table of configuration registers: finding a parameter, its value from a word, its word from a value.
#include "jbd/jbd_parameters.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>

namespace bms::jbd {
namespace {

double factor(const Parameter& parameter, bool coarse) { return coarse && parameter.scale.follows_unit_flag ? 10 : 1; }

std::string text_of(double value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

Result<void> check_range(const Parameter& parameter, double value, bool coarse) {
  const double wide = factor(parameter, coarse);
  const double min = parameter.min * wide;
  const double max = parameter.max * wide;
  if (std::isfinite(value) && value >= min && value <= max) return {};
  return failure(ErrorKind::rejected, std::string(parameter.name) + " takes " + text_of(min) + " to " + text_of(max) +
                                          std::string(parameter.scale.unit.empty() ? "" : " ") +
                                          std::string(parameter.scale.unit) + ", not " + text_of(value));
}

}  // namespace

Result<const Parameter*> find_parameter(std::string_view name) {
  const auto* const found = std::ranges::find(parameters, name, &Parameter::name);
  if (found == parameters.end())
    return failure(ErrorKind::rejected, "a JBD board has no parameter '" + std::string(name.substr(0, 60)) + "'");
  return found;
}

double value_of(const Parameter& parameter, std::uint16_t raw, bool coarse) {
  const int counts = parameter.scale.is_signed ? static_cast<std::int16_t>(raw) : int{raw};
  return (counts - parameter.scale.offset) / (parameter.scale.counts_per_unit / factor(parameter, coarse));
}

Result<std::uint16_t> raw_of(const Parameter& parameter, double value, bool coarse) {
  if (auto checked = check_range(parameter, value, coarse); !checked) return std::unexpected(checked.error());
  const double counts_per_unit = parameter.scale.counts_per_unit / factor(parameter, coarse);
  const long counts = std::lround(value * counts_per_unit) + parameter.scale.offset;
  return static_cast<std::uint16_t>(counts);
}

Result<void> check_write(const Parameter& parameter, double value, bool coarse) {
  if (parameter.access != Access::read_write)
    return failure(ErrorKind::rejected, std::string(parameter.name) + " is read only");
  return check_range(parameter, value, coarse);
}

}  // namespace bms::jbd
