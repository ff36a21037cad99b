#include "cli/cells/command.hpp"

#include <iostream>
#include <memory>
#include <string>

#include "cli/cells/kept.hpp"
#include "cli/cells/picture.hpp"
#include "cli/cells/png.hpp"
#include "cli/cells/texts.hpp"
#include "cli/command_options.hpp"
#include "cli/watch/text.hpp"
#include "driver/daemon.hpp"
#include "files/atomic_file.hpp"
#include "files/small_file.hpp"

namespace bms::cli {

namespace {

struct CellsOptions {
  std::string battery, svg_file, png_file;
  bool csv = false, json = false;
  std::string state_directory = place_of_kept_cells(), run_directory = driver::usual_run_directory();
};

ExitCode write_picture(const std::string& path, const KeptCells& kept) {
  const auto file = files::open_to_overwrite(path);
  if (file && files::write_all(*file, cells_picture(kept.document, kept.battery))) return ExitCode::stopped;
  std::cerr << "dbus-bms: " << path << ' ' << (file ? "could not be written" : file.error()) << '\n';
  return ExitCode::configuration;
}

ExitCode write_png_picture(const std::string& path, const KeptCells& kept) {
  const auto written = write_png(path, cells_picture(kept.document, kept.battery));
  if (written) return ExitCode::stopped;
  std::cerr << "dbus-bms: " << path << ' ' << written.error() << '\n';
  return ExitCode::configuration;
}

/// The table of each pack, or why there is none.
ExitCode show_bank(const CellsOptions& options, const KeptBank& bank) {
  if (!options.svg_file.empty() || !options.png_file.empty() || options.csv || options.json) {
    std::cerr << "dbus-bms: " << clean(options.battery, false)
              << " is a bank, and --csv, --json, --svg and --png are for "
              << "one battery; name one of its packs";
    for (const KeptCells& pack : bank.packs) std::cerr << "\n  " << clean(pack.battery, false);
    std::cerr << '\n';
    return ExitCode::configuration;
  }
  for (const KeptCells& pack : bank.packs) {
    if (&pack != &bank.packs.front()) std::cout << '\n';
    print_cells(pack.document, pack.battery, std::cout);
  }
  for (const std::string& problem : bank.problems) std::cerr << "dbus-bms: " << clean(problem, false) << '\n';
  for (const std::string& pack : bank.unknown) {
    std::cerr << "dbus-bms: nothing is kept of the cells of a battery called " << clean(pack, false)
              << ", as the bank calls this pack; of a new battery they are written after ten minutes\n";
  }
  return bank.packs.empty() ? ExitCode::not_found : ExitCode::stopped;
}

ExitCode show_cells(const CellsOptions& options) {
  if (const auto bank = find_kept_bank(options.state_directory, options.run_directory, options.battery))
    return show_bank(options, *bank);
  const auto kept = find_kept_cells(options.state_directory, options.run_directory, options.battery);
  if (!kept) {
    std::cerr << "dbus-bms: " << kept.error().message << '\n';
    return kept.error().kind == ErrorKind::silent ? ExitCode::not_found : ExitCode::configuration;
  }
  if (!options.svg_file.empty()) return write_picture(options.svg_file, *kept);
  if (!options.png_file.empty()) return write_png_picture(options.png_file, *kept);
  if (options.csv) {
    print_cells_csv(kept->document.record, std::cout);
  } else if (options.json) {
    print_cells_json(kept->document, kept->battery, std::cout);
  } else {
    print_cells(kept->document, kept->battery, std::cout);
  }
  return ExitCode::stopped;
}

}  // namespace

void add_cells(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<CellsOptions>();
  CLI::App* command =
      add_command(app, "cells", "Which cell is weak: how each one differs from the others, and what has happened to it",
                  "  dbus-bms cells                    # of the only battery that is known\n"
                  "  dbus-bms cells ttyUSB0 --svg cells.svg\n"
                  "  dbus-bms cells House              # of every pack of a bank\n"
                  "  dbus-bms cells --csv > cells.csv\n");
  add_word(*command, "BATTERY", options->battery,
           "Any name of the battery, or the end of one: its place (ttyUSB0_2), its serial number, its identity "
           "(JBD:1234567890), what you call it; or the name of a bank; without it the only battery there is");
  CLI::Option* csv = command->add_flag("--csv", options->csv, "Print the last days, a row for every five minutes");
  CLI::Option* json = command->add_flag("--json", options->json, "Print one JSON object");
  CLI::Option* svg = add_value(*command, "--svg", "FILE", options->svg_file, "Draw the last days into this file");
  CLI::Option* png =
      add_value(*command, "--png", "FILE", options->png_file, "The same as PNG; needs rsvg-convert (librsvg2-bin)");
  csv->excludes(json)->excludes(svg)->excludes(png);
  json->excludes(svg)->excludes(png);
  svg->excludes(png);
  add_state_directory(*command, options->state_directory, "Where drivers keep what they know of cells");
  add_value(*command, "--run-dir", "DIRECTORY", options->run_directory, "Where running drivers keep what is newer")
      ->capture_default_str();
  command->callback([options, &chosen] { chosen = [options] { return show_cells(*options); }; });
}

}  // namespace bms::cli
