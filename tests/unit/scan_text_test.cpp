// What a scan shows to people, to config.ini and to programs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "bluetooth/signal.hpp"

#include <nlohmann/json.hpp>
#include "bluetooth_frames.hpp"
#include "bms/utf8.hpp"
#include "cli/scan_text.hpp"
#include "config/config.hpp"

namespace bms::cli {
namespace {

using bluetooth::Advertisement;
using bluetooth::Nearby;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Advertisement jbd(const std::string& address = "A4:C1:37:00:00:01") {
  return {.address = address, .name = "Shed", .service_uuids = {"ff00"}, .rssi_dbm = -61};
}
Advertisement daly() {
  return {.address = "40:18:07:00:00:17", .name = "Boat", .service_uuids = {"fff0"}, .rssi_dbm = -85};
}
Advertisement jk() {
  return {.address = "20:25:03:00:00:4D", .name = "JK-B2", .service_uuids = {"ffe0"}, .rssi_dbm = -40};
}
Advertisement phone() { return {.address = "00:00:00:00:00:09", .name = "Pixel", .rssi_dbm = -30}; }

Nearby nearby(const std::vector<Advertisement>& seen, std::vector<std::string> configured = {}) {
  Nearby all(std::move(configured));
  for (const Advertisement& one : seen) all.saw(one);
  return all;
}

std::string table(const Nearby& all, const std::string& problem = "") {
  std::string text;
  for (const Line& line : scan_table(all, problem, true)) text += line.print(200, false) + "\n";
  return text;
}

std::string lines_for_config(const Nearby& all) {
  std::string text;
  for (const std::string& line : config_lines(all)) text += line + "\n";
  return text;
}

std::vector<std::string> addresses(const Nearby& all) {
  std::vector<std::string> found;
  for (const auto& one : all.boards()) found.push_back(one.advertisement.address);
  return found;
}

TEST(Signal, IsSaidInWords) {
  EXPECT_EQ(bluetooth::signal_word(-35), "strong");
  EXPECT_EQ(bluetooth::signal_word(-60), "strong");
  EXPECT_EQ(bluetooth::signal_word(-61), "good");
  EXPECT_EQ(bluetooth::signal_word(-75), "fair");
  EXPECT_EQ(bluetooth::signal_word(-80), "fair");
  EXPECT_EQ(bluetooth::signal_word(-81), "weak");
  EXPECT_EQ(bluetooth::signal_word(-127), "weak");
}

TEST(WhatIsNear, StandsInTheOrderOfWhatIsLikely) {
  EXPECT_THAT(addresses(nearby({jk(), phone(), daly(), jbd("A4:C1:37:00:00:02"), jbd()})),
              ElementsAre("A4:C1:37:00:00:01", "A4:C1:37:00:00:02", "40:18:07:00:00:17", "20:25:03:00:00:4D"));
}

TEST(WhatIsNear, IsWhatWasHeardLast) {
  Advertisement later = jbd();
  later.rssi_dbm = -90;
  later.name = "Renamed";
  const auto boards = nearby({jbd(), later}).boards();
  ASSERT_EQ(boards.size(), 1U);
  EXPECT_EQ(boards[0].advertisement, later);
}

TEST(WhatIsNear, OfWhatSomebodyInventsIsKeptSoMuch) {
  Nearby all;
  for (std::size_t i = 0; i < 2 * Nearby::most_devices; ++i) {
    Advertisement one = phone();
    one.address = std::to_string(i);
    all.saw(one);
  }
  EXPECT_EQ(all.others(), Nearby::most_devices);
}

TEST(ScanTable, HasARowForEachWithItsReason) {
  const std::string text = table(nearby({jbd(), daly(), jk(), phone()}));
  EXPECT_THAT(text,
              HasSubstr("  A4:C1:37:00:00:01  JBD                   good, -61 dBm     Shed\n    its address begins"));
  EXPECT_THAT(text,
              HasSubstr("  40:18:07:00:00:17  Daly or JBD?          weak, -85 dBm     Boat\n    it offers a service"));
  EXPECT_THAT(text, HasSubstr("rather JK"));
  EXPECT_THAT(text, HasSubstr("and 1 device that"));
  EXPECT_THAT(text, Not(HasSubstr("Pixel")));
}

TEST(ScanTable, SaysWhoIsConnected) {
  Advertisement one = jbd();
  one.connected = true;
  EXPECT_THAT(table(nearby({one})), HasSubstr("JBD                   connected"));
  one = jbd();
  one.rssi_dbm.reset();
  EXPECT_THAT(table(nearby({one})), HasSubstr("not heard now"));
}

TEST(ScanTable, SaysWhatIsConfiguredAndWhatIsAway) {
  const std::string text = table(nearby({jbd()}, {"A4:C1:37:00:00:01", "A4:C1:37:00:00:02"}));
  EXPECT_THAT(text, HasSubstr("service; it is configured"));
  EXPECT_THAT(text, HasSubstr("  A4:C1:37:00:00:02  not seen\n"));
}

TEST(ScanTable, SaysWhatIsWrongFirst) {
  EXPECT_TRUE(table(nearby({jbd()}), "the adapter is off").starts_with("the adapter is off\n"));
  EXPECT_THAT(table(nearby({}), "the adapter is off"), HasSubstr("no battery seen"));
  EXPECT_THAT(table(nearby({phone()})), HasSubstr("no battery seen"));
}

TEST(ScanTable, ShowsWhatTheOwnerHasNamedWhateverItLooksLike) {
  const Nearby all = nearby({phone()}, {phone().address});
  EXPECT_THAT(table(all), HasSubstr("unknown"));
  EXPECT_EQ(all.others(), 0U);
}

TEST(ScanTable, StaysInItsColumns) {
  Advertisement one = daly();
  one.service_uuids = {"ff00", "fff0", "ffe0"};
  one.name = std::string(200, 'x');
  const auto lines = scan_table(nearby({one}), "", true);
  EXPECT_THAT(lines[0].print(200, false), HasSubstr("JBD or Daly or ANT?  "));
  EXPECT_LE(lines[0].print(80, false).size(), 80U);
}

TEST(ConfigLines, AreASectionForWhatIsCertainAndACommentForWhatMayBe) {
  EXPECT_EQ(lines_for_config(nearby({jbd()})),
            "\n# \"Shed\": its address begins like those of JBD modules, and it offers their service\n"
            "[battery A4:C1:37:00:00:01]\nbms = jbd\n");
  EXPECT_THAT(lines_for_config(nearby({daly()})), HasSubstr("\n#[battery 40:18:07:00:00:17]"));
  EXPECT_EQ(lines_for_config(nearby({jk(), phone()})), "");
  EXPECT_EQ(lines_for_config(nearby({jbd()}, {jbd().address})), "") << "it is there already";
}

TEST(ConfigLines, OfEverythingRecordedCanBeUsed) {
  Nearby all;
  std::size_t number = 0;
  for (const auto& recorded : bluetooth_test::recorded_advertisements()) {
    Advertisement one = recorded.advertisement;
    const std::string digits = std::to_string(100'000 + number++);
    one.address = (one.address.empty() ? "02:00:00" : one.address.substr(0, 8)) + ":" + digits.substr(0, 2) + ":" +
                  digits.substr(2, 2) + ":" + digits.substr(4, 2);
    if (number % 3 == 0) one.name = "# [battery x]\nbms = rec ; \x1b[2J\xff";
    all.saw(one);
  }
  std::string text = lines_for_config(all);
  for (const bool uncommented : {false, true}) {
    if (uncommented) {
      for (std::size_t at = 0; (at = text.find("\n#[", at)) != std::string::npos;) text.erase(at + 1, 1);
    }
    std::istringstream in(text);
    const config::Config config = config::Config::read(in);
    EXPECT_THAT(config.faults(), IsEmpty());
    std::size_t expected = 0;
    for (const auto& one : all.boards()) {
      const bool certain = one.recognition.certainty == bluetooth::Certainty::certain;
      if (one.recognition.look_alike.empty() && (certain || uncommented)) ++expected;
    }
    EXPECT_EQ(config.bluetooth_boards().size(), expected);
    for (const auto& board : config.bluetooth_boards()) EXPECT_EQ(board.family.empty() && !uncommented, false);
  }
}

TEST(ScanJson, HasEverythingOfABoard) {
  const auto json = scan_json(nearby({jbd(), jk(), phone()}, {"A4:C1:37:00:00:02"}), "off");
  EXPECT_EQ(json["problem"], "off");
  EXPECT_EQ(json["other_devices"], 1);
  EXPECT_EQ(json["not_seen"], nlohmann::ordered_json::array({"A4:C1:37:00:00:02"}));
  const auto& board = json["boards"][0];
  EXPECT_EQ(board["address"], "A4:C1:37:00:00:01");
  EXPECT_EQ(board["certainty"], "certain");
  EXPECT_EQ(board["families"], nlohmann::ordered_json::array({"jbd", "daly"}));
  EXPECT_TRUE(board["look_alike"].is_null());
  EXPECT_EQ(board["signal"], "good");
  EXPECT_EQ(json["boards"][1]["look_alike"], "JK");
}

}  // namespace
}  // namespace bms::cli
