// What a scan makes of what devices advertise: recorded ones, composed ones, and any bytes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "bluetooth/look_alikes.hpp"
#include "bluetooth/pattern.hpp"
#include "bluetooth/recognition.hpp"
#include "bluetooth_frames.hpp"
#include "bms/utf8.hpp"
#include "registry.hpp"

namespace bms::bluetooth {
namespace {

using bluetooth_test::Recorded;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class RecordedAdvertisement : public testing::TestWithParam<Recorded> {};

TEST_P(RecordedAdvertisement, IsOursOrMayBeAndNoLookAlikeIsCertain) {
  const auto& [advertisement, family, other] = GetParam();
  const Recognition found = recognise(advertisement);
  if (family.empty()) {
    EXPECT_NE(found.certainty, Certainty::certain) << found.why;
  } else {
    EXPECT_NE(found.certainty, Certainty::none);
    ASSERT_THAT(found.suspects, Not(IsEmpty()));
    EXPECT_EQ(found.suspects.front()->name, family) << found.why;
    EXPECT_EQ(found.look_alike, "") << "ours is taken for another make";
  }
}

TEST_P(RecordedAdvertisement, IsTheSameWithLongNumbersInCapitals) {
  Advertisement longer = GetParam().advertisement;
  for (std::string& uuid : longer.service_uuids) {
    if (const auto number = short_uuid(uuid)) uuid = long_uuid(*number);
    std::ranges::transform(uuid, uuid.begin(), [](char c) { return c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c; });
  }
  const Recognition one = recognise(GetParam().advertisement);
  const Recognition other = recognise(longer);
  EXPECT_EQ(one.certainty, other.certainty);
  EXPECT_EQ(one.suspects, other.suspects);
  EXPECT_EQ(one.why, other.why);
}

TEST_P(RecordedAdvertisement, OfOursIsNotMissedWhenItsNameIsAnother) {
  Advertisement renamed = GetParam().advertisement;
  if (GetParam().family.empty() || renamed.service_uuids.empty()) return;
  renamed.name = "My battery";
  EXPECT_NE(recognise(renamed).certainty, Certainty::none) << "owners rename their boards";
}

INSTANTIATE_TEST_SUITE_P(All, RecordedAdvertisement, testing::ValuesIn(bluetooth_test::recorded_advertisements()),
                         [](const auto& one) { return std::to_string(one.index); });

TEST(RecordedAdvertisements, AreThere) {
  const auto all = bluetooth_test::recorded_advertisements();
  EXPECT_EQ(all.size(), 80U);
  std::set<std::string> families;
  for (const Recorded& one : all) families.insert(one.family);
  EXPECT_EQ(families, (std::set<std::string>{"", "jbd", "daly", "ant"}));
}

TEST(RecordedAdvertisements, OfOursAreCertainMoreOftenThanNot) {
  int certain = 0;
  int ours = 0;
  for (const Recorded& one : bluetooth_test::recorded_advertisements()) {
    if (one.family.empty()) continue;
    ++ours;
    if (recognise(one.advertisement).certainty == Certainty::certain) ++certain;
  }
  EXPECT_GT(certain * 3, ours * 2) << certain << " of " << ours;
}

struct Composed {
  const char* what;
  Advertisement advertisement;
  Certainty certainty;
  std::string_view first_suspect;
};

const Composed composed[] = {
    {"a name of JBD with its service", {.name = "JBD-SP04S034", .service_uuids = {"ff00"}}, Certainty::certain, "jbd"},
    {"the same without a service", {.name = "JBD-SP04S034"}, Certainty::maybe, "jbd"},
    {"the same with Daly's service", {.name = "JBD-SP04S034", .service_uuids = {"fff0"}}, Certainty::maybe, "jbd"},
    {"an address of JBD with its service",
     {.address = "A4:C1:38:00:00:01", .name = "5", .service_uuids = {"ff00"}},
     Certainty::certain,
     "jbd"},
    {"an address of JBD alone: many things have a radio of that maker",
     {.address = "A4:C1:38:00:00:01", .name = "LYWSD03MMC"},
     Certainty::none,
     ""},
    {"an address of JBD with another service",
     {.address = "A4:C1:38:00:00:01", .name = "x", .service_uuids = {"ffe0"}},
     Certainty::maybe,
     "ant"},
    {"JBD's service alone", {.name = "Battery", .service_uuids = {"ff00"}}, Certainty::maybe, "jbd"},
    {"JBD's service without a name", {.service_uuids = {"ff00"}}, Certainty::maybe, "jbd"},
    {"a name that several have, with JBD's service",
     {.name = "SBL-12330", .service_uuids = {"ff00"}},
     Certainty::maybe,
     "jbd"},
    {"such a name alone", {.name = "SBL-12330"}, Certainty::none, ""},
    {"Daly's text",
     {.name = "x", .manufacturer_data = {{0x0302, {1, 2, 3, 4, 5, 6, 7, 'D', 'L'}}}},
     Certainty::certain,
     "daly"},
    {"JH's text",
     {.name = "x", .manufacturer_data = {{0x0104, {1, 2, 3, 4, 5, 6, 7, 'J', 'H', 'B'}}}},
     Certainty::certain,
     "daly"},
    {"Daly's text under another number",
     {.name = "x", .manufacturer_data = {{0x004C, {'D', 'L'}}}},
     Certainty::none,
     ""},
    {"a number that Daly uses, and nothing else",
     {.name = "x", .manufacturer_data = {{0x0302, {1, 2}}}},
     Certainty::maybe,
     "daly"},
    {"Daly's name and number",
     {.name = "DL-0011AABBCCDD", .manufacturer_data = {{0x0102, {4}}}},
     Certainty::certain,
     "daly"},
    {"Daly's name alone", {.name = "DL-0011AABBCCDD"}, Certainty::maybe, "daly"},
    {"Daly's name with padding", {.name = std::string("DL-0011AABBCCDD\0\0", 17)}, Certainty::maybe, "daly"},
    {"Daly's service", {.name = "x", .service_uuids = {"fff0"}}, Certainty::maybe, "daly"},
    {"ANT's name", {.name = "ANT-BLE16ZMUB-0001\r"}, Certainty::certain, "ant"},
    {"ANT's other name", {.name = "ANT@BLE24CBUB"}, Certainty::certain, "ant"},
    {"an ant", {.name = "ANT+ heart rate"}, Certainty::none, ""},
    {"ANT's service", {.name = "x", .service_uuids = {"ffe0"}}, Certainty::maybe, "ant"},
    {"a JK", {.name = "JK-B2A24S", .service_uuids = {"ffe0"}}, Certainty::maybe, "ant"},
    {"two families at once",
     {.name = "ANT-BLE16", .manufacturer_data = {{0x0302, {'D', 'L'}}}},
     Certainty::maybe,
     "ant"},
    {"a telephone",
     {.name = "Pixel 8", .service_uuids = {"180f"}, .manufacturer_data = {{0x00E0, {1}}}},
     Certainty::none,
     ""},
    {"nothing", {}, Certainty::none, ""},
};

TEST(ComposedAdvertisement, IsTakenForWhatItSays) {
  for (const Composed& one : composed) {
    const Recognition found = recognise(one.advertisement);
    EXPECT_EQ(found.certainty, one.certainty) << one.what << ": " << found.why;
    EXPECT_EQ(found.suspects.empty() ? "" : found.suspects.front()->name, one.first_suspect) << one.what;
  }
}

TEST(ComposedAdvertisement, OfAServiceOfTwoFamiliesSuspectsBothTheUsualOneFirst) {
  const auto suspects = recognise({.service_uuids = {"fff0"}}).suspects;
  ASSERT_EQ(suspects.size(), 2U);
  EXPECT_EQ(suspects[0]->name, "daly");
  EXPECT_EQ(suspects[1]->name, "jbd");
}

TEST(ComposedAdvertisement, NamesTheMakeThatItRatherIs) {
  const Recognition found = recognise({.name = "JK-B2A24S", .service_uuids = {"ffe0"}});
  EXPECT_EQ(found.look_alike, "JK");
  EXPECT_THAT(found.why, HasSubstr("JK"));
}

TEST(LookAlikes, AreNeverCertainWhateverElseSpeaksForThem) {
  for (const LookAlike& make : look_alikes()) {
    Advertisement one{.address = "A5:C2:37:00:00:01", .service_uuids = {long_uuid(make.service)}};
    for (const std::uint16_t company : make.companies) one.manufacturer_data[company] = {1, 2};
    for (const std::string_view pattern : make.names) {
      one.name = std::string(pattern.substr(0, pattern.find('*')));
      std::ranges::replace(one.name, '#', '7');
      std::ranges::replace(one.name, '%', '7');
      const Recognition found = recognise(one);
      EXPECT_EQ(found.certainty, Certainty::maybe) << one.name;
      EXPECT_EQ(found.look_alike, make.make) << one.name;
    }
    if (make.names.empty()) {
      EXPECT_EQ(recognise(one).look_alike, make.make);
    }
  }
}

TEST(TablesOnAir, AreWrittenAsTheyAreRead) {
  for (const Family& family : families()) {
    for (const NameOnAir& name : family.on_air.names) {
      EXPECT_FALSE(name.pattern.empty());
      EXPECT_EQ(name.pattern.substr(0, name.pattern.size() - 1).find('*'), std::string_view::npos) << name.pattern;
    }
    for (const std::string_view prefix : family.on_air.address_prefixes)
      EXPECT_TRUE(is_address(std::string(prefix) + ":00:00:00")) << prefix;
    for (const MarkOnAir& mark : family.on_air.marks) EXPECT_FALSE(mark.texts.empty());
    for (const std::string_view dialect : family.on_air.dialects)
      EXPECT_TRUE(std::ranges::count(family.variants, dialect, &Variant::dialect) > 0) << family.name << " " << dialect;
    EXPECT_EQ(family.on_air.known(), !family.on_air.dialects.empty()) << family.name;
  }
}

TEST(TablesOnAir, KnowThreeFamilies) {
  for (const Family& family : families())
    EXPECT_EQ(family.on_air.known(), family.name != "chargery" && family.name != "rec") << family.name;
}

TEST(Pattern, IsWhatItsSignsSay) {
  EXPECT_TRUE(fits_pattern("SP17S005P17S120A", "SP##S###*"));
  EXPECT_FALSE(fits_pattern("SPCC13C3BT00000001", "SP##S###*"));
  EXPECT_FALSE(fits_pattern("SP17S00", "SP##S###*"));
  EXPECT_TRUE(fits_pattern("ECOE934", "ECO%%%%"));
  EXPECT_FALSE(fits_pattern("ECOE9345", "ECO%%%%"));
  EXPECT_FALSE(fits_pattern("ECO-LFP48", "ECO%%%%"));
  EXPECT_TRUE(fits_pattern("", "*"));
  EXPECT_TRUE(fits_pattern("aXb", "a?b"));
  EXPECT_FALSE(fits_pattern("ab", "a?b"));
  EXPECT_FALSE(fits_pattern("jbd-1", "JBD-*"));
}

TEST(Uuid, IsShortInEitherForm) {
  EXPECT_EQ(short_uuid("ff00"), 0xFF00);
  EXPECT_EQ(short_uuid("0000FF00-0000-1000-8000-00805F9B34FB"), 0xFF00);
  EXPECT_EQ(short_uuid(long_uuid(0x0ABC)), 0x0ABC);
  for (const char* other : {"", "ff0", "ff000", "gg00", "ff 0", "0001ff00-0000-1000-8000-00805f9b34fb",
                            "02f00000-0000-0000-8000-00000000fe00", "0000-0000-1000-8000-00805f9b34fb"})
    EXPECT_EQ(short_uuid(other), std::nullopt) << other;
}

/// Anything that a radio may bring, near to what boards send.
Advertisement any_advertisement(std::mt19937& random) {
  const auto up_to = [&random](unsigned most) { return std::uniform_int_distribution<unsigned>(0, most)(random); };
  static const auto recorded = bluetooth_test::recorded_advertisements();
  Advertisement one = recorded[up_to(static_cast<unsigned>(recorded.size()) - 1)].advertisement;
  if (up_to(1) == 0) one.name = recorded[up_to(static_cast<unsigned>(recorded.size()) - 1)].advertisement.name;
  if (up_to(2) == 0)
    for (char& c : one.name)
      if (up_to(4) == 0) c = static_cast<char>(up_to(255));
  if (up_to(3) == 0) one.name.resize(up_to(40));
  if (up_to(3) == 0) one.service_uuids.clear();
  if (up_to(3) == 0) one.service_uuids.emplace_back(up_to(60), static_cast<char>(up_to(255)));
  for (auto& [company, data] : one.manufacturer_data)
    if (up_to(2) == 0) data.resize(up_to(27));
  return one;
}

TEST(AnyAdvertisement, IsJudgedByTheSameRules) {
  std::mt19937 random(16);
  for (int i = 0; i < 20'000; ++i) {
    const Advertisement one = any_advertisement(random);
    const Recognition found = recognise(one);
    ASSERT_EQ(found.certainty == Certainty::none, found.suspects.empty());
    ASSERT_FALSE(found.certainty == Certainty::certain && !found.look_alike.empty());
    ASSERT_FALSE(found.why.empty());
    ASSERT_TRUE(is_clean_text(shown_name(one)));
    const std::set<const Family*> suspects(found.suspects.begin(), found.suspects.end());
    ASSERT_EQ(suspects.size(), found.suspects.size()) << "a family twice";
  }
}

}  // namespace
}  // namespace bms::bluetooth
