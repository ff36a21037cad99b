// Where config.ini is.
#include "config/source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "config/config.hpp"

namespace bms::config {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class Places : public testing::Test {
 protected:
  Places() { fs::create_directories(folder_); }
  ~Places() override { fs::remove_all(folder_); }

  [[nodiscard]] Source look(const std::string& named = "") const {
    const std::array<std::string, 2> places{first_, second_};
    return source_of(named, places);
  }
  static void write(const std::string& file) { std::ofstream(file) << "[default]\n"; }

  fs::path folder_ = fs::temp_directory_path() / ("places-" + std::to_string(getpid()));
  std::string first_ = folder_ / "data.ini";
  std::string second_ = folder_ / "etc.ini";
};

TEST_F(Places, TheFirstThatIsThereCounts) {
  EXPECT_EQ(look().file, "");
  EXPECT_THAT(look().text, HasSubstr("no configuration file (" + first_ + ", " + second_ + ")"));
  write(second_);
  EXPECT_EQ(look().file, second_);
  EXPECT_EQ(look().text, "configuration: " + second_);
  write(first_);
  EXPECT_EQ(look().file, first_);
}

TEST_F(Places, WhoNamesAFileMeansIt) {
  write(first_);
  EXPECT_EQ(look("/nonexistent").file, "/nonexistent");
  EXPECT_EQ(look("/nonexistent").text, "configuration: /nonexistent");
}

TEST_F(Places, ALinkCountsAndOneToNothingDoesNot) {
  write(second_);
  fs::create_symlink(folder_ / "gone", first_);
  EXPECT_EQ(look().file, second_);
  write(folder_ / "gone");
  EXPECT_EQ(look().file, first_);
}

TEST_F(Places, APipeIsPassedOverAndNeverOpened) {
  ASSERT_EQ(mkfifo(first_.c_str(), 0600), 0);
  EXPECT_EQ(look().file, "");
  EXPECT_THAT(look().text, HasSubstr(first_ + " is no file"));
  write(second_);
  EXPECT_EQ(look().file, second_);
}

TEST_F(Places, AFolderIsAFaultThatEverybodySees) {
  fs::create_directory(first_);
  ASSERT_EQ(look().file, first_);
  EXPECT_EQ(Config::read_file(look().file).faults().size(), 1U);
}

TEST(UsualPlaces, AreThoseOfADeviceAndOfDebian) {
  EXPECT_THAT(usual_places(), ElementsAre("/data/apps/dbus-bms/config.ini", "/etc/dbus-bms/config.ini"));
}

TEST(UsualPlaces, BeginWithTheOneThatSystemdHandsOver) {
  setenv("CONFIGURATION_DIRECTORY", "/etc/one:/etc/two", 1);
  EXPECT_EQ(usual_places().front(), "/etc/one/config.ini");
  EXPECT_EQ(usual_places().size(), 3U);
  setenv("CONFIGURATION_DIRECTORY", "", 1);
  EXPECT_EQ(usual_places().size(), 2U);
  unsetenv("CONFIGURATION_DIRECTORY");
}

}  // namespace
}  // namespace bms::config
