// docs/bank.md shows what the bench makes of a bank. UPDATE_DOCS=1, as in tools/docs, draws its pictures anew.
#include <gtest/gtest.h>

#include <cctype>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "bank_stories.hpp"
#include "figures_table.hpp"

namespace bms::model {
namespace {

const std::filesystem::path docs = DOCS_DIR;
constexpr std::uintmax_t largest_picture = 60'000;
constexpr double alike = 3;               // of 788, the width of a picture
constexpr double different_share = 0.02;  // where a step is in another column

/// A picture without its numbers, and these.
struct Drawing {
  std::string shape{};
  std::vector<double> numbers{};
};

Drawing drawing_of(const std::string& svg) {
  Drawing drawing;
  const char* at = svg.c_str();
  while (*at != '\0') {
    if (std::isdigit(static_cast<unsigned char>(*at)) == 0) {
      drawing.shape += *at++;
      continue;
    }
    char* end = nullptr;
    drawing.numbers.push_back(std::strtod(at, &end));
    at = end;
  }
  return drawing;
}

/// Other compilers round differently, and a loop swings differently then.
void expect_alike(const std::string& kept, const std::string& made) {
  const Drawing before = drawing_of(kept);
  const Drawing now = drawing_of(made);
  EXPECT_EQ(before.shape, now.shape);
  ASSERT_EQ(before.numbers.size(), now.numbers.size());
  double different = 0;
  for (std::size_t i = 0; i < now.numbers.size(); ++i)
    different += std::abs(before.numbers[i] - now.numbers[i]) > alike ? 1 : 0;
  EXPECT_LE(different, different_share * static_cast<double>(now.numbers.size()));
}

TEST(BankPage, ShowsWhatTheBenchMakes) {
  const std::string page = read_text(docs / "bank.md");
  ASSERT_FALSE(bank_stories().empty());
  for (const BankStory& story : bank_stories()) {
    const std::string name = "bank/" + std::string(story.name) + ".svg";
    SCOPED_TRACE(name + ": tools/docs draws what the bench makes now");
    EXPECT_NE(page.find("](" + name + ")"), std::string::npos);
    const std::string made = story.run().svg;
    EXPECT_GT(made.size(), 10'000U);
    EXPECT_LT(made.size(), largest_picture);
    if (std::getenv("UPDATE_DOCS") != nullptr) {
      std::filesystem::create_directories(docs / "bank");
      std::ofstream(docs / name) << made;
    } else {
      expect_alike(read_text(docs / name), made);
    }
  }
}

BankStoryFigures figures_of(std::string_view name) {
  for (const BankStory& story : bank_stories()) {
    if (story.name == name) return story.run();
  }
  ADD_FAILURE() << "there is no " << name;
  return {};
}

TEST(BankPage, NoPackIsAboveItsLimitWhileUnequalOnesAreCharged) {
  const BankStoryFigures figures = figures_of("unequal-packs");
  EXPECT_EQ(figures.longest_above_s, 0);
  EXPECT_TRUE(figures.became_full);
  EXPECT_LT(figures.most_ccl_a, 180);  // their limits are 140 A and 50 A
}

TEST(BankPage, AfterASilenceTheOldLimitComesBack) {
  const BankStoryFigures figures = figures_of("silent-pack");
  EXPECT_EQ(figures.longest_above_s, 0);
  EXPECT_LE(figures.least_ccl_a, 65);  // 20 A of 100 Ah for the one that nobody hears
  EXPECT_GE(figures.last_ccl_a, 0.95 * figures.most_ccl_a);
}

TEST(BankPage, AFullerCellHoldsTheString) {
  const BankStoryFigures figures = figures_of("fuller-cell");
  EXPECT_LE(figures.longest_above_s, 10);   // until the charger has followed
  EXPECT_LE(figures.highest_cell_v, 3.53);  // where the curve of the highest cell ends
  EXPECT_TRUE(figures.became_full);
}

}  // namespace
}  // namespace bms::model
