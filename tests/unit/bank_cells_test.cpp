// What the cell monitors of packs say, as one of their bank.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bank/cell_monitors.hpp"
#include "battery/cell_event_text.hpp"
#include "driver/bank_paths.hpp"

namespace bms::bank {
namespace {

using battery::CellAlert;
using battery::CellAlertKind;
using battery::CellAlertLevel;

struct CellText {
  std::string text;
  std::optional<JudgedCell> cell;
};

TEST(BankCells, TakeOnlyCellsThatCanBe) {
  const std::vector<CellText> texts{
      {"C7 23 mV", JudgedCell{.cell = 7, .weakness_mv = 23}},
      {"C64 -4 mV", JudgedCell{.cell = 64, .weakness_mv = -4}},
      {"C1 0 mV", JudgedCell{.cell = 1}},
      {"U2C7 23 mV", JudgedCell{.unit = 2, .cell = 7, .weakness_mv = 23}},
      {"", {}},
      {"C", {}},
      {"C7", {}},
      {"C7 ", {}},
      {"C7 23", {}},
      {"C7 23 mV ", {}},
      {" C7 23 mV", {}},
      {"C7  23 mV", {}},
      {"C0 23 mV", {}},
      {"C-7 23 mV", {}},
      {"C65 23 mV", {}},
      {"c7 23 mV", {}},
      {"U0C7 23 mV", {}},
      {"UC7 23 mV", {}},
      {"U2 23 mV", {}},
      {"B2C7 23 mV", {}},
      {"C7 2.3 mV", {}},
      {"C7 +23 mV", {}},
      {"C7 nan mV", {}},
      {"C7 10001 mV", {}},
      {"C7 99999999999999999999 mV", {}},
      {"C99999999999999999999 23 mV", {}},
      {"C7 23 V", {}},
      {std::string("C7 23 mV\0", 9), {}},
      {std::string(10'000, 'C'), {}},
      {"C" + std::string(10'000, '7') + " 23 mV", {}},
  };
  for (const CellText& row : texts) EXPECT_EQ(judged_cell(row.text), row.cell) << row.text.substr(0, 40);
}

TEST(BankCells, TakeOnlyEventsThatCanBe) {
  const CellAlert low{.kind = CellAlertKind::low_cell,
                      .level = CellAlertLevel::warning,
                      .cell = 4,
                      .peak_mv = 2871,
                      .begun_unix_s = 1764430000};
  EXPECT_EQ(battery::event_from_numbers("1:1:4:2871:1:0:1764430000"), low);
  EXPECT_EQ(battery::event_from_numbers(battery::event_in_numbers(low)), low);
  const CellAlert unknown{.lasts = false, .acknowledged = true};
  EXPECT_EQ(battery::event_from_numbers("0:0:0:0:0:1:0"), unknown);
  for (const std::string& text : {std::string(),
                                  std::string(":"),
                                  std::string("1:1:4:2871:1:0"),
                                  std::string("1:1:4:2871:1:0:"),
                                  std::string("1:1:4:2871:1:0:1:2"),
                                  std::string("1:1:4:2871:1:0:1764430000 "),
                                  std::string("3:1:4:2871:1:0:1"),
                                  std::string("1:3:4:2871:1:0:1"),
                                  std::string("1:1:65:2871:1:0:1"),
                                  std::string("1:1:4:65536:1:0:1"),
                                  std::string("1:1:4:2871:2:0:1"),
                                  std::string("1:1:4:2871:1:2:1"),
                                  std::string("1:1:-4:2871:1:0:1"),
                                  std::string("1:1:4:2871:1:0:-1"),
                                  std::string("1:1:4:2871:1:0:100000000001"),
                                  std::string("1:1:4:2871:1:0:99999999999999999999999"),
                                  std::string("1:1:4:2871:1:0:1e9"),
                                  std::string("words"),
                                  std::string(10'000, '1'),
                                  std::string(10'000, ':')}) {
    EXPECT_FALSE(battery::event_from_numbers(text)) << text.substr(0, 40);
  }
}

TEST(BankCells, TakeOnlyNumbersThatCanBe) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const double absurd : {nan, infinity, -infinity, -1.0, 1e300, -1e300}) {
    const MonitorTold told{.cells = absurd,
                           .lowest_v = absurd,
                           .highest_v = absurd,
                           .mean_v = absurd,
                           .widest_v = absurd,
                           .alerts = absurd};
    EXPECT_EQ(understood(told), PackMonitor{}) << absurd;
  }
  EXPECT_FALSE(understood({.lowest_v = 0}).lowest_v) << "no cell is at 0 V for two days";
  EXPECT_EQ(understood({.widest_v = 0}).widest_v, 0) << "but cells may be alike";
  EXPECT_EQ(understood({.alerts = 50}).alerts, 50);
  EXPECT_EQ(understood({.alerts = 51}).alerts, 0) << "no pack keeps so many";
}

PackMonitor pack(double lowest_v, double highest_v, double mean_v, double widest_v, std::size_t cells = 16) {
  return {.cells = cells, .lowest_v = lowest_v, .highest_v = highest_v, .mean_v = mean_v, .widest_v = widest_v};
}

TEST(BankCells, ExtremesAreThoseOfAnyPackAndTheMeanCountsCells) {
  const std::array packs{pack(3.20, 3.45, 3.30, 0.040, 16), PackMonitor{}, pack(3.15, 3.40, 3.36, 0.030, 8)};
  const CellSummary all = together(packs);
  EXPECT_EQ(all.lowest_v, 3.15);
  EXPECT_EQ(all.highest_v, 3.45);
  EXPECT_EQ(all.widest_v, 0.040) << "of one pack, and not from one to the other";
  ASSERT_TRUE(all.mean_v);
  EXPECT_NEAR(*all.mean_v, (16 * 3.30 + 8 * 3.36) / 24, 1e-9);
  EXPECT_TRUE(all.trend.empty());
}

TEST(BankCells, AMeanOfUnknownCellsIsNotPartOfIt) {
  const std::array packs{pack(3.20, 3.45, 3.30, 0.040, 0), pack(3.25, 3.40, 3.36, 0.030)};
  EXPECT_EQ(together(packs).mean_v, 3.36);
  EXPECT_EQ(together(packs).lowest_v, 3.20);
}

TEST(BankCells, NothingIsKnownWhereNoPackSaysAnything) {
  for (const auto& packs : {std::vector<PackMonitor>(), std::vector<PackMonitor>(3)}) {
    const CellSummary all = together(packs);
    EXPECT_FALSE(all.lowest_v || all.highest_v || all.mean_v || all.widest_v);
    EXPECT_TRUE(all.weakest.empty() && all.strongest.empty());
    EXPECT_TRUE(all.latest_alert.empty() && all.latest_alert_code.empty());
    EXPECT_EQ(all.alerts, 0);
  }
}

TEST(BankCells, TheWeakestOfAllHasTheNumberOfItsPack) {
  std::array<PackMonitor, 4> packs{};
  packs[0].weakest = JudgedCell{.cell = 2, .weakness_mv = 12};
  packs[0].strongest = JudgedCell{.cell = 3, .weakness_mv = -5};
  packs[1].weakest = JudgedCell{.cell = 7, .weakness_mv = 23};
  packs[1].strongest = JudgedCell{.cell = 1, .weakness_mv = -4};
  packs[3].weakest = JudgedCell{.cell = 9, .weakness_mv = 23};
  packs[3].strongest = JudgedCell{.unit = 2, .cell = 5, .weakness_mv = -9};
  const CellSummary all = together(packs);
  EXPECT_EQ(all.weakest, "B2C7 23 mV") << "of two alike the first one";
  EXPECT_EQ(all.strongest, "B4U2C5 -9 mV");
}

struct EventCase {
  std::vector<std::string> codes;  ///< of each pack
  std::string words, code;
};

TEST(BankCells, TheNewestEventIsTheOneThatBeganLast) {
  const std::vector<EventCase> cases{
      {{"1:1:4:2871:0:0:1764430000", "2:2:7:3700:1:0:1764430001"},
       "alarm: B2C7 too high, 3.700 V",
       "2:2:7:3700:1:0:1764430001:2"},
      {{"1:1:4:2871:0:0:1764430001", "2:2:7:3700:1:0:1764430000"},
       "warning: B1C4 too low, 2.871 V",
       "1:1:4:2871:0:0:1764430001:1"},
      {{"1:1:4:2871:0:0:0", "2:2:7:3700:1:0:0"}, "alarm: B2C7 too high, 3.700 V", "2:2:7:3700:1:0:0:2"},
      {{"1:1:4:2871:1:0:0", "2:2:7:3700:0:0:5"}, "alarm: B2C7 too high, 3.700 V", "2:2:7:3700:0:0:5:2"},
      {{"nonsense", "0:0:0:75:1:0:9"}, "info: cells apart 75 mV, B2", "0:0:0:75:1:0:9:2"},
      {{"", "", "0:1:3:120:1:0:9"}, "warning: cells apart 120 mV, B3C3", "0:1:3:120:1:0:9:3"},
      {{"1:2:0:0:1:0:9"}, "alarm: a cell too low, B1", "1:2:0:0:1:0:9:1"},
      {{"", ""}, "", ""},
  };
  for (const EventCase& each : cases) {
    std::vector<PackMonitor> packs;
    packs.reserve(each.codes.size());
    for (const std::string& code : each.codes) packs.push_back(understood({.alerts = 2, .latest_code = code}));
    const CellSummary all = together(packs);
    EXPECT_EQ(all.latest_alert, std::string_view(each.words));
    EXPECT_EQ(all.latest_alert_code, std::string_view(each.code));
    EXPECT_EQ(all.alerts, 2 * static_cast<int>(packs.size())) << "all of them, whichever is the newest";
  }
}

TEST(BankCells, AreReadFromPacksOfOursAlone) {
  const std::map<std::string, double, std::less<>> values{
      {"/System/NrOfCellsPerBattery", 16},         {"/CellMonitor/Statistics/MinVoltage", 3.1},
      {"/CellMonitor/Statistics/MaxVoltage", 3.5}, {"/CellMonitor/Statistics/AvgVoltage", 3.3},
      {"/CellMonitor/Statistics/MaxSpread", 0.08}, {"/CellMonitor/Alerts/Count", 3}};
  const std::map<std::string, std::string, std::less<>> words{{"/CellMonitor/WeakestCell", "C7 23 mV"},
                                                              {"/CellMonitor/StrongestCell", "C2 -8 mV"},
                                                              {"/CellMonitor/Alerts/LatestCode", "0:0:0:75:1:0:9"}};
  const auto paths = driver::pack_paths(true);
  const PackMonitor monitor = driver::monitor_of(
      [&](std::size_t path) {
        const auto found = values.find(paths[path]);
        return found == values.end() ? std::nullopt : std::optional(found->second);
      },
      [&](std::size_t path) {
        const auto found = words.find(paths[path]);
        return found == words.end() ? std::string_view() : std::string_view(found->second);
      });
  PackMonitor expected = pack(3.1, 3.5, 3.3, 0.08);
  expected.weakest = JudgedCell{.cell = 7, .weakness_mv = 23};
  expected.strongest = JudgedCell{.cell = 2, .weakness_mv = -8};
  expected.alerts = 3;
  expected.latest = battery::event_from_numbers("0:0:0:75:1:0:9");
  EXPECT_EQ(monitor, expected);
  ASSERT_GT(driver::pack_paths(false).size(), 50);
  for (const std::string_view path : driver::pack_paths(false)) {
    EXPECT_FALSE(path.starts_with("/CellMonitor/")) << path << " of another driver changes without its BMS";
  }
}

}  // namespace
}  // namespace bms::bank
