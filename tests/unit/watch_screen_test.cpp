// The live view as golden pictures: what people see is what is compared.
#include "cli/watch/screen.hpp"

#include <gmock/gmock.h>

#include <string_view>

#include "cli/watch/alarms.hpp"
#include "cli/watch/cells.hpp"
#include "cli/watch/format.hpp"
#include "cli/watch/terminal.hpp"
#include "cli/watch/text.hpp"

namespace bms::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* service = "com.victronenergy.battery.ttyUSB0";

WatchModel battery() {
  WatchModel model;
  model.set("/ProductName", std::string("JBD battery (ttyUSB0)"));
  model.set("/Mgmt/Connection", std::string("/dev/ttyUSB0"));
  model.set("/DeviceInstance", std::int64_t{1});
  model.set("/Connected", std::int64_t{1});
  model.set("/State", std::int64_t{9});
  model.set("/Soc", 74.2);
  model.set("/Dc/0/Voltage", 13.31);
  model.set("/Dc/0/Current", -8.25);
  model.set("/Dc/0/Power", -110.0);
  model.set("/Dc/0/Temperature", 21.3);
  model.set("/Capacity", 74.2);
  model.set("/InstalledCapacity", 100.0);
  model.set("/TimeToGo", std::int64_t{31140});
  model.set("/Info/MaxChargeVoltage", 13.8);
  model.set("/Info/MaxChargeCurrent", 0.0);
  model.set("/Info/MaxDischargeCurrent", 60.0);
  model.set("/Info/ChargeLimitation", std::string("high cell voltage"));
  model.set("/Info/DischargeLimitation", std::string("configured maximum"));
  model.set("/Io/AllowToCharge", std::int64_t{0});
  model.set("/Io/AllowToDischarge", std::int64_t{1});
  model.set("/Alarms/HighCellVoltage", std::int64_t{2});
  model.set("/Alarms/LowCellVoltage", std::int64_t{0});
  model.set("/Alarms/CellImbalance", std::int64_t{1});
  model.set("/Alarms/BmsCable", std::int64_t{0});
  const double cells[] = {3.327, 3.318, 3.342, 3.324};
  for (int n = 1; n <= 4; ++n) {
    model.set("/Voltages/Cell" + std::to_string(n), cells[n - 1]);
    model.set("/Balances/Cell" + std::to_string(n), std::int64_t{n == 3 ? 1 : 0});
  }
  return model;
}

std::string drawn(const WatchModel& model, ScreenOptions options = {}, Presence presence = Presence::here) {
  std::string text;
  for (const std::string& line : watch_screen(model, service, presence, options)) text += line + "\n";
  return text;
}

TEST(WatchScreen, WholeViewAt80Columns) {
  EXPECT_EQ(drawn(battery()), R"( JBD battery (ttyUSB0)                                                  running
 com.victronenergy.battery.ttyUSB0  /dev/ttyUSB0  instance 1

 SoC         █████████████████████████████████████████▌░░░░░░░░░░░░░░   74.2 %
 Voltage     13.31 V                     Current     -8.25 A  discharging
 Power       -110 W                      Temperature 21.3 °C
 Capacity    74.2 of 100.0 Ah            Time to go  8 h 39 min

 Charge      FORBIDDEN  CCL 0.0 A     CVL 13.80 V   high cell voltage
 Discharge   allowed    DCL 60.0 A    configured maximum
 Alarms      ALARM: High cell voltage   warning: Cell imbalance

 Cells 4     lowest 3.318 V (2)  highest 3.342 V (3)  spread 24 mV  sum 13.311 V
  1 ██████████████████████████████████████████████▎░░░░░░░░░░░░░ 3.327
  2 ████████████████████████████████████████▊░░░░░░░░░░░░░░░░░░░ 3.318 min
  3 ███████████████████████████████████████████████████████▎░░░░ 3.342 max*
  4 ████████████████████████████████████████████▍░░░░░░░░░░░░░░░ 3.324
 bars from 3.25 to 3.35 V   * balancing
)");
}

