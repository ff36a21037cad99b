// What the data of REC arrays mean, in SI units.
#include "rec/rec_decode.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>

#include "rec/rec_frame.hpp"

namespace bms::rec {

double decimal_of(float number) {
  if (!std::isfinite(number)) return number;
  std::array<char, 32> text{};
  const auto written = std::to_chars(text.data(), text.data() + text.size(), number);
  double value = 0;
  std::from_chars(text.data(), written.ptr, value);
  return value;
}

double number_at(Bytes data, std::size_t index) {
  std::uint32_t bits = 0;
  for (std::size_t i = float_size; i-- > 0;) bits = bits << 8U | data[index * float_size + i];
  return decimal_of(std::bit_cast<float>(bits));
}

double percent(double fraction) {
  constexpr double steps = 1e7;  // finer than a unit's numbers are
  return std::round(fraction * 100 * steps) / steps;
}

Overview decode_overview(Bytes data) {
  return {.lowest_cell_v = number_at(data, 0),
          .highest_cell_v = number_at(data, 1),
          .current_a = number_at(data, 2),
          .highest_temperature_c = number_at(data, 3),
          .voltage_v = number_at(data, 4),
          .soc_pct = percent(number_at(data, 5)),
          .soh_pct = percent(number_at(data, 6))};
}

Extremes decode_extremes(Bytes data) {
  return {.lowest_cell = {data[0], data[1]},
          .highest_cell = {data[2], data[3]},
          .hottest_sensor = {data[4], data[5]},
          .discharged_ah = static_cast<double>(u16_be(data, 6))};
}

std::uint32_t Fault::raw() const {
  return present ? 0x0100'0000U | std::uint32_t{unit} << 16U | std::uint32_t{number} << 8U | location : 0;
}

Fault decode_fault(Bytes data) {
  return {.present = data[0] != 0, .unit = data[1], .number = data[2], .location = data[3]};
}

OutputTask decode_task(std::uint32_t word) {
  return {.on = (word >> 28U & 1U) != 0,
          .positive_logic = (word >> 30U & 1U) != 0,
          .mode = word >> 24U & 0x0FU,
          .error_mask = word & 0x7FFFFU};
}

std::optional<double> temperature_of(double told_c) {
  if (told_c == sensor_lost_c) return std::nullopt;
  return told_c;
}

}  // namespace bms::rec
