// What items say of a line that comes and goes by itself, and that it can be left to others.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "items_sample.hpp"

namespace bms::items {
namespace {

using namespace test;

constexpr std::string_view release = "/Settings/Bluetooth/Release";

/// The items of a battery without a cable.
struct WithoutCable {
  WithoutCable() { show(); }

  void show() { items.update(battery, limits()); }
  [[nodiscard]] Value operator[](std::string_view path) const { return items.tree()[*items.tree().find(path)].value; }
  SetResult write(const Incoming& value) { return items.tree().write(*items.tree().find(release), value); }

  LinkQuality quality{.losses_per_day = 3, .longest_gap_s = 4.2, .trouble = "of some kind", .state = "connected"};
  int asked = 0;
  Battery battery = sample();
  BatteryItems items{{.who = {.place = "ble_a4c137000001",
                              .link_quality =
                                  [this] {
                                    ++asked;
                                    return quality;
                                  }},
                      .version = {},
                      .custom_name = {}},
                     battery,
                     {}};
};

TEST(LinkItems, SayHowTheLineHoldsAndAskForItOncePerPublication) {
  WithoutCable shown;
  EXPECT_EQ(shown["/Info/Link/State"], Value{"connected"});
  EXPECT_EQ(shown["/Info/Link/LossesPerDay"], Value{3});
  EXPECT_EQ(shown["/Info/Link/LongestGap"], Value{4.0});
  EXPECT_EQ(shown["/Info/Link/Trouble"], Value{"of some kind"});
  EXPECT_EQ(shown[release], Value{0.0});
  EXPECT_EQ(shown.asked, 1);
  shown.quality = {.state = "it is left to a phone", .released_s = 540.1};
  shown.show();
  EXPECT_EQ(shown.asked, 2);
  EXPECT_EQ(shown["/Info/Link/Trouble"], invalid);
  EXPECT_EQ(shown[release], Value{10.0}) << "as long as anything is left of the tenth minute";
}

TEST(LinkItems, AreOnlyWhereThereIsNoCable) {
  const BatteryItems items({.who = {.place = "ttyUSB0"}, .version = {}, .custom_name = {}}, sample(), {});
  for (const std::string_view path : {std::string_view("/Info/Link/State"), std::string_view("/Info/Link/LossesPerDay"),
                                      std::string_view("/Info/Link/Trouble"), release})
    EXPECT_FALSE(items.tree().find(path)) << path;
}

TEST(LinkItems, HandOnForHowLongTheLineIsLeftToOthers) {
  WithoutCable left;
  EXPECT_EQ(left.write(std::int64_t{10}), SetResult::refused) << "nobody to do it";
  std::vector<double> heard;
  WriteHandlers handlers;
  handlers.release_line = [&heard](double minutes) {
    heard.push_back(minutes);
    return heard.size() < 4;
  };
  left.items.on_written(std::move(handlers));
  for (const Incoming& minutes : {Incoming{std::int64_t{10}}, Incoming{0.5}, Incoming{std::int64_t{0}}})
    EXPECT_EQ(left.write(minutes), SetResult::accepted);
  EXPECT_EQ(left[release], Value{0.0}) << "it shows what the line says";
  EXPECT_EQ(left.write(std::int64_t{60}), SetResult::refused) << "by whoever was to do it";
  EXPECT_EQ(heard, (std::vector<double>{10, 0.5, 0, 60}));
  for (const Incoming& wrong : {Incoming{std::int64_t{61}}, Incoming{-0.1}, Incoming{nan}, Incoming{}, Incoming{"10"}})
    EXPECT_NE(left.write(wrong), SetResult::accepted);
  EXPECT_EQ(heard.size(), 4U);
}

}  // namespace
}  // namespace bms::items
