// Which pack of a bank a battery service is.
#include "driver/pack_fit.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace bms::driver {
namespace {

struct Case {
  const char* what;
  std::vector<std::string> members;
  PackNames names;
  std::optional<std::size_t> member;
  Fit fit = Fit::ending;
};

TEST(PackFit, TheBestOneCounts) {
  const Case cases[] = {
      {"the end of a name", {"A1", "A2"}, {.end = "ttyA2", .member_as = "", .serial = ""}, 1, Fit::ending},
      {"nothing", {"A1", "A2"}, {.end = "ttyA3", .member_as = "", .serial = "HQ"}, std::nullopt},
      {"the longest end", {"1", "A1"}, {.end = "ttyA1", .member_as = "", .serial = ""}, 1, Fit::ending},
      {"the longest end, written first", {"A1", "1"}, {.end = "ttyA1", .member_as = "", .serial = ""}, 0, Fit::ending},
      {"a shorter end where only it fits", {"1", "A1"}, {.end = "tty1", .member_as = "", .serial = ""}, 0, Fit::ending},
      {"a whole name", {"SyA1", "ttyA1"}, {.end = "ttyA1", .member_as = "", .serial = "SyA1"}, 1, Fit::named},
      {"a serial number before an end",
       {"yA1", "HQ"},
       {.end = "ttyA1", .member_as = "", .serial = "HQ"},
       1,
       Fit::serial},
      {"the whole name of the service",
       {"x", "com.victronenergy.battery.can0"},
       {.end = "can0", .member_as = "", .serial = ""},
       1,
       Fit::named},
      {"no end of a whole name",
       {"x", "com.victronenergy.battery.can0"},
       {.end = "vcan0", .member_as = "", .serial = ""},
       std::nullopt},
      {"what it says itself", {"A1", "B"}, {.end = "ttyA1", .member_as = "B", .serial = ""}, 1, Fit::named},
      {"one of another bank", {"A1", "B"}, {.end = "ttyA1", .member_as = "C", .serial = "B"}, std::nullopt},
  };
  for (const Case& row : cases) {
    SCOPED_TRACE(row.what);
    const auto found = fit_of(row.members, row.names);
    ASSERT_EQ(found.has_value(), row.member.has_value());
    if (!found) continue;
    EXPECT_EQ(found->member, *row.member);
    EXPECT_EQ(found->fit, row.fit);
  }
}

}  // namespace
}  // namespace bms::driver
