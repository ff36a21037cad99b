// Draws scenarios of the bench with our control, and writes the table of their figures: charge_report [--list]
// [--out DIR] [SCENARIO...]. See tools/charge-report.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "chart.hpp"
#include "figures_table.hpp"
#include "scenarios.hpp"

namespace bms::model {
namespace {

struct Wish {
  std::filesystem::path folder = "docs/charge";
  std::vector<const Case*> chosen;
  bool page = false;  ///< the table of the documentation as well
};

void choose(Wish& wish, std::string_view name) {
  bool known = false;
  for (const Case& each : cases()) {
    if (name != "all" && each.name != name) continue;
    wish.chosen.push_back(&each);
    known = true;
  }
  if (!known) throw std::runtime_error("no scenario is called " + std::string(name));
}

Wish understood(const std::vector<std::string>& arguments) {
  Wish wish;
  for (auto argument = arguments.begin(); argument != arguments.end(); ++argument) {
    if (*argument == "--out") {
      if (++argument == arguments.end()) throw std::runtime_error("--out needs a folder");
      wish.folder = *argument;
    } else {
      choose(wish, *argument);
    }
  }
  if (!wish.chosen.empty()) return wish;
  for (const std::string_view name : pictured()) choose(wish, name);
  wish.page = true;
  return wish;
}

void draw(const Case& each, const std::filesystem::path& folder) {
  OurControl control(config_for(each.scenario, 1));
  Bench bench(each.scenario, control, 1);
  Chart chart(each.title, static_cast<int>(each.scenario.hours * 3600));
  while (bench.advance()) chart.add(bench);
  const std::filesystem::path path = folder / (std::string(each.name) + ".svg");
  std::ofstream(path) << chart.svg();
  std::cout << path.string() << ": highest cell " << bench.figures().peak_cell_v << " V\n";
}

/// The page beside the folder of its pictures, if it is there.
void write_table(const std::filesystem::path& page) {
  const std::string text = read_text(page);
  if (text.empty()) return;
  std::ofstream(page) << with_rows(text, measured_rows());
  std::cout << page.string() << ": the table is new\n";
}

int run(const std::vector<std::string>& arguments) {
  if (arguments.size() == 1 && arguments.front() == "--list") {
    for (const Case& each : cases()) std::cout << each.name << ": " << each.title << '\n';
    return 0;
  }
  const Wish wish = understood(arguments);
  std::filesystem::create_directories(wish.folder);
  for (const Case* each : wish.chosen) draw(*each, wish.folder);
  if (wish.page) write_table(wish.folder.parent_path() / "charge-control.md");
  return 0;
}

}  // namespace
}  // namespace bms::model

int main(int argc, char** argv) {
  try {
    return bms::model::run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << "charge_report: " << error.what() << '\n';
    return 2;
  }
}
