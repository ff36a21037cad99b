// What may be set: each setting by itself, and all of them together.
#include <gtest/gtest.h>

#include <limits>

#include "console/check.hpp"
#include "registry.hpp"

namespace {

using namespace bms;
using namespace bms::console;

constexpr Parameter trip{.name = "trip",
                         .unit = "V",
                         .access = Access::read_write,
                         .risk = Risk::limits,
                         .range = Range{1.5, 4.5},
                         .resolution = 0.001,
                         .words = "Trips"};
constexpr Parameter release{.name = "release",
                            .unit = "V",
                            .access = Access::read_write,
                            .risk = Risk::limits,
                            .range = Range{1.5, 4.5},
                            .resolution = 0.001,
                            .words = "Releases"};
constexpr Parameter wide{.name = "wide",
                         .unit = "A",
                         .access = Access::read_write,
                         .risk = Risk::limits,
                         .range = Range{0, 100},
                         .resolution = 0.01,
                         .coarser = 10,
                         .words = "Current"};
constexpr Parameter count{.name = "count",
                          .unit = "",
                          .kind = ParameterKind::count,
                          .access = Access::read_write,
                          .risk = Risk::safety,
                          .range = Range{3, 32},
                          .resolution = 1,
                          .words = "Cells"};
constexpr Parameter serial{.name = "serial", .unit = "", .kind = ParameterKind::text, .words = "Number"};
constexpr Parameter secret{.name = "secret",
                           .unit = "",
                           .access = Access::read_write,
                           .risk = Risk::never,
                           .range = Range{0, 1},
                           .resolution = 1,
                           .words = "Nobody knows"};
const ParameterList table{&trip, &release, &wide, &count, &serial, &secret};
constexpr Relation relations[] = {{"release", "trip"}};

bool taken(const std::string& name, double value) {
  const Setting setting{.name = name, .value = value};
  return check_settings(table, {&setting, 1}).front().ok();
}

TEST(ConsoleCheck, TakesBothEndsOfARangeAndNothingBeyond) {
  EXPECT_TRUE(taken("trip", 1.5));
  EXPECT_TRUE(taken("trip", 4.5));
  EXPECT_FALSE(taken("trip", 1.499));
  EXPECT_FALSE(taken("trip", 4.501));
  EXPECT_FALSE(taken("trip", std::numeric_limits<double>::quiet_NaN()));
  EXPECT_FALSE(taken("trip", std::numeric_limits<double>::infinity()));
}

TEST(ConsoleCheck, LeavesItToTheBoardWhetherItCountsInLargerSteps) {
  EXPECT_TRUE(taken("wide", 1000));
  EXPECT_FALSE(taken("wide", 1000.1));
}

TEST(ConsoleCheck, RefusesWhatIsNotWrittenByUs) {
  EXPECT_FALSE(taken("serial", 1));
  EXPECT_FALSE(taken("secret", 1));
  EXPECT_FALSE(taken("unknown", 1));
  EXPECT_FALSE(taken("count", 16.5));
  EXPECT_TRUE(taken("count", 16));
}

TEST(ConsoleCheck, RefusesANameThatIsThereTwice) {
  const Setting settings[] = {{.name = "trip", .value = 3.6}, {.name = "trip", .value = 3.65}};
  const auto outcomes = check_settings(table, settings);
  EXPECT_TRUE(outcomes[0].ok());
  EXPECT_FALSE(outcomes[1].ok());
}

/// Each writable parameter of every family: both ends are taken, a step beyond is not.
TEST(ConsoleCheck, HoldsForEveryTable) {
  std::size_t looked_at = 0;
  for (const Family& family : families()) {
    for (const Variant& variant : family.variants) {
      const ParameterList parameters = family.parameters(variant);
      for (const Parameter* one : parameters) {
        if (one->access == Access::read || one->risk == Risk::never) continue;
        ++looked_at;
        const double top = std::max(one->range->max, one->range->max * one->coarser);
        const double bottom = std::min(one->range->min, one->range->min * one->coarser);
        const auto taken_here = [&](double value) {
          const Setting setting{.name = std::string(one->name), .value = value};
          return check_settings(parameters, {&setting, 1}).front().ok();
        };
        EXPECT_TRUE(taken_here(one->range->max)) << one->name;
        EXPECT_TRUE(taken_here(one->range->min)) << one->name;
        EXPECT_FALSE(taken_here(top + one->resolution)) << one->name;
        EXPECT_FALSE(taken_here(bottom - one->resolution)) << one->name;
      }
    }
  }
  EXPECT_GT(looked_at, 100U);
}

TEST(ConsoleCheck, NamesWhatMustBeKnownBesides) {
  const Setting setting{.name = "trip", .value = 3.6};
  EXPECT_EQ(related(relations, table, {&setting, 1}), std::vector<std::string_view>{"release"});
  const Setting both[] = {{.name = "trip", .value = 3.6}, {.name = "release", .value = 3.4}};
  EXPECT_TRUE(related(relations, table, both).empty());
}

TEST(ConsoleCheck, SeesAContradictionWithWhatTheBoardHolds) {
  const Setting setting{.name = "trip", .value = 3.4};
  const Values values{{"trip", 3.65}, {"release", 3.45}};
  const auto found = contradictions(relations, values, {&setting, 1});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.front(), "release (3.45) must be less than trip (3.4)");
}

TEST(ConsoleCheck, SeesNoneWhereBothMove) {
  const Setting both[] = {{.name = "trip", .value = 3.4}, {.name = "release", .value = 3.3}};
  EXPECT_TRUE(contradictions(relations, {{"trip", 3.65}, {"release", 3.45}}, both).empty());
}

TEST(ConsoleCheck, IsSilentAboutWhatIsNotTouched) {
  const Setting setting{.name = "count", .value = 16};
  EXPECT_TRUE(contradictions(relations, {{"trip", 3.0}, {"release", 3.45}}, {&setting, 1}).empty());
}

}  // namespace
