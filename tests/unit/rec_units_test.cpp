// Sensors, and several units behind one address.
#include <gtest/gtest.h>

#include "rec_fixture.hpp"

namespace bms::rec {
namespace {

using RecUnits = RecPoll;

TEST_F(RecUnits, WithoutSensorsTheHottestOneIsToldByLcd1) {
  unit.silent = {"PTEM"};
  const Reading reading = poll().value();
  EXPECT_TRUE(reading.temperatures_c.empty()) << "nobody knows which one it is";
  EXPECT_EQ(reading.highest_temperature_c, 21);
  EXPECT_TRUE(polls(5).temperatures_c.empty());
}

TEST_F(RecUnits, TheUnitThatHasAnErrorIsNamed) {
  EXPECT_EQ(poll()->alarm_unit, 0U);
  unit.error = {1, 3, 11, 0};
  EXPECT_EQ(poll()->alarm_unit, 3U);
  unit.error = {0, 3, 11, 0};
  EXPECT_EQ(poll()->alarm_unit, 0U);
}

TEST_F(RecUnits, SensorsThatAreNoLongerToldAreNotShownForLong) {
  polls(polls_to_know_everything);
  unit.silent = {"PTEM"};
  const Reading soon = polls(40);
  EXPECT_EQ(soon.temperatures_c[0], 20);
  EXPECT_EQ(soon.temperatures_c[1], 21);
  const Reading later = polls(40);
  ASSERT_EQ(later.temperatures_c.size(), 2U);
  EXPECT_EQ(later.temperatures_c[0], std::nullopt) << "and not the hottest one";
  EXPECT_EQ(later.temperatures_c[1], std::nullopt);
  EXPECT_EQ(later.highest_temperature_c, 21);
}

TEST_F(RecUnits, ASensorThatWasJustSwitchedOnOrIsLostIsNotBelieved) {
  polls(polls_to_know_everything);
  unit.temperatures = {{85, 21}};
  EXPECT_EQ(polls(10).temperatures_c[0], 20) << "85 °C once is nothing";
  EXPECT_EQ(polls(10).temperatures_c[0], 85) << "twice it is hot";
  unit.temperatures = {{-127, 21}};
  unit.hottest_c = -127;
  EXPECT_EQ(polls(10).temperatures_c[0], std::nullopt);
}

TEST_F(RecUnits, AnAbmsHasOneSensorUnlessTheUserSaysMore) {
  unit.temperatures = {{22.5, 3.31, 3.32, 3.3}};
  use(2);
  EXPECT_EQ(poll()->temperatures_c.size(), 1U);
  use(2, 2);
  EXPECT_EQ(poll()->temperatures_c.size(), 2U);
  unit.cells = {{3.3, 3.3, 3.3, 3.3, 3.3}};
  use(1);
  EXPECT_EQ(poll()->temperatures_c.size(), 4U) << "five cells: no ABMS";
}

TEST_F(RecUnits, AnAbmsTellsWhichCellItBalances) {
  unit.texts["*IDN"] = "ACTIVE";
  unit.texts["WCBI"] = "3";
  unit.texts["STRN"] = "1";
  unit.texts.erase("SISN");
  use(2);
  const auto identify = protocol->identify();
  wire.run(*identify);
  const Reading reading = polls(polls_to_know_everything);
  EXPECT_EQ(reading.balancing->to_ulong(), 4U);
  EXPECT_DOUBLE_EQ(reading.max_charge_current_a.value(), 70);
  unit.texts["WCBI"] = "0";
  EXPECT_EQ(polls(10).balancing->to_ulong(), 0U);
  EXPECT_FALSE(asked("SISN?"));
}

TEST_F(RecUnits, SeveralUnitsAreOneBatteryOfModules) {
  unit.cells = {{3.31, 3.32, 3.33, 3.3}, {3.29, 3.28, 3.27, 3.26}};
  unit.temperatures = {{20}, {22}};
  use(16);
  const Reading reading = poll().value();
  EXPECT_EQ(reading.modules, 2U);
  EXPECT_EQ(reading.cells_v.size(), 8U);
  EXPECT_EQ(reading.cells_v[4], 3.29);
  EXPECT_EQ(reading.temperatures_c.size(), 2U);
  EXPECT_DOUBLE_EQ(reading.max_charge_voltage_v.value(), 8 * 3.58);
}

TEST_F(RecUnits, ALostFrameOfASecondUnitIsNoOtherLayout) {
  const std::vector<double> sixteen(16, 3.3);
  unit.cells = {sixteen, sixteen};
  use(16);
  EXPECT_EQ(poll()->cells_v.size(), 32U);
  Query<Reading>& query = protocol->poll();
  (void)query.receive(unit.block("28", unit.lcd1()));
  EXPECT_FALSE(query.receive(concat(says(16, "2"), frame(0, 16, floats(sixteen)))).answered);
  const Error why = query.timed_out();
  EXPECT_EQ(why.kind, ErrorKind::truncated);
  query.give_up(why);
  EXPECT_FALSE(query.result());
}

TEST_F(RecUnits, UnitsThatShareAFrameAreBelievedWhenEveryAttemptShowsThem) {
  const std::vector<double> eight(8, 3.3);
  unit.cells = {eight, eight};
  unit.temperatures = {{20, 20, 20, 20, 20}, {21, 21, 21, 21, 21}};
  unit.one_frame = true;
  use(16);
  const Reading reading = poll().value();
  EXPECT_EQ(reading.modules, 2U);
  EXPECT_EQ(reading.cells_v.size(), 16U);
  EXPECT_EQ(reading.temperatures_c.size(), 10U);
  EXPECT_EQ(wire.attempts.at(1), 3);
  ASSERT_TRUE(poll());
  EXPECT_EQ(wire.attempts.at(1), 1) << "known now";
}

TEST_F(RecUnits, AnotherLayoutIsRefusedUntilItLasts) {
  ASSERT_TRUE(poll());
  unit.cells = {{3.3, 3.3, 3.3, 3.3, 3.3}};
  for (int i = 0; i < 10; ++i) EXPECT_EQ(poll().error().kind, ErrorKind::length) << i;
  EXPECT_EQ(poll()->cells_v.size(), 5U);
}

TEST_F(RecUnits, MoreCellsThanCanBeShownAreUnsupported) {
  unit.cells.assign(5, std::vector<double>(16, 3.3));
  unit.temperatures.assign(5, {20});
  use(16);
  const auto result = poll();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::unsupported);
  EXPECT_NE(result.error().message.find("80 cells in 5 units"), std::string::npos);
  unit.cells.assign(4, std::vector<double>(16, 3.3));
  use(16);
  EXPECT_EQ(poll()->cells_v.size(), 64U);
}

}  // namespace
}  // namespace bms::rec