TEST(WatchScreen, WholeViewInNarrowAscii) {
  EXPECT_EQ(drawn(battery(), {.columns = 44, .utf8 = false}), R"( JBD battery (ttyUSB0)              running
 com.victronenergy.battery.ttyUSB0
 /dev/ttyUSB0  instance 1

 SoC         ###############.....   74.2 %
 Voltage     13.31 V
 Current     -8.25 A  discharging
 Power       -110 W
 Temperature 21.3 C
 Capacity    74.2 of 100.0 Ah
 Time to go  8 h 39 min

 Charge      FORBIDDEN  CCL 0.0 A
             CVL 13.80 V   high cell voltage
 Discharge   allowed    DCL 60.0 A
             configured maximum
 Alarms      ALARM: High cell voltage
             warning: Cell imbalance

 Cells 4     lowest 3.318 V (2)
             highest 3.342 V (3)
             spread 24 mV  sum 13.311 V
  1 ######################....... 3.327
  2 ####################......... 3.318 min
  3 ###########################.. 3.342 max*
  4 ######################....... 3.324
 bars from 3.25 to 3.35 V   * balancing
)");
}

TEST(WatchScreen, UnknownIsNeverANumber) {
  WatchModel model = battery();
  for (const auto& [path, value] : model.below("/")) model.set("/" + path, BusValue{});
  EXPECT_EQ(drawn(model), R"( com.victronenergy.battery.ttyUSB0                                           --
 com.victronenergy.battery.ttyUSB0  --  instance --

 SoC         ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░       --
 Voltage     --                          Current     --
 Power       --                          Temperature --
 Capacity    --                          Time to go  --

 Charge      --         CCL --        CVL --
 Discharge   --         DCL --
 Alarms      --

 Cells 4     lowest --  highest --  spread --  sum --
  1 ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░    --
  2 ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░    --
  3 ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░    --
  4 ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░    --
)");
}

TEST(WatchScreen, AServiceThatLeft) {
  EXPECT_EQ(drawn({}, {}, Presence::gone), R"( com.victronenergy.battery.ttyUSB0

  gone, waiting for it to come back
)");
}

TEST(WatchScreen, ALostBmsIsSaidOnTop) {
  WatchModel model = battery();
  model.set("/Alarms/BmsCable", std::int64_t{2});
  EXPECT_EQ(watch_screen(model, service, Presence::here, {})[3], "  BMS LOST: no answer from it");
  model.set("/Alarms/BmsCable", std::int64_t{1});
  EXPECT_EQ(watch_screen(model, service, Presence::here, {})[3], "  WARNING: no answer from the BMS");
}

TEST(WatchScreen, ALineWithoutACableSaysHowItHolds) {
  WatchModel model = battery();
  EXPECT_THAT(drawn(model), Not(HasSubstr("Bluetooth")));
  model.set("/Info/Link/State", std::string("connected"));
  model.set("/Info/Link/LossesPerDay", std::int64_t{1});
  model.set("/Info/Link/LongestGap", 4.0);
  EXPECT_THAT(drawn(model), HasSubstr(" Bluetooth   connected   1 loss in a day   longest gap 4 s\n"));
  model.set("/Info/Link/LossesPerDay", std::int64_t{1400});
  model.set("/Info/Link/State", std::string("it is not heard: out of range, switched off, or in use by a phone"));
  model.set("/Info/Link/Trouble", std::string("connections end after a minute, again and again"));
  EXPECT_THAT(drawn(model, {.columns = 60}),
              HasSubstr(" Bluetooth   not connected   1400 losses in a day\n"
                        "             longest gap 4 s\n"
                        "             it is not heard: out of range, switched off, or\n"
                        "             in use by a phone\n"
                        "             connections end after a minute, again and again\n"));
}

