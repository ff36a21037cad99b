// What docs/charge-control.md says is what the bench measures, and its pictures are there.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "figures_table.hpp"
#include "scenarios.hpp"

namespace bms::model {
namespace {

const std::filesystem::path docs = DOCS_DIR;
constexpr std::uintmax_t largest_picture = 60'000;

/// Whether two cells of one column say the same. Other compilers round differently, and a loop swings differently then.
void expect_alike(const std::string& documented, const std::string& measured, double margin, double share) {
  char* end = nullptr;
  const double value = std::strtod(measured.c_str(), &end);
  if (end == measured.c_str()) {
    EXPECT_EQ(documented, measured);
  } else {
    EXPECT_NEAR(std::strtod(documented.c_str(), nullptr), value, margin + share * std::abs(value));
  }
}

TEST(ChargeControlPage, SaysWhatTheBenchMeasures) {
  const Rows documented = rows_in(read_text(docs / "charge-control.md"));
  const Rows measured = measured_rows();
  ASSERT_EQ(documented.size(), measured.size()) << "tools/charge-report writes it";
  for (std::size_t i = 0; i < measured.size(); ++i) {
    SCOPED_TRACE(measured[i][0] + ": tools/charge-report writes what is measured now");
    ASSERT_EQ(documented[i].size(), measured[i].size());
    EXPECT_EQ(documented[i][0], measured[i][0]);
    expect_alike(documented[i][1], measured[i][1], 0.003, 0);
    expect_alike(documented[i][2], measured[i][2], 0.02, 0);
    expect_alike(documented[i][3], measured[i][3], 1, 0.03);
    expect_alike(documented[i][4], measured[i][4], 0.1, 0.2);
  }
}

TEST(ChargeControlPage, ShowsItsPictures) {
  const std::string page = read_text(docs / "charge-control.md");
  for (const std::string_view name : pictured()) {
    const std::string picture = "charge/" + std::string(name) + ".svg";
    EXPECT_NE(page.find("(" + picture + ")"), std::string::npos) << picture;
    ASSERT_TRUE(std::filesystem::exists(docs / picture)) << picture;
    EXPECT_LT(std::filesystem::file_size(docs / picture), largest_picture) << picture;
  }
}

}  // namespace
}  // namespace bms::model
