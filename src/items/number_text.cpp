#include "items/number_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstring>

namespace bms::items {
namespace {

constexpr std::array<std::int64_t, 7> powers_of_ten{1, 10, 100, 1'000, 10'000, 100'000, 1'000'000};

// Beyond this not every whole number is a double, and the steps that are counted below would be coarser than they seem.
constexpr double most_steps = 9e15;

char* append_unit(char* at, NumberText& out, const char* unit) {
  const auto room = static_cast<std::size_t>(out.data() + out.size() - at) - 1;
  const std::size_t length = std::min(std::strlen(unit), room);
  at = std::copy_n(unit, length, at);
  *at = 0;
  return at;
}

// Digits of a fraction, with the zeros that it begins with.
char* append_fraction(char* at, std::int64_t fraction, int decimals) {
  *at++ = '.';
  for (int place = decimals - 1; place >= 0; --place) {
    at[place] = static_cast<char>('0' + fraction % 10);
    fraction /= 10;
  }
  return at + decimals;
}

}  // namespace

const char* print(NumberText& out, double value, const TextFormat& format) {
  const int decimals = std::clamp(format.decimals, 0, static_cast<int>(powers_of_ten.size()) - 1);
  const std::int64_t steps_per_unit = powers_of_ten[static_cast<std::size_t>(decimals)];
  const double steps = std::round(value * static_cast<double>(steps_per_unit));
  if (!(std::abs(steps) < most_steps)) {
    std::snprintf(out.data(), out.size(), "%.*f%s", decimals, value, format.unit);
    return out.data();
  }
  const auto counted = static_cast<std::int64_t>(steps);
  const std::int64_t amount = std::abs(counted);
  char* at = out.data();
  if (counted < 0) *at++ = '-';
  at = std::to_chars(at, out.data() + out.size(), amount / steps_per_unit).ptr;
  if (decimals > 0) at = append_fraction(at, amount % steps_per_unit, decimals);
  append_unit(at, out, format.unit);
  return out.data();
}

const char* print(NumberText& out, std::int32_t value, const TextFormat& format) {
  if (format.hex) {
    std::snprintf(out.data(), out.size(), "0x%X", static_cast<unsigned>(value));
    return out.data();
  }
  append_unit(std::to_chars(out.data(), out.data() + out.size(), value).ptr, out, format.unit);
  return out.data();
}

}  // namespace bms::items
