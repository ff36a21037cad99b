// The options of `bms-sim chargery`.
#include "chargery_family.hpp"

#include <memory>
#include <stdexcept>
#include <string>

#include "chargery_board.hpp"
#include "cli/usage.hpp"

namespace bms::sim {
namespace {

constexpr std::size_t largest_board = 24;

}  // namespace

MakeBoard add_chargery_options(CLI::App& app) {
  const auto options = std::make_shared<ChargeryOptions>();
  ChargeryOptions& to = *options;
  using Firmware = ChargeryOptions::Firmware;
  cli::add_choice<std::size_t>(app, "--board", to.inputs, {{"8", 8}, {"16", 16}, {"24", 24}},
                               "Inputs of the board; else as many as the cells need");
  cli::add_choice<Firmware>(app, "--firmware", to.firmware,
                            {{"v120", Firmware::v120},
                             {"v122", Firmware::v122},
                             {"v124", Firmware::v124},
                             {"v125", Firmware::v125},
                             {"v126", Firmware::v126}},
                            "Version of the main unit's firmware [v126]");
  app.add_option("--charge-end", to.charge_end_v,
                 "Cell voltage in V at which the board stops charging, 1.5 to 5, as set on it")
      ->check(cli::number_within(1.5, 5, "V"))
      ->type_name("VOLTS")
      ->capture_default_str();
  app.add_option("--discharge-end", to.discharge_end_v, "Cell voltage in V at which it stops discharging, 0.5 to 5")
      ->check(cli::number_within(0.5, 5, "V"))
      ->type_name("VOLTS")
      ->capture_default_str();
  app.add_option("--separator", to.separator_every, "A separator after so many system frames, 0 to 1000; 0: never")
      ->check(cli::whole_within(0, 1000, "frames"))
      ->type_name("COUNT")
      ->capture_default_str();
  app.add_flag_callback("--no-noise", [&to] { to.noise = false; }, "Inputs without a cell show 0 V");
  return [options](Pack& pack, const Place& place) {
    if (pack.cell_count() > (options->inputs > 0 ? options->inputs : largest_board))
      throw std::runtime_error("the board has fewer inputs than there are cells");
    options->seed = place.seed;
    return std::make_unique<ChargeryBoard>(pack, *options);
  };
}

std::vector<CommandText> chargery_commands() { return texts_of(ChargeryBoard::commands()); }

}  // namespace bms::sim
