// The item tree: types, rounding, changes, lookups and writes.
#include "items/item_tree.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "bms/utf8.hpp"

namespace bms::items {
namespace {

constexpr Kind volts{Type::real, {2, "V"}, {.counts_per_unit = 100}};
constexpr Kind amperes{Type::real, {1, "A"}, {.counts_per_unit = 10, .fine_counts = 100, .fine_below = 10}};
constexpr Kind limit{Type::real, {1, "A"}, {.counts_per_unit = 10, .downwards = true}};
constexpr Kind count{Type::integer};
constexpr Kind hex{Type::integer, {.hex = true}};
constexpr Kind word{Type::text};

std::vector<std::string> paths(const ItemTree& tree, std::span<const ItemTree::Id> ids) {
  std::vector<std::string> result;
  for (const ItemTree::Id id : ids) result.push_back(tree[id].path);
  return result;
}

std::string shown(const Item& item) {
  NumberText room;
  return item.text(room);
}

struct OneItem {
  explicit OneItem(const Kind& kind, std::unique_ptr<WriteAccess> write = nullptr)
      : id{tree.add("/Item", kind, std::move(write))} {}

  /// Whether setting `value` counts as a change.
  bool changes(ValueView value) {
    tree.clear_changes();
    tree.set(id, value);
    return !tree.changed().empty();
  }
  [[nodiscard]] std::string text() const { return shown(tree[id]); }
  [[nodiscard]] double number() const { return std::get<double>(tree[id].value); }

