// Factory settings and the numbered view of them.
#include "jbd_eeprom.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <string_view>

namespace bms::sim {
namespace {

struct Register {
  std::uint8_t number;
  std::uint16_t value;
};

// As read from an iron phosphate board with firmware 8.0; what depends on the pack is put in later.
constexpr auto factory_settings = std::to_array<Register>({
    {0x12, 3500},   {0x13, 2800},   {0x14, 2},      {0x15, 0x2C7C}, {0x16, 0},      {0x17, 0},  // curve ends, date
    {0x18, 3481},   {0x19, 3281},   {0x1A, 2631},   {0x1B, 2731},                               // charge temperatures
    {0x1C, 3481},   {0x1D, 3281},   {0x1E, 2631},   {0x1F, 2731},    // discharge temperatures
    {0x24, 3650},   {0x25, 3550},   {0x26, 2500},   {0x27, 2700},    // cell voltages
    {0x2A, 3200},   {0x2B, 30},     {0x2C, 1},      {0x2D, 0x0006},  // balancing, functions
    {0x30, 30},     {0x31, 5},      {0x32, 3400},   {0x33, 3350},   {0x34, 3300},   {0x35, 3100},  // curve
    {0x36, 3900},   {0x37, 2000},   {0x38, 0x8D5C}, {0x39, 0xF064},  // hardware protections
    {0x3A, 0x0202}, {0x3B, 0x0202}, {0x3C, 0x0202}, {0x3D, 0x0202}, {0x3E, 0x0A1E}, {0x3F, 0x0A1E},  // delays
    {0x40, 0},      {0x41, 0},                                                                     // positioning module
    {0x42, 3420},   {0x43, 3330},   {0x44, 3310},   {0x45, 3250},   {0x46, 3000},   {0x47, 3500},  // finer curve
});

constexpr double charge_limit_a = 100;
constexpr double discharge_limit_a = 120;
constexpr std::uint16_t high_current_bit = 1U << 12U;
constexpr std::uint8_t finer_curve = 0x42;  // from here on: firmware 0x20 and newer

struct ParameterOfRegister {
  std::size_t parameter;
  std::uint8_t reg;
};
constexpr auto later_parameters = std::to_array<ParameterOfRegister>({
    {38, 0x36},
    {39, 0x37},
    {104, 0x40},
    {105, 0x41},
    {106, 0x42},
    {107, 0x43},
    {108, 0x44},
    {109, 0x45},
    {110, 0x46},
    {111, 0x47},
    {112, 0x10},
});

// From parameter 40 on each half of these registers has a word of its own.
constexpr std::array<std::uint8_t, 8> split_registers{0x38, 0x39, 0x3A, 0x3B, 0x3C, 0x3D, 0x3E, 0x3F};
constexpr std::size_t first_split_parameter = 40;
constexpr std::size_t parameter_count = 184;

void place(std::vector<std::uint16_t>& words, std::size_t first, std::size_t count, std::string_view bytes) {
  for (std::size_t i = 0; i < std::min(bytes.size(), count * 2); ++i) {
    const auto byte = static_cast<std::uint8_t>(bytes[i]);
    words[first + i / 2] = static_cast<std::uint16_t>(words[first + i / 2] | (i % 2 == 0 ? byte << 8U : byte));
  }
}

std::string with_length(const std::string& text) { return static_cast<char>(text.size()) + text; }

std::string chip_id(std::uint64_t seed) {
  std::mt19937_64 random(seed ^ 0x4A42444368697073U);
  std::string id;
  for (int i = 0; i < 12; ++i) id += static_cast<char>(random() & 0xFFU);
  return id;
}

}  // namespace

JbdEeprom::JbdEeprom(const JbdOptions& options, std::size_t cells, std::size_t sensors, double capacity_ah)
    : options_(options) {
  const auto count = static_cast<double>(cells);
  const double per_unit = options.high_current ? 10 : 100;
  const auto raw = [](double value) {
    return static_cast<std::uint16_t>(static_cast<std::int32_t>(std::lround(value)));
  };
  for (const Register& it : factory_settings) values_[it.number] = it.value;
  values_[0x10] = raw(capacity_ah * per_unit);
  values_[0x11] = raw(capacity_ah * 0.8 * per_unit);
  values_[0x20] = raw(count * 365);
  values_[0x21] = raw(count * 355);
  values_[0x22] = raw(count * 250);
  values_[0x23] = raw(count * 270);
  values_[0x28] = raw(charge_limit_a * per_unit);
  values_[0x29] = raw(-discharge_limit_a * per_unit);
  values_[0x2E] = static_cast<std::uint16_t>((1U << sensors) - 1U);
  values_[0x2F] = raw(count);
  if (options.high_current) values_[0x2D] = values_[0x2D] | high_current_bit;
  if (options.firmware < 0x20) values_.erase(values_.lower_bound(finer_curve), values_.end());
  save();
}

std::optional<std::uint16_t> JbdEeprom::at(std::uint8_t reg) const {
  const auto found = values_.find(reg);
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

bool JbdEeprom::write(std::uint8_t reg, std::uint16_t value) {
  const auto found = values_.find(reg);
  if (found == values_.end()) return false;
  found->second = value;
  return true;
}

const std::string& JbdEeprom::text(std::uint8_t reg) const {
  if (reg == 0xA0) return options_.manufacturer;
  return reg == 0xA1 ? options_.model : options_.barcode;
}

std::vector<std::uint16_t> JbdEeprom::parameters() const {
  std::vector<std::uint16_t> words(parameter_count);
  for (std::uint8_t reg = 0x10; reg <= 0x35; ++reg) words[reg - 0x10U] = value_or_zero(reg);
  for (const ParameterOfRegister& it : later_parameters) words[it.parameter] = value_or_zero(it.reg);
  for (std::size_t i = 0; i < split_registers.size(); ++i) {
    const std::uint16_t value = value_or_zero(split_registers[i]);
    words[first_split_parameter + 2 * i] = static_cast<std::uint16_t>(value >> 8U);
    words[first_split_parameter + 2 * i + 1] = static_cast<std::uint16_t>(value & 0xFFU);
  }
  place(words, 56, 16, with_length(options_.manufacturer));
  place(words, 88, 16, with_length(options_.barcode));
  place(words, 158, 12, options_.model);
  place(words, 170, 6, chip_id(options_.seed));
  return words;
}

}  // namespace bms::sim
