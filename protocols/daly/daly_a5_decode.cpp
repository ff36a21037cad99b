// What the data of 0xA5 answers mean, in SI units.
#include "daly/daly_a5_decode.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace bms::daly {
namespace {

constexpr int no_current = 30000;
constexpr int zero_celsius = 40;
constexpr std::uint8_t no_sensor_low = 0x00;
constexpr std::uint8_t no_sensor_high = 0xFF;

constexpr double cell_min_v = 1.0;
constexpr double cell_max_v = 4.5;
constexpr double current_max_a = 1000;

}  // namespace

// Counts are divided, not multiplied: 528 / 10.0 is exactly 52.8.
PackState decode_pack(const Data& data) {
  return {.voltage_v = u16_be(data, 0) / 10.0,
          .current_a = (no_current - u16_be(data, 4)) / 10.0,
          .soc_pct = u16_be(data, 6) / 10.0};
}

bool plausible(const PackState& state, std::size_t cells) {
  return usable(state, cells) && std::abs(state.current_a) <= current_max_a && state.soc_pct <= 100;
}

bool usable(const PackState& state, std::size_t cells) {
  const double low_v = cell_min_v * static_cast<double>(cells == 0 ? 1 : cells);
  const double high_v = cell_max_v * static_cast<double>(cells == 0 ? most_cells : cells);
  return state.voltage_v >= low_v && state.voltage_v <= high_v;
}

Extremes decode_cell_range(const Data& data) {
  return {.max = u16_be(data, 0) / 1000.0,
          .min = u16_be(data, 3) / 1000.0,
          .max_number = data[2],
          .min_number = data[5],
          .tail = u16_be(data, 6)};
}

Extremes decode_temperature_range(const Data& data) {
  return {.max = static_cast<double>(data[0] - zero_celsius),
          .min = static_cast<double>(data[2] - zero_celsius),
          .max_number = data[1],
          .min_number = data[3]};
}

FetState decode_fets(const Data& data) {
  const std::uint32_t remaining_mah = std::uint32_t{u16_be(data, 4)} << 16U | u16_be(data, 6);
  return {.activity = data[0],
          .charge = data[1] != 0,
          .discharge = data[2] != 0,
          .heartbeat = data[3],
          .remaining_ah = remaining_mah / 1000.0};
}

Status decode_status(const Data& data) {
  return {.cells = data[0],
          .sensors = data[1],
          .charger = data[2],
          .load = data[3],
          .dio = data[4],
          .cycles = u16_be(data, 5),
          .cycles_in_tail = u16_be(data, 6)};
}

bool plausible(const Status& status) {
  return status.cells >= 1 && status.cells <= most_cells && status.sensors <= most_sensors && status.charger <= 1 &&
         status.load <= 1;
}

std::optional<double> cell_of(const Collection& frames, std::size_t number) {
  const std::size_t frame = (number - 1) / cells_per_frame + 1;
  if (!frames.has(frame)) return std::nullopt;
  return u16_be(frames.frame(frame), 1 + 2 * ((number - 1) % cells_per_frame)) / 1000.0;
}

std::optional<int> temperature_of(const Collection& frames, std::size_t number) {
  const std::size_t frame = (number - 1) / sensors_per_frame + 1;
  if (!frames.has(frame)) return std::nullopt;
  const std::uint8_t raw = frames.frame(frame)[1 + (number - 1) % sensors_per_frame];
  if (raw == no_sensor_low || raw == no_sensor_high) return std::nullopt;
  return raw - zero_celsius;
}

std::uint64_t decode_balancer(const Data& data) {
  std::uint64_t bits = 0;
  for (std::size_t byte = 0; byte < most_cells / 8; ++byte) bits |= std::uint64_t{data[byte]} << (8 * byte);
  return bits;
}

std::uint64_t decode_failures(const Data& data) {
  std::uint64_t bits = 0;
  for (std::size_t byte = 0; byte < data.size(); ++byte) bits |= std::uint64_t{data[byte]} << (8 * byte);
  return bits;
}

std::string decode_text(const Collection& frames, std::size_t count) {
  std::array<std::uint8_t, most_frames * sensors_per_frame> text{};
  std::size_t size = 0;
  for (std::size_t number = 1; number <= count; ++number)
    for (std::size_t at = 1; at < frames.frame(number).size(); ++at) text[size++] = frames.frame(number)[at];
  return printable(Bytes(text).first(size));
}

std::string printable(Bytes text) {
  std::string result;
  for (const std::uint8_t byte : text) {
    if (byte == 0x00 || byte == 0xFF) break;  // FF: memory that was never written
    result += byte >= 0x20 && byte < 0x7F ? static_cast<char>(byte) : '?';
  }
  result.erase(result.find_last_not_of(' ') + 1);
  return result;
}

std::optional<Date> decode_date(std::uint8_t year, std::uint8_t month, std::uint8_t day) {
  if (year > 99 || month < 1 || month > 12 || day < 1 || day > 31) return std::nullopt;
  return Date{.year = 2000 + year, .month = month, .day = day};
}

std::string date_text(const Date& date) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02d", date.year, date.month, date.day);
  return text.data();
}

std::optional<std::string> clock_text(Bytes year_to_second) {
  const auto date = decode_date(year_to_second[0], year_to_second[1], year_to_second[2]);
  const unsigned hour = year_to_second[3];
  const unsigned minute = year_to_second[4];
  const unsigned second = year_to_second[5];
  if (!date || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "T%02u:%02u:%02u", hour, minute, second);
  return date_text(*date) + text.data();
}

}  // namespace bms::daly