  ItemTree tree;
  ItemTree::Id id;
};

TEST(VenusItemTree, AnItemBeginsInvalid) {
  const OneItem item{volts};
  EXPECT_FALSE(is_valid(item.tree[item.id].value));
  EXPECT_EQ(item.text(), "---");
  EXPECT_TRUE(item.tree.changed().empty());
}

TEST(VenusItemTree, RoundsBeforeItCompares) {
  OneItem item{volts};
  EXPECT_TRUE(item.changes(13.2049));
  EXPECT_EQ(item.number(), 13.2);
  EXPECT_FALSE(item.changes(13.1951));
  EXPECT_TRUE(item.changes(13.2051));
  EXPECT_EQ(item.text(), "13.21V");
}

TEST(VenusItemTree, TakesFinerStepsForSmallAmounts) {
  OneItem item{amperes};
  item.changes(-9.876);
  EXPECT_EQ(item.number(), -9.88);
  item.changes(-12.345);
  EXPECT_EQ(item.number(), -12.3);
  EXPECT_EQ(item.text(), "-12.3A");
}

TEST(VenusItemTree, NeverRoundsALimitUp) {
  OneItem item{limit};
  item.changes(20.399);
  EXPECT_EQ(item.number(), 20.3);
  for (int tenths = 0; tenths < 5000; ++tenths) {  // what is a whole number of steps stays what it is
    item.changes(tenths * 0.1);
    ASSERT_EQ(item.number(), tenths / 10.0);
  }
}

TEST(VenusItemTree, KnowsNoNegativeZero) {
  OneItem item{amperes};
  item.changes(-0.001);
  EXPECT_FALSE(std::signbit(item.number()));
  item.changes(-0.04);
  EXPECT_EQ(item.number(), -0.04);
  EXPECT_EQ(item.text(), "0.0A");
}

TEST(VenusItemTree, NanAndInfinityAreInvalid) {
  OneItem item{volts};
  for (const double odd : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
                           -std::numeric_limits<double>::infinity(), std::numeric_limits<double>::max()}) {
    item.changes(1.0);
    EXPECT_TRUE(item.changes(odd));
    EXPECT_FALSE(is_valid(item.tree[item.id].value));
    EXPECT_FALSE(item.changes(odd));
  }
}

TEST(VenusItemTree, WritesIntegersAndTexts) {
  OneItem number{hex};
  number.changes(std::int32_t{0xBAB5});
  EXPECT_EQ(number.text(), "0xBAB5");
  OneItem words{word};
  EXPECT_TRUE(words.changes(text("")));  // empty is a value
  EXPECT_EQ(words.text(), "");
  EXPECT_TRUE(words.changes(ValueView{}));
  EXPECT_EQ(words.text(), "---");
}

TEST(VenusItemTree, OnlyTextThatTheBusTakesGoesIn) {
  OneItem item{word};
  item.changes(text("ok\xFFno\n\xC3\xBC"));
  EXPECT_EQ(item.text(), "ok?no?\xC3\xBC");
  EXPECT_FALSE(item.changes(text("ok\xFFno\n\xC3\xBC")));
}

TEST(VenusItemTree, KnowsUtf8) {
  for (const char* good : {"", "abc", "\xC3\xBC", "\xE2\x82\xAC", "\xF0\x9F\x94\x8B", "\xF4\x8F\xBF\xBF"})
    EXPECT_TRUE(is_clean_text(good)) << good;
  for (const char* bad : {"\x80", "\xC3", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF8\x88",
                          "\x01", "\x7F", "\xC2\x85", "\xC2\x9F", "\xE2\x82", "a\xC3("}) {
    EXPECT_FALSE(is_clean_text(bad));
    EXPECT_TRUE(is_clean_text(clean_text(bad)));
  }
  EXPECT_FALSE(is_clean_text(std::string_view{"\0", 1}));
}

TEST(VenusItemTreeDeathTest, RefusesAnotherType) {
  OneItem item{count};
#ifdef NDEBUG
  item.changes(1.5);
  EXPECT_FALSE(is_valid(item.tree[item.id].value));
#else
  EXPECT_DEATH(item.changes(1.5), "");
#endif
}

TEST(VenusItemTree, ListsChangesOnceInTheOrderOfTheirLastSetting) {
  ItemTree tree;
  const auto a = tree.add("/A", count);
  const auto b = tree.add("/B", count);
  tree.set(b, std::int32_t{1});
  tree.set(a, std::int32_t{1});
  tree.set(b, std::int32_t{2});
  EXPECT_EQ(paths(tree, tree.changed()), (std::vector<std::string>{"/A", "/B"})) << "what came last is heard last";
  tree.clear_changes();
  EXPECT_TRUE(tree.changed().empty());
  tree.set(a, std::int32_t{1});
  EXPECT_TRUE(tree.changed().empty());
  tree.set(a, std::int32_t{3});
  EXPECT_EQ(paths(tree, tree.changed()), (std::vector<std::string>{"/A"}));
}

TEST(VenusItemTree, TellsLeafNodeAndNothingApart) {
  ItemTree tree;
  for (const char* path : {"/Dc/0/Voltage", "/Soc", "/Dc/0/Current", "/Dcx", "/Dc/01/Voltage"}) tree.add(path, volts);
  EXPECT_TRUE(tree.find("/Dc/0/Voltage"));
  EXPECT_FALSE(tree.find("/Dc/0"));
  EXPECT_FALSE(tree.find("/"));
  EXPECT_EQ(tree.below("/").size(), 5U);
  EXPECT_EQ(paths(tree, tree.below("/Dc")),
            (std::vector<std::string>{"/Dc/0/Current", "/Dc/0/Voltage", "/Dc/01/Voltage"}));
  EXPECT_EQ(paths(tree, tree.below("/Dc/0")), (std::vector<std::string>{"/Dc/0/Current", "/Dc/0/Voltage"}));
  EXPECT_TRUE(tree.below("/Soc").empty());
  EXPECT_TRUE(tree.below("/D").empty());
  EXPECT_STREQ(relative_to("/", "/Dc/0/Voltage"), "Dc/0/Voltage");
  EXPECT_STREQ(relative_to("/Dc", "/Dc/0/Voltage"), "0/Voltage");
}

TEST(VenusItemTree, FitsWhatClientsWrite) {
  OneItem integer{count, std::make_unique<WriteAccess>(WriteAccess{.range = Range{0, 10, 0}})};
  EXPECT_EQ(integer.tree.write(integer.id, 7.0), SetResult::accepted);
  EXPECT_EQ(std::get<std::int32_t>(integer.tree[integer.id].value), 7);
  EXPECT_EQ(integer.tree.write(integer.id, 7.5), SetResult::not_writable);
  EXPECT_EQ(integer.tree.write(integer.id, std::int64_t{1} << 40), SetResult::not_writable);
  EXPECT_EQ(integer.tree.write(integer.id, std::numeric_limits<double>::quiet_NaN()), SetResult::not_writable);
  EXPECT_EQ(integer.tree.write(integer.id, "7"), SetResult::not_writable);
  EXPECT_EQ(integer.tree.write(integer.id, std::int64_t{11}), SetResult::refused);

  OneItem number{volts, std::make_unique<WriteAccess>()};
  EXPECT_EQ(number.tree.write(number.id, std::int64_t{7}), SetResult::accepted);
  EXPECT_EQ(number.number(), 7.0);
  EXPECT_EQ(number.tree.write(number.id, std::numeric_limits<double>::infinity()), SetResult::refused);
  EXPECT_EQ(number.number(), 7.0);
}

TEST(VenusItemTree, AsksTheOwnerOnlyAboutChanges) {
  int asked = 0;
  const auto refuse = [&asked](const Value&) {
    ++asked;
    return SetResult::refused;
  };
  OneItem item{count, std::make_unique<WriteAccess>(WriteAccess{.decide = refuse})};
  item.changes(std::int32_t{1});
  EXPECT_EQ(item.tree.write(item.id, std::int64_t{1}), SetResult::accepted);
  EXPECT_EQ(asked, 0);
  EXPECT_EQ(item.tree.write(item.id, std::int64_t{2}), SetResult::refused);
  EXPECT_EQ(std::get<std::int32_t>(item.tree[item.id].value), 1);
  OneItem read_only{count};
  EXPECT_EQ(read_only.tree.write(read_only.id, std::int64_t{2}), SetResult::not_writable);
}

TEST(VenusItemTree, TheOwnerMayPutAnotherValueInPlace) {
  const auto halve = [](Value& value) {
    value = std::get<double>(value) / 2;
    return SetResult::accepted;
  };
  OneItem item{volts, std::make_unique<WriteAccess>(WriteAccess{.decide = halve, .range = Range{0, 10, 0}})};
  EXPECT_EQ(item.tree.write(item.id, 8.0), SetResult::accepted);
  EXPECT_EQ(item.number(), 4.0);
}

TEST(VenusItemTree, AnActionIsMeantEveryTimeAndChangesNothingByItself) {
  std::vector<Value> done;
  const auto act = [&done](const Value& value) {
    done.push_back(value);
    return std::get<std::int32_t>(value) == 2 ? SetResult::refused : SetResult::accepted;
  };
  OneItem item{count, std::make_unique<WriteAccess>(WriteAccess{.act = act, .action = true})};
  item.changes(std::int32_t{0});
  for (const std::int64_t number : {1, 1, 0}) EXPECT_EQ(item.tree.write(item.id, number), SetResult::accepted);
  EXPECT_EQ(item.tree.write(item.id, std::int64_t{2}), SetResult::refused) << "what it answers is the answer";
  EXPECT_EQ(done.size(), 4U);
  EXPECT_EQ(std::get<std::int32_t>(item.tree[item.id].value), 0);
}

TEST(VenusItemTree, WhatIsRefusedAtLastIsNotShown) {
  const auto refuse = [](const Value&) { return SetResult::refused; };
  OneItem item{count, std::make_unique<WriteAccess>(WriteAccess{.act = refuse})};
  item.changes(std::int32_t{1});
  EXPECT_EQ(item.tree.write(item.id, std::int64_t{3}), SetResult::refused);
  EXPECT_EQ(std::get<std::int32_t>(item.tree[item.id].value), 1);
}

TEST(VenusItemTree, AWriteIsOverWhenItIsActedOn) {
  OneItem* self = nullptr;
  const auto act = [&self](const Value& value) {
    EXPECT_EQ(self->tree[self->id].value, value) << "the tree shows it already";
    self->tree.set(self->id, std::int32_t{7});
    return SetResult::accepted;
  };
  OneItem item{count, std::make_unique<WriteAccess>(WriteAccess{.act = act})};
  self = &item;
  EXPECT_EQ(item.tree.write(item.id, std::int64_t{3}), SetResult::accepted);
  EXPECT_EQ(std::get<std::int32_t>(item.tree[item.id].value), 7);
  EXPECT_EQ(item.tree.changed().size(), 1U) << "one item that has changed, however often";
}

// The GUI shows a wish, and does not send it a second time, until it hears of the item.
TEST(VenusItemTree, AWishThatIsNotTakenIsAnsweredByWhatIsThere) {
  const auto refuse = [](const Value&) { return SetResult::refused; };
  const auto another = [](Value& value) {
    value = std::int32_t{5};
    return SetResult::accepted;
  };
  for (const WriteAccess& write :
       {WriteAccess{.decide = refuse}, WriteAccess{.decide = another}, WriteAccess{.range = Range{0, 5, 0}},
        WriteAccess{.act = refuse}, WriteAccess{.act = refuse, .action = true}, WriteAccess{.action = true}}) {
    OneItem item{count, std::make_unique<WriteAccess>(write)};
    item.tree.set(item.id, std::int32_t{5});
    for (int wishes = 0; wishes < 2; ++wishes) {
      item.tree.clear_changes();
      std::ignore = item.tree.write(item.id, std::int64_t{7});
      EXPECT_EQ(item.tree[item.id].value, Value{std::int32_t{5}});
      EXPECT_EQ(paths(item.tree, item.tree.changed()), std::vector<std::string>{item.tree[item.id].path});
    }
  }
}

TEST(VenusItemTree, AsksForLiveValuesWithoutAnnouncingThem) {
  ItemTree tree;
  double age_s = 1.04;
  const auto id =
      tree.add_live("/Age", {Type::real, {1, "s"}, {.counts_per_unit = 10}}, [&age_s] { return real(age_s); });
  tree.refresh();
  EXPECT_EQ(shown(tree[id]), "1.0s");
  age_s = 7.5;
  tree.refresh();
  EXPECT_EQ(tree[id].value, Value{7.5});
  EXPECT_TRUE(tree.changed().empty());
}

// News of copies.

constexpr Kind copied_volts{Type::real, {2, "V"}, {.counts_per_unit = 100}, true};

struct WithCopy {
  void set(ValueView value) {
    tree.set(original, value);
    tree.set(copy, value);
  }
  void clear() {
    tree.clear_changes();
    tree.clear_changed_copies();
  }

