// Numbers as texts: the same as printf would write, for every value that an item can have.
#include "items/number_text.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <string>
#include <vector>

#include "items/battery_paths.hpp"

namespace bms::items {
namespace {

std::string printed(double value, const TextFormat& format) {
  NumberText room;
  return print(room, value, format);
}

std::string by_printf(double value, const TextFormat& format) {
  const double step = std::pow(10.0, format.decimals);
  NumberText room;
  std::snprintf(room.data(), room.size(), "%.*f%s", format.decimals, std::round(value * step) / step + 0.0,
                format.unit);
  return room.data();
}

/// The kinds of real numbers that are published.
std::vector<Kind> real_kinds() {
  std::vector<Kind> kinds;
  const auto take = [&](const Kind& kind) {
    if (kind.type == Type::real) kinds.push_back(kind);
  };
  const auto alike = [](const Kind& a, const Kind& b) {
    return a.format.decimals == b.format.decimals && std::string{a.format.unit} == b.format.unit &&
           a.resolution.counts_per_unit == b.resolution.counts_per_unit &&
           a.resolution.fine_counts == b.resolution.fine_counts;
  };
  for (const auto table : battery_paths())
    for (const Path& row : table) take(row.kind);
  for (const auto table : numbered_paths())
    for (const NumberedPath& row : table) take(row.kind);
  std::vector<Kind> different;
  for (const Kind& kind : kinds) {
    if (std::ranges::none_of(different, [&](const Kind& known) { return alike(known, kind); }))
      different.push_back(kind);
  }
  return different;
}

TEST(VenusNumberText, IsThatOfPrintfForEveryStepOfEveryResolution) {
  constexpr int most_counts = 100'000;  // 10 000 A in steps of 0.1, 1000 V in steps of 0.01
  const auto kinds = real_kinds();
  ASSERT_GT(kinds.size(), 8U);
  for (const Kind& kind : kinds) {
    for (const double counts_per_unit : {kind.resolution.counts_per_unit, kind.resolution.fine_counts}) {
      for (int counts = counts_per_unit > 0 ? -most_counts : most_counts; counts < most_counts; ++counts) {
        const double value = counts / counts_per_unit;
        ASSERT_EQ(printed(value, kind.format), by_printf(value, kind.format)) << counts << " of " << counts_per_unit;
      }
    }
  }
}

TEST(VenusNumberText, OfNumbersThatNoBatteryHas) {
  constexpr TextFormat volts{2, "V"};
  for (const double value : {1e9, -1e9, 8.9e13, 9.1e13, -1e15, 1e30, -1e30, 5e-324, -0.0, -0.004, 0.005, 0.995}) {
    EXPECT_EQ(printed(value, volts), by_printf(value, volts)) << value;
  }
  EXPECT_EQ(printed(std::numeric_limits<double>::max(), volts).size(), std::tuple_size_v<NumberText> - 1);
}

TEST(VenusNumberText, OfWholeNumbers) {
  NumberText room;
  EXPECT_STREQ(print(room, std::int32_t{-42}, {0, "s"}), "-42s");
  EXPECT_STREQ(print(room, std::numeric_limits<std::int32_t>::min(), {}), "-2147483648");
  EXPECT_STREQ(print(room, std::int32_t{0xBAB5}, {.hex = true}), "0xBAB5");
}

TEST(VenusNumberText, NeverLeavesItsRoom) {
  const std::string unit(200, 'x');
  EXPECT_EQ(printed(1.5, {1, unit.c_str()}), "1.5" + std::string(60, 'x'));
}

}  // namespace
}  // namespace bms::items
