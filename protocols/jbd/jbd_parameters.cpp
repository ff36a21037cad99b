// The parameters of JBD boards: a value from a word, a word from a value.
#include "jbd/jbd_parameters.hpp"

#include "parameters.hpp"

namespace bms::jbd {
namespace {

double factor(const ConfigRegister& parameter, bool coarse) { return coarse ? parameter.coarser : 1; }

}  // namespace

double value_of(const ConfigRegister& parameter, std::uint16_t raw, bool coarse) {
  return parameter.scale.coarser(factor(parameter, coarse)).value(raw);
}

Result<std::uint16_t> raw_of(const ConfigRegister& parameter, double value, bool coarse) {
  const double wide = factor(parameter, coarse);
  std::optional<Range> range = parameter.range;
  if (range) range = {range->min * wide, range->max * wide};
  if (auto checked = check_write(parameter, value, range); !checked) return std::unexpected(checked.error());
  return parameter.scale.coarser(wide).word(value);
}

}  // namespace bms::jbd
