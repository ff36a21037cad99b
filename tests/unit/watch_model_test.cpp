// What is kept of a service's words, and which service is meant.
#include "cli/watch/model.hpp"
#include "cli/watch/socket_watch.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace bms::cli {
namespace {

TEST(WatchModel, SaysWhetherSomethingChanged) {
  WatchModel model;
  EXPECT_TRUE(model.set("/Soc", 50.0));
  EXPECT_FALSE(model.set("/Soc", 50.0));
  EXPECT_TRUE(model.set("/Soc", BusValue{}));
  EXPECT_TRUE(model.has("/Soc"));
  EXPECT_TRUE(model.set("/Soc", std::nan("")));
  EXPECT_FALSE(model.set("/Soc", std::nan("")));
}

TEST(WatchModel, DoesNotGrowForEver) {
  WatchModel model;
  for (int i = 0; i < 100'000; ++i) model.set("/Path" + std::to_string(i), std::int64_t{1});
  EXPECT_TRUE(model.number("/Path9"));
  EXPECT_FALSE(model.number("/Path99999"));
}

TEST(WatchModel, NumbersAreFiniteNumbers) {
  WatchModel model;
  model.set("/a", std::int64_t{7});
  model.set("/b", 7.5);
  model.set("/c", std::string("7"));
  model.set("/d", std::nan(""));
  model.set("/e", std::numeric_limits<double>::infinity());
  model.set("/f", BusValue{});
  EXPECT_EQ(model.number("/a"), 7.0);
  EXPECT_EQ(model.number("/b"), 7.5);
  for (const char* path : {"/c", "/d", "/e", "/f", "/missing"}) EXPECT_EQ(model.number(path), std::nullopt) << path;
  EXPECT_EQ(model.integer("/a"), 7);
  EXPECT_EQ(model.integer("/b"), std::nullopt);
  model.set("/b", 1e300);
  EXPECT_EQ(model.integer("/b"), std::nullopt);
}

TEST(WatchModel, KeepsWhatWasBeforeAnybodyChangedIt) {
  WatchModel model;
  model.set("/a", 1.0);
  EXPECT_EQ(model.initial("/a"), std::nullopt);
  EXPECT_TRUE(model.set_initial("/a", 2.0));
  EXPECT_FALSE(model.set_initial("/a", 2.0));
  EXPECT_EQ(model.number("/a"), 1.0);
  EXPECT_EQ(model.initial("/a"), 2.0);
  model.clear();
  EXPECT_EQ(model.initial("/a"), std::nullopt);
}

struct CellWay {
  const char* name;
  std::string before, after;
};

class Cells : public testing::TestWithParam<CellWay> {};

TEST_P(Cells, AreFoundInOrderWithTheirGaps) {
  WatchModel model;
  for (const int n : {1, 2, 10}) model.set(GetParam().before + std::to_string(n) + GetParam().after, 3.3 + 0.001 * n);
  const auto cells = model.cells();
  ASSERT_EQ(cells.size(), 10U);
  EXPECT_EQ(cells[1].number, 2);
  EXPECT_DOUBLE_EQ(cells[1].voltage_v.value(), 3.302);
  EXPECT_EQ(cells[2].voltage_v, std::nullopt);
  EXPECT_DOUBLE_EQ(cells[9].voltage_v.value(), 3.31);
}

INSTANTIATE_TEST_SUITE_P(Ways, Cells,
                         testing::Values(CellWay{"voltages", "/Voltages/Cell", ""}, CellWay{"cell", "/Cell/", "/Volts"},
                                         CellWay{"pack", "/Battery/1/Cell/", "/Voltage"}),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(WatchModel, KnowsWhichCellsBalance) {
  WatchModel model;
  model.set("/Voltages/Cell1", 3.3);
  model.set("/Voltages/Cell2", 3.4);
  model.set("/Balances/Cell2", std::int64_t{1});
  EXPECT_FALSE(model.cells()[0].balancing);
  EXPECT_TRUE(model.cells()[1].balancing);
}

TEST(WatchModel, BelievesNoCellNumberThatCannotBe) {
  WatchModel model;
  for (const char* path : {"/Voltages/Cell0", "/Voltages/Cell-1", "/Voltages/Cell65", "/Voltages/Cell4000000000",
                           "/Voltages/Cell", "/Voltages/Cellar", "/Voltages/Cell1x", "/Cell//Volts"})
    model.set(path, 3.3);
  EXPECT_TRUE(model.cells().empty());
}

class Choosing : public testing::Test {
 protected:
  std::vector<std::string> names{"org.freedesktop.DBus", ":1.4", "com.victronenergy.battery.ttyUSB0",
                                 "com.victronenergy.battery.ttyUSB10", "com.victronenergy.solarcharger.ttyUSB2"};
};

TEST_F(Choosing, ByFullNameEndOrDevice) {
  for (const char* wanted : {"com.victronenergy.battery.ttyUSB0", "ttyUSB0", "/dev/ttyUSB0", "B0"})
    EXPECT_EQ(choose_service(names, wanted).name, "com.victronenergy.battery.ttyUSB0") << wanted;
}

TEST_F(Choosing, NobodyFits) {
  for (const char* wanted : {"ttyUSB7", "com.victronenergy.solarcharger.ttyUSB2"}) {
    EXPECT_EQ(choose_service(names, wanted).name, "");
    EXPECT_TRUE(choose_service(names, wanted).candidates.empty());
  }
}

TEST_F(Choosing, SeveralFit) {
  const std::vector<std::string> both{"com.victronenergy.battery.ttyUSB0", "com.victronenergy.battery.ttyUSB10"};
  EXPECT_EQ(choose_service(names, "").candidates, both);
  EXPECT_EQ(choose_service(names, "0").candidates, both);
}

TEST_F(Choosing, TheOnlyOneNeedsNoName) {
  names.erase(names.begin() + 3);
  EXPECT_EQ(choose_service(names, "").name, "com.victronenergy.battery.ttyUSB0");
}

TEST(WatchedDriver, IsTheOneThatIsNamedOrTheOnlyOne) {
  const std::vector<std::string> none, one{"ttyUSB0"}, two{"ttyUSB0", "ttyUSB1"};
  for (const char* wanted : {"ttyUSB0", "/dev/ttyUSB0", "com.victronenergy.battery.ttyUSB0"}) {
    EXPECT_EQ(choose_driver(two, wanted).port, "ttyUSB0") << wanted;
    EXPECT_EQ(choose_driver(two, wanted).battery, "") << wanted;
    EXPECT_EQ(choose_driver(none, wanted).port, "") << wanted;
  }
  EXPECT_EQ(choose_driver(one, "").port, "ttyUSB0");
  EXPECT_EQ(choose_driver(one, "ttyUSB9").port, "") << "that one may still come to the bus";
  EXPECT_EQ(choose_driver(two, "").port, "");
  EXPECT_EQ(choose_driver(two, "").candidates, two);
  EXPECT_EQ(choose_driver(two, "ttyUSB1_2").port, "ttyUSB1");
  EXPECT_EQ(choose_driver(two, "ttyUSB1_2").battery, "ttyUSB1_2");
}

TEST(WatchThroughDriver, SaysWhatRunsWhereNothingFits) {
  const WatchOptions options{.service = "no\nsuch", .run_directory = "/run/here"};
  const NothingFits other = nothing_fits("ttyUSB0 (jbd_1), ttyUSB1", options, "no socket");
  EXPECT_EQ(other.exit_code, ExitCode::not_found);
  EXPECT_EQ(other.words, "no battery is called 'nosuch'; there are ttyUSB0 (jbd_1), ttyUSB1");
  const NothingFits nobody = nothing_fits("", options, "no socket");
  EXPECT_EQ(nobody.exit_code, ExitCode::lost);
  EXPECT_EQ(nobody.words,
            "no bus: no socket\nno driver is running either (looked in /run/here); `dbus-bms run` is one");
}

}  // namespace
}  // namespace bms::cli