TEST(WatchScreen, ABankShowsItsPacks) {
  WatchModel model = battery();
  model.set("/Battery/1/Name", std::string("House 1"));
  model.set("/Battery/1/Standing", std::string("in use"));
  model.set("/Battery/1/Voltage", 53.12);
  model.set("/Battery/1/Current", -12.5);
  model.set("/Battery/1/Soc", 71.0);
  model.set("/Battery/1/ChargeLimit", 50.0);
  model.set("/Battery/1/DischargeLimit", 60.0);
  model.set("/Battery/2/Name", std::string("House 2"));
  model.set("/Battery/2/Standing", std::string("silent"));
  EXPECT_THAT(drawn(model, {.columns = 100}),
              HasSubstr(" Pack 1      House 1  in use  53.12 V  -12.5 A  71.0 %  may 50 A / 60 A\n"
                        " Pack 2      House 2  silent  --  --  --  may -- / --\n"));
}

TEST(WatchScreen, ABatteryThatIsLeftToAPhoneIsNoLostOne) {
  WatchModel model = battery();
  model.set("/Alarms/BmsCable", std::int64_t{1});
  model.set("/Settings/Bluetooth/Release", 10.0);
  EXPECT_EQ(watch_screen(model, service, Presence::here, {})[3], "  LEFT TO A PHONE for up to 10 min");
  model.set("/Settings/Bluetooth/Release", 0.0);
  EXPECT_EQ(watch_screen(model, service, Presence::here, {})[3], "  WARNING: no answer from the BMS");
}

TEST(WatchScreen, AServiceWithoutCellsShowsTheExtremesItTells) {
  WatchModel model;
  model.set("/System/MinCellVoltage", 3.301);
  model.set("/System/MinVoltageCellId", std::string("C3"));
  model.set("/System/MaxCellVoltage", 3.35);
  EXPECT_THAT(drawn(model), HasSubstr(" Cells       lowest 3.301 V (C3)  highest 3.350 V\n"));
}

TEST(WatchScreen, AlarmsNoneAndUnknownDiffer) {
  WatchModel model;
  EXPECT_THAT(drawn(model), HasSubstr(" Alarms      --\n"));
  model.set("/Alarms/LowVoltage", std::int64_t{0});
  EXPECT_THAT(drawn(model), HasSubstr(" Alarms      none\n"));
}

