// Sheets in memory, and what a pack hands to its bank on one.
#include "files/sheet.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <boost/crc.hpp>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "bms/time.hpp"
#include "driver/bank_paths.hpp"
#include "driver/pack_sheet.hpp"
#include "items/item_tree.hpp"

namespace bms {
namespace {

using files::Sheet;
using files::SheetWatch;
using Content = std::vector<std::uint8_t>;

using namespace std::chrono_literals;

class SheetTest : public testing::Test {
 protected:
  SheetTest() { std::filesystem::remove_all(directory_); }
  ~SheetTest() override { std::filesystem::remove_all(directory_); }

  [[nodiscard]] std::string path() const { return directory_ + "/sheet/" + name_; }

  [[nodiscard]] Content file() const {
    std::ifstream in(path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  void leave(const Content& content) const {
    std::filesystem::create_directories(directory_ + "/sheet");
    std::ofstream(path(), std::ios::binary)
        .write(reinterpret_cast<const char*>(content.data()), static_cast<std::streamsize>(content.size()));
  }

  [[nodiscard]] Content seen() const { return seen(SheetWatch(directory_, name_)); }
  [[nodiscard]] static Content seen(SheetWatch watch) {
    const auto found = watch.look();
    return {found.begin(), found.end()};
  }

  std::string name_ = "ttyUSB0";
  std::string directory_ = testing::TempDir() + "sheet-" + std::to_string(getpid());
};

TEST_F(SheetTest, ShowsTheNewestContent) {
  Sheet sheet(directory_, name_);
  SheetWatch watch(directory_, name_);
  EXPECT_TRUE(watch.look().empty()) << "nothing has been written yet";
  for (const Content& content : {Content(1000, 1), Content{2, 3}, Content(files::largest_sheet, 4)}) {
    sheet.write(content);
    EXPECT_TRUE(std::ranges::equal(watch.look(), content)) << content.size();
  }
}

TEST_F(SheetTest, TooMuchIsNothing) {
  Sheet sheet(directory_, name_);
  sheet.write(Content{1});
  sheet.write(Content(files::largest_sheet + 1, 2));
  EXPECT_EQ(seen(), Content{});
}

TEST_F(SheetTest, OfAnEarlierProcessIsReplaced) {
  Sheet(directory_, name_).write(Content{1, 2});
  EXPECT_EQ(seen(), (Content{1, 2})) << "it stays when the process ends";
  SheetWatch watch(directory_, name_);
  Sheet next(directory_, name_);
  next.write(Content{3});
  EXPECT_TRUE(std::ranges::equal(watch.look(), Content{1, 2})) << "who looks at the old one sees nothing new";
  EXPECT_EQ(seen(), Content{3});
}

TEST_F(SheetTest, HalfOfWhatIsWrittenIsNothing) {
  Sheet(directory_, name_).write(Content(100, 1));
  const Content before = file();
  Sheet(directory_, name_).write(Content(100, 2));
  const Content after = file();
  ASSERT_EQ(before.size(), after.size());
  for (std::size_t written = 0; written <= after.size(); ++written) {
    Content mixed = before;
    std::copy_n(after.begin(), written, mixed.begin());
    leave(mixed);
    const bool whole = mixed == before || mixed == after;
    EXPECT_EQ(seen().size(), whole ? 100U : 0U) << written << " bytes of the new one";
  }
  for (std::size_t size = 0; size < after.size(); ++size) {
    leave(Content(after.begin(), after.begin() + static_cast<std::ptrdiff_t>(size)));
    EXPECT_EQ(seen(), Content{}) << size;
  }
}

TEST_F(SheetTest, WithoutADirectoryThereIsNone) {
  Sheet nowhere("", name_);
  nowhere.write(Content{1});
  EXPECT_EQ(seen(SheetWatch("", name_)), Content{});
  std::filesystem::create_directories(path() + "/is a directory");
  Sheet moved_aside(directory_, name_);
  moved_aside.write(Content{1});
  EXPECT_EQ(seen(), Content{1});
}

class PackSheetTest : public SheetTest {
 protected:
  PackSheetTest() {
    tree_.add("/Dc/0/Voltage", {.type = items::Type::real, .resolution = {.counts_per_unit = 100}});
    tree_.add("/Info/FrameCounter", {.type = items::Type::integer});
    tree_.add("/Soc", {.type = items::Type::real});
    tree_.add("/Member/Name", {.type = items::Type::text});
    tree_.add("/Of/NoInterest", {.type = items::Type::text});
    set("/Dc/0/Voltage", 53.125);
    set("/Info/FrameCounter", std::int32_t{7});
    set("/Member/Name", "House 1");
    set("/Of/NoInterest", "something else");
  }

  void set(std::string_view path, items::ValueView value) { tree_.set(*tree_.find(path), value); }

  [[nodiscard]] driver::PackSheet sheet() const { return {directory_, name_, owner_}; }
  [[nodiscard]] driver::PackSheetWatch watch(const std::string& owner) const { return {directory_, name_, owner}; }
  [[nodiscard]] driver::PackSheetWatch watch() const { return watch(owner_); }

  static std::size_t place(std::string_view path) {
    const auto paths = driver::pack_paths(true);
    return static_cast<std::size_t>(std::ranges::find(paths, path) - paths.begin());
  }

  /// Everything that a watch shows, as text.
  static std::string all_of(const driver::PackSheetWatch& watch) {
    std::string all;
    for (std::size_t path = 0; path < driver::pack_paths(true).size(); ++path) {
      const auto number = watch.number(path);
      all += (number ? std::to_string(std::clamp(*number, -1e9, 1e9)) : "") + std::string(watch.text(path)) + ";";
    }
    return all;
  }

  std::string owner_ = ":1.42";
  items::ItemTree tree_;
  TimePoint now_ = Clock::now();
};

TEST_F(PackSheetTest, TheBankSeesWhatThePackShows) {
  driver::PackSheet sheet = this->sheet();
  driver::PackSheetWatch watch = this->watch();
  EXPECT_FALSE(watch.look()) << "nothing has been written yet";
  sheet.write(tree_, {.read_at = now_ - 3s, .poll_interval_s = 2.5});
  ASSERT_TRUE(watch.look());
  EXPECT_EQ(watch.number(place("/Dc/0/Voltage")), 53.13) << "as it is on the bus";
  EXPECT_EQ(watch.number(place("/Info/FrameCounter")), 7);
  EXPECT_EQ(watch.number(place("/Soc")), std::nullopt) << "has no value";
  EXPECT_EQ(watch.number(place("/Balancing")), std::nullopt) << "it has no such path";
  EXPECT_EQ(watch.text(place("/Member/Name")), "House 1");
  EXPECT_EQ(watch.text(place("/Soc")), "");
  EXPECT_LE(watch.time().read_at, now_ - 3s);
  EXPECT_GT(watch.time().read_at, now_ - 3s - 1ms);
  EXPECT_EQ(watch.time().poll_interval_s, 2.5);

  set("/Dc/0/Voltage", {});
  set("/Soc", 71.0);
  set("/Member/Name", "");
  sheet.write(tree_, {.read_at = now_});
  ASSERT_TRUE(watch.look());
  EXPECT_EQ(watch.number(place("/Dc/0/Voltage")), std::nullopt);
  EXPECT_EQ(watch.number(place("/Soc")), 71);
  EXPECT_EQ(watch.text(place("/Member/Name")), "");
  EXPECT_GT(watch.time().read_at, now_ - 1ms);
}

TEST_F(PackSheetTest, OfAnotherConnectionToTheBusIsNotIts) {
  sheet().write(tree_, {.read_at = now_});
  EXPECT_FALSE(watch(":1.4").look());
  EXPECT_FALSE(watch(":1.420").look());
  EXPECT_FALSE(watch("").look());
  EXPECT_TRUE(watch().look());
}

TEST_F(PackSheetTest, NothingIsReadInTheFuture) {
  driver::PackSheet sheet = this->sheet();
  driver::PackSheetWatch watch = this->watch();
  sheet.write(tree_, {.read_at = now_ + 1h});
  EXPECT_FALSE(watch.look());
  sheet.write(tree_, {.read_at = now_, .poll_interval_s = std::numeric_limits<double>::infinity()});
  EXPECT_FALSE(watch.look()) << "nor does it take for ever";
}

TEST_F(PackSheetTest, WhatWasKnownStaysUntilThereIsSomethingElse) {
  sheet().write(tree_, {.read_at = now_ - 1s});
  driver::PackSheetWatch watch = this->watch();
  ASSERT_TRUE(watch.look());
  const std::string before = all_of(watch);
  Content torn = file();
  torn.back() ^= 1U;
  std::fstream(path(), std::ios::binary | std::ios::in | std::ios::out)
      .write(reinterpret_cast<const char*>(torn.data()), static_cast<std::streamsize>(torn.size()));
  EXPECT_FALSE(watch.look()) << "it is being written";
  EXPECT_EQ(all_of(watch), before);
  EXPECT_GT(watch.time().read_at, now_ - 1s - 1ms);
}

TEST_F(PackSheetTest, NumbersThatAreNoneAreNotSeen) {
  sheet().write(tree_, {.read_at = now_});
  const Content whole = seen();
  const double voltage_v = 53.13, nan = std::numeric_limits<double>::quiet_NaN();
  Content number(sizeof voltage_v), no_number(sizeof nan);
  std::memcpy(number.data(), &voltage_v, sizeof voltage_v);
  std::memcpy(no_number.data(), &nan, sizeof nan);
  Content lie = whole;
  const auto found = std::ranges::search(lie, number);
  ASSERT_FALSE(found.empty());
  std::ranges::copy(no_number, found.begin());
  Sheet(directory_, name_).write(lie);
  driver::PackSheetWatch watch = this->watch();
  ASSERT_TRUE(watch.look());
  EXPECT_EQ(watch.number(place("/Dc/0/Voltage")), std::nullopt);
}

TEST_F(PackSheetTest, WhatIsNotWholeIsNothing) {
  sheet().write(tree_, {.read_at = now_});
  const Content whole = seen();
  driver::PackSheetWatch nothing = watch("");
  ASSERT_FALSE(nothing.look());
  for (std::size_t size = 0; size <= whole.size() + 1; ++size) {
    Content part = whole;
    part.resize(size);
    Sheet(directory_, name_).write(part);
    driver::PackSheetWatch watch = this->watch();
    EXPECT_EQ(watch.look(), size == whole.size()) << size;
    if (size != whole.size()) {
      EXPECT_EQ(all_of(watch), all_of(nothing)) << size;
    }
  }
}

TEST_F(PackSheetTest, AnyBytesAreSurvived) {
  sheet().write(tree_, {.read_at = now_});
  const Content whole = seen();
  std::mt19937 random(1);  // NOLINT(*-msc51-cpp): the same each time
  std::size_t accepted = 0;
  for (int round = 0; round < 2000; ++round) {
    Content damaged = whole;
    for (int byte = 0; byte < 3; ++byte) damaged[random() % damaged.size()] = static_cast<std::uint8_t>(random());
    Sheet(directory_, name_).write(damaged);
    driver::PackSheetWatch watch = this->watch();
    accepted += watch.look() ? 1 : 0;
    EXPECT_LE(watch.time().read_at, Clock::now());
    EXPECT_LE(all_of(watch).size(), 40 * driver::pack_paths(true).size() + whole.size());
  }
  EXPECT_GT(accepted, 0U) << "some only say something else";
}

}  // namespace
}  // namespace bms
