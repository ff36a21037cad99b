// Configurations of dbus-serialbattery, imported and then run in closed loop: they charge to the end where the old file
// let them, and no cell gets further.
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "bench.hpp"
#include "config/import/import.hpp"

namespace bms::model {
namespace {

struct OldFile {
  const char* name;
  const char* text;
  CellKind kind;
  double soc_pct;
  double highest_cell_v;  ///< where its table of charge currents by cell voltage ends
  bool gets_full;
};

/// What import makes of it, without the title of the section.
std::string imported(const char* text) {
  std::istringstream theirs(text);
  const std::string ours = config::import_serialbattery(theirs).text;
  constexpr std::string_view title = "[default]\n";
  return ours.substr(ours.find(title) + title.size());
}

class ImportedFile : public testing::TestWithParam<OldFile> {};

TEST_P(ImportedFile, ChargesToTheEndAndNoFurther) {
  const OldFile& file = GetParam();
  const std::string config = imported(file.text);
  for (const FeedIn feed_in : {FeedIn::off, FeedIn::on}) {
    for (const double runner_pct : {0.0, 1.2}) {
      Scenario scenario;
      scenario.config = config;
      scenario.pack.kind = file.kind;
      scenario.pack.soc_pct = file.soc_pct;
      scenario.pack.odd.soc_pct = runner_pct;
      scenario.feed_in = feed_in;
      OurControl control(config_for(scenario, 1));
      const Figures figures = Bench(scenario, control, 1).run();
      const std::string where = "feed-in " + std::to_string(static_cast<int>(feed_in)) + ", runner " +
                                std::to_string(runner_pct) + "\n" + config;
      EXPECT_LE(figures.peak_cell_v, file.highest_cell_v + 0.005) << where;
      EXPECT_EQ(figures.absorption_left_s.has_value(), file.gets_full) << where;
      EXPECT_TRUE(figures.sound) << where;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Owners, ImportedFile,
    testing::Values(
        OldFile{
            "with_a_low_table",
            "CELL_VOLTAGES_WHILE_CHARGING = 3.48, 3.45, 3.42, 3.40\nMAX_CHARGE_CURRENT_CV_FRACTION = 0, 0.1, 0.4, 1\n",
            CellKind::lfp, 90, 3.48, true},
        OldFile{"with_a_table_below_its_highest",
                "[DEFAULT]\nMAX_CELL_VOLTAGE = 3.60\nCELL_VOLTAGES_WHILE_CHARGING = 3.50, 3.45, 3.40\n"
                "MAX_CHARGE_CURRENT_CV_FRACTION = 0, 0.1, 1\n",
                CellKind::lfp, 90, 3.50, true},
        // A thousandth of the current from 3.5 V on takes longer than a day, as it did before.
        OldFile{"with_a_table_that_never_ends",
                "[DEFAULT]\nMAX_CELL_VOLTAGE = 3.550\nCELL_VOLTAGES_WHILE_CHARGING = 3.5, 3.45, 3.425, 3.4, 3.375\n"
                "MAX_CHARGE_CURRENT_CV_FRACTION = 0.001, 0.015, 0.250, 0.250, 1.000\n",
                CellKind::lfp, 90, 3.55, false},
        OldFile{
            "of_modules_of_an_electric_car",
            "[DEFAULT]\nMAX_CELL_VOLTAGE = 4.10\nMIN_CELL_VOLTAGE = 3.25\nFLOAT_CELL_VOLTAGE = 3.85\n"
            "CELL_VOLTAGES_WHILE_CHARGING = 4.10, 4.05, 4.00, 3.90\nMAX_CHARGE_CURRENT_CV_FRACTION = 0, 0.05, 0.5, 1\n",
            CellKind::li_ion, 70, 4.10, true}),
    [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace bms::model