TEST(WatchScreen, AlarmsAreShownWithTheirCauses) {
  WatchModel model = battery();
  model.set("/Info/Alarms", std::string("High cell voltage (cell 3, 3.64 V); Cell imbalance"));
  EXPECT_THAT(drawn(model), HasSubstr(R"(
 Alarms      ALARM: High cell voltage (cell 3, 3.64 V)   warning: Cell imbalance
)"));
}

TEST(WatchScreen, FindsTheCauseOfAnAlarm) {
  constexpr const char* alarms =
      "Low cell voltage (a: b); Low SoC; High cell voltage (cell 4, 3.58 V); Temperature sensor (c)";
  EXPECT_EQ(cause_of("LowCellVoltage", alarms), "a: b");
  EXPECT_EQ(cause_of("HighCellVoltage", alarms), "cell 4, 3.58 V");
  EXPECT_EQ(cause_of("BatteryTemperatureSensor", alarms), "c");
  for (const char* without : {"LowSoc", "CellVoltage", "High", "", "x"}) EXPECT_EQ(cause_of(without, alarms), "");
  for (const char* odd : {"", ";", "; ", "; ; ", "Low SoC (", "Low SoC ()", "Low SoC", "Low SoC)"})
    EXPECT_EQ(cause_of("LowSoc", odd), "");
}

TEST(WatchScreen, FindsTheCauseOfAnAlarmOfTheFirstVersion) {
  constexpr const char* alarms = "LowCellVoltage: a: b; LowSoc; HighCellVoltage: cell 4 at 3.585 V; LowSocX: c";
  EXPECT_EQ(cause_of("LowCellVoltage", alarms), "a: b");
  EXPECT_EQ(cause_of("HighCellVoltage", alarms), "cell 4 at 3.585 V");
  EXPECT_EQ(cause_of("LowSocX", alarms), "c");
  for (const char* without : {"LowSoc", "CellVoltage", "High", "", "x"}) EXPECT_EQ(cause_of(without, alarms), "");
  for (const char* odd : {"", ";", "; ", "; ; ", "LowSoc:", "LowSoc"}) EXPECT_EQ(cause_of("LowSoc", odd), "");
}

TEST(WatchScreen, AFaultyConfigurationIsNamed) {
  WatchModel model;
  model.set("/ErrorCode", std::int64_t{119});
  EXPECT_THAT(drawn(model), HasSubstr(" Alarms      error code 119\n"));
  model.set("/Info/ConfigurationFault", std::string("config.ini:3: no option maxx"));
  EXPECT_THAT(drawn(model), HasSubstr(" Alarms      configuration: config.ini:3: no option maxx\n"));
  model.set("/ErrorCode", std::int64_t{7});
  EXPECT_THAT(drawn(model), HasSubstr(" Alarms      error code 7\n"));
}

TEST(WatchScreen, ShowsTheModeAboveTheLimitsAndTheAverage) {
  WatchModel model = battery();
  model.set("/Info/ChargeMode", std::string("Absorption, 12 min to go"));
  model.set("/CurrentAvg", -7.5);
  EXPECT_THAT(drawn(model), HasSubstr(" Average     -7.50 A\n\n Charge mode Absorption, 12 min to go\n Charge      "));
  model.set("/CurrentAvg", BusValue{});
  EXPECT_THAT(drawn(model), HasSubstr(" Average     --\n"));
}

TEST(WatchScreen, ShowsWhatTheOwnerChanged) {
  WatchModel model = battery();
  const auto setting = [&model](const char* path, BusValue value, BusValue configured) {
    model.set(path, std::move(value));
    model.set_initial(path, std::move(configured));
  };
  setting("/Settings/MaxChargeCurrent", 50.0, 50.0);
  setting("/Settings/MaxDischargeCurrent", 50.0, BusValue{});
  setting("/Settings/FloatCellVoltage", BusValue{}, 3.375);
  setting("/Settings/Unheard", 1.0, 2.0);
  EXPECT_THAT(drawn(model), Not(HasSubstr("Settings")));
  setting("/Settings/MaxChargeCurrent", 20.0, 50.0);
  setting("/Settings/SocSource", std::int64_t{1}, std::int64_t{0});
  EXPECT_THAT(drawn(model), HasSubstr(R"(
 Settings    charge current 20.0 A (configured 50.0 A)
             SoC source own (configured BMS)
)"));
  setting("/Settings/SocSource", std::int64_t{7}, -1e300);
  EXPECT_THAT(drawn(model), HasSubstr("SoC source 7 (configured -1e+300)\n"));
}

TEST(WatchScreen, NothingFromTheBusSteersTheTerminal) {
  const std::string attack =
      "x\x1b[2J\x9b"
      "31m\n\r\x07\u202E";
  WatchModel model = battery();
  for (const char* path : {"/ProductName", "/CustomName", "/Serial", "/Mgmt/Connection", "/Info/ChargeLimitation",
                           "/Info/DischargeLimitation", "/Info/ChargeMode", "/Info/ConfigurationFault"})
    model.set(path, attack);
  model.set("/ErrorCode", std::int64_t{119});
  model.set("/Info/Alarms", "High cell voltage (" + attack + ")");
  model.set("/Alarms/" + attack, std::int64_t{1});
  for (const bool utf8 : {false, true}) {
    for (const std::string& line : watch_screen(model, service + attack, Presence::here, {.utf8 = utf8}))
      EXPECT_EQ(clean(line, utf8), line);
  }
}

TEST(WatchScreen, NoLineIsWiderThanTheTerminal) {
  for (const std::size_t cells : {0U, 1U, 8U, 16U, 24U, 32U, 64U}) {
    WatchModel model = battery();
    model.set("/CustomName", std::string(300, 'n'));
    model.set("/Info/ChargeMode", std::string(300, 'm'));
    for (std::size_t n = 1; n <= cells; ++n) model.set("/Voltages/Cell" + std::to_string(n), 3.3);
    for (std::size_t columns = 1; columns <= 200; ++columns) {
      for (const std::string& line : watch_screen(model, service, Presence::here, {.columns = columns}))
        ASSERT_LE(width_of(line), columns) << line;
    }
  }
}

TEST(WatchScreen, ThirtyTwoCellsFitAnOrdinaryTerminal) {
  WatchModel model = battery();
  for (int n = 1; n <= 32; ++n) model.set("/Voltages/Cell" + std::to_string(n), 3.3 + 0.001 * n);
  EXPECT_LE(watch_screen(model, service, Presence::here, {}).size(), 26U);
}

TEST(WatchScreen, ColoursOnlyWhenAskedFor) {
  EXPECT_THAT(drawn(battery()), Not(HasSubstr("\x1b")));
  EXPECT_THAT(drawn(battery(), {.colours = true}), HasSubstr("\x1b[1;31mFORBIDDEN\x1b[0m"));
}

struct Scale {
  const char* name;
  std::vector<double> cells;
  double low_v, high_v;
};

class BarScales : public testing::TestWithParam<Scale> {};

TEST_P(BarScales, HoldAllCellsThatCanBeTrue) {
  std::vector<WatchedCell> cells;
  for (const double voltage : GetParam().cells) cells.push_back({.number = 1, .voltage_v = voltage});
  const auto scale = bar_scale(cells);
  ASSERT_TRUE(scale);
  EXPECT_DOUBLE_EQ(scale->low_v, GetParam().low_v);
  EXPECT_DOUBLE_EQ(scale->high_v, GetParam().high_v);
}

INSTANTIATE_TEST_SUITE_P(Cells, BarScales,
                         testing::Values(Scale{"alike", {3.33, 3.33}, 3.25, 3.35},
                                         Scale{"close", {3.32, 3.36}, 3.30, 3.40},
                                         Scale{"far", {2.81, 3.62}, 2.80, 3.65},
                                         Scale{"broken_wire", {0.0, 3.33, 5.0}, 3.25, 3.35}),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(BarScale, NothingKnown) { EXPECT_FALSE(bar_scale(std::vector<WatchedCell>{{.number = 1, .voltage_v = {}}})); }

TEST(Bar, IsFilledToItsShareAndClipped) {
  const auto printed = [](double share, bool utf8) { return bar(share, 4, Style::plain, utf8).print(80, false); };
  EXPECT_EQ(printed(0.5, true), "██░░");
  EXPECT_EQ(printed(0.59375, true), "██▍░");
  EXPECT_EQ(printed(-1, true), "░░░░");
  EXPECT_EQ(printed(7, true), "████");
  EXPECT_EQ(printed(0.5, false), "##..");
}

TEST(Format, NumbersAsPeopleReadThem) {
  EXPECT_EQ(quantity(53.118, 2, "V"), "53.12 V");
  EXPECT_EQ(quantity(std::nullopt, 2, "V"), "--");
  EXPECT_EQ(quantity(-0.001, 1, "A"), "0.0 A");
  EXPECT_EQ(quantity(1e300, 2, "V"), "1.00e+300 V");
  EXPECT_EQ(signed_quantity(3.0, 1, "A"), "+3.0 A");
}

TEST(Format, Spans) {
  EXPECT_EQ(span_text(45), "45 s");
  EXPECT_EQ(span_text(719), "11 min");
  EXPECT_EQ(span_text(11100), "3 h 05 min");
  EXPECT_EQ(span_text(187200), "2 d 4 h");
  for (const double never : {-1.0, 864000.0}) EXPECT_EQ(span_text(never), "--");
}

TEST(Format, Words) {
  EXPECT_EQ(state_text(9), "running");
  EXPECT_EQ(state_text(252), "state 252");
  EXPECT_EQ(state_text(-1), "state -1");
  EXPECT_EQ(alarm_text("HighChargeTemperature"), "High charge temperature");
  EXPECT_EQ(alarm_text("BmsCable"), "BMS cable");
}

TEST(Locale, TheFirstSettingThatIsNotEmptyDecides) {
  EXPECT_TRUE(speaks_utf8("", "", "en_US.UTF-8"));
  EXPECT_TRUE(speaks_utf8("", "C.utf8", "C"));
  EXPECT_FALSE(speaks_utf8("C", "", "en_US.UTF-8"));
  EXPECT_FALSE(speaks_utf8("", "", ""));
}

}  // namespace
}  // namespace bms::cli
