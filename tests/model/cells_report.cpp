// Draws the pictures of docs/cells.md, and prints the tables for it: cells_report [FOLDER].
#include <filesystem>
#include <fstream>
#include <iostream>

#include "cli/cells/picture.hpp"
#include "cli/cells/texts.hpp"
#include "watched_days.hpp"

int main(int argc, char** argv) {
  const std::filesystem::path folder = argc > 1 ? argv[1] : "docs/cells";
  std::filesystem::create_directories(folder);
  for (const bms::model::WatchedPack& pack : bms::model::watched_packs()) {
    const auto document = bms::model::watched(pack.design);
    const std::filesystem::path path = folder / (std::string(pack.name) + ".svg");
    std::ofstream(path) << bms::cli::cells_picture(document, pack.name);
    bms::cli::print_cells(document, pack.name, std::cout);
    std::cout << '\n' << path.string() << "\n\n";
  }
  return 0;
}
