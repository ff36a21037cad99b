// Which cell is weak is found out in ten days of use, and docs/cells.md shows it.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "battery/cell_ranking.hpp"
#include "figures_table.hpp"
#include "watched_days.hpp"

namespace bms::model {
namespace {

using battery::CellVerdict;
using battery::RankedCell;

const std::filesystem::path docs = DOCS_DIR;
constexpr std::uintmax_t largest_picture = 100'000;

std::vector<RankedCell> cells_of(std::string_view name) {
  const auto packs = watched_packs();
  const auto pack = std::ranges::find(packs, name, &WatchedPack::name);
  return pack == packs.end() ? std::vector<RankedCell>() : battery::ranked(watched(pack->design).record);
}

TEST(WatchedDays, AnEvenPackHasNoWeakCell) {
  const auto cells = cells_of("even");
  ASSERT_EQ(cells.size(), 16U);
  for (const RankedCell& cell : cells) EXPECT_EQ(cell.verdict, CellVerdict::even) << cell.cell;
}

TEST(WatchedDays, ACellThatHoldsLessIsTheWeakest) {
  const auto cells = cells_of("weak-cell");
  ASSERT_EQ(cells.size(), 16U);
  EXPECT_EQ(cells.front().cell, 4U);
  EXPECT_EQ(cells.front().verdict, CellVerdict::weak);
  EXPECT_GT(cells.front().weakness_mv, 2 * cells[1].weakness_mv);
}

TEST(WatchedDays, ACellThatIsOnlyEmptierIsNotCalledWeak) {
  const auto cells = cells_of("emptier-cell");
  ASSERT_EQ(cells.size(), 16U);
  for (const RankedCell& cell : cells) EXPECT_NE(cell.verdict, CellVerdict::weak) << cell.cell;
}

TEST(CellsPage, ShowsEveryPicture) {
  const std::string page = read_text(docs / "cells.md");
  for (const WatchedPack& pack : watched_packs()) {
    const std::string picture = "cells/" + std::string(pack.name) + ".svg";
    EXPECT_NE(page.find("](" + picture + ")"), std::string::npos) << picture;
    EXPECT_GT(std::filesystem::file_size(docs / picture), 1000U);
    EXPECT_LT(std::filesystem::file_size(docs / picture), largest_picture) << picture;
  }
}

}  // namespace
}  // namespace bms::model
