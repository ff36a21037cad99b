// What the machine says of itself: directories that are handed over, and whether there is a Venus.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "../fuzz/scratch.hpp"
#include "files/handed_over.hpp"
#include "venus/place.hpp"

namespace bms {
namespace {

TEST(HandedOver, IsTheFirstOfThoseThatAreNamed) {
  constexpr const char* variable = "BMS_TEST_DIRECTORY";
  EXPECT_EQ(files::handed_over(variable, "/usual"), "/usual");
  for (const auto& [said, expected] :
       {std::pair{"", "/usual"}, {"/one", "/one"}, {"/one:/two", "/one"}, {":/two", "/usual"}}) {
    setenv(variable, said, 1);
    EXPECT_EQ(files::handed_over(variable, "/usual"), expected) << said;
  }
  unsetenv(variable);
}

TEST(VenusPlace, IsADeviceOfVictronOrABusWithItsSettings) {
  const fuzz::Scratch directory("venus-place");
  EXPECT_EQ(venus::why_no_venus(directory.directory()), "");
  setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", 1);
  EXPECT_NE(venus::why_no_venus(directory.path("nothing")).find("No such file"), std::string::npos);
  unsetenv("DBUS_SESSION_BUS_ADDRESS");
}

}  // namespace
}  // namespace bms
