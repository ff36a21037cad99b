// Takes per-unit arrays (CELL, RINT, PTEM) apart.
#include "rec/rec_values.hpp"

#include <algorithm>

#include "rec/rec_decode.hpp"

namespace bms::rec {
namespace {

constexpr std::size_t abms_size = 4;  // cells, and temperature values

bool shares_frame(const Answer& answer) { return answer.data.size() < answer.units; }

}  // namespace

std::size_t values_of_unit(const Answer& answer, std::size_t unit) {
  if (shares_frame(answer)) return answer.payload().size() / float_size / answer.units;
  return answer.data[unit].size() / float_size;
}

std::size_t count_values(const Answer& answer) {
  std::size_t count = 0;
  for (const Bytes data : answer.data) count += data.size() / float_size;
  return count;
}

double value_at(const Answer& answer, std::size_t unit, std::size_t index) {
  if (shares_frame(answer)) return number_at(answer.payload(), unit * values_of_unit(answer, unit) + index);
  return number_at(answer.data[unit], index);
}

std::size_t sensors_of_unit(std::size_t values, std::size_t configured, std::optional<std::size_t> cells) {
  if (configured > 0) return std::min(values, configured);
  return values == abms_size && cells == abms_size ? 1 : values;
}

}  // namespace bms::rec