  ItemTree tree;
  ItemTree::Id original = tree.add("/Original", volts);
  ItemTree::Id copy = tree.add("/Copy", copied_volts);
};

TEST(VenusItemTree, NewsOfACopyMayWait) {
  WithCopy items;
  items.set(1.0);
  items.clear();
  items.set(2.0);
  EXPECT_EQ(paths(items.tree, items.tree.changed()), std::vector<std::string>{"/Original"});
  EXPECT_EQ(paths(items.tree, items.tree.changed_copies()), std::vector<std::string>{"/Copy"});
  EXPECT_EQ(shown(items.tree[items.copy]), "2.00V");
  items.tree.clear_changes();
  items.set(3.0);
  EXPECT_EQ(paths(items.tree, items.tree.changed_copies()), std::vector<std::string>{"/Copy"}) << "still, and once";
  items.clear();
  EXPECT_TRUE(items.tree.changed_copies().empty());
}

TEST(VenusItemTree, ThatACopyIsValidOrNotDoesNotWait) {
  WithCopy items;
  const std::vector<std::string> both{"/Original", "/Copy"};
  items.set(1.0);
  EXPECT_EQ(paths(items.tree, items.tree.changed()), both);
  items.clear();
  items.set(2.0);
  items.set({});
  EXPECT_EQ(paths(items.tree, items.tree.changed()), both);
  EXPECT_TRUE(items.tree.changed_copies().empty());
  items.clear();
  items.set(2.0);
  EXPECT_EQ(paths(items.tree, items.tree.changed()), both);
}

}  // namespace
}  // namespace bms::items
