// The options of `bms-sim chargery`.
#include "chargery_family.hpp"

#include <map>
#include <memory>
#include <stdexcept>
#include <string>

#include "chargery_board.hpp"

namespace bms::sim {
namespace {

constexpr std::size_t largest_board = 24;

}  // namespace

MakeBoard add_chargery_options(CLI::App& app) {
  const auto options = std::make_shared<ChargeryOptions>();
  ChargeryOptions& to = *options;
  using Firmware = ChargeryOptions::Firmware;
  app.add_option("--board", to.inputs, "Inputs of the board; else as many as the cells need")
      ->check(CLI::IsMember({8U, 16U, 24U}));
  app.add_option("--firmware", to.firmware, "v120, v122, v124, v125 or v126 [v126]")
      ->transform(CLI::CheckedTransformer(std::map<std::string, Firmware>{{"v120", Firmware::v120},
                                                                          {"v122", Firmware::v122},
                                                                          {"v124", Firmware::v124},
                                                                          {"v125", Firmware::v125},
                                                                          {"v126", Firmware::v126}}));
  app.add_option("--charge-end", to.charge_end_v, "Cell voltage at which the board stops charging, as set on it")
      ->check(CLI::Range(1.5, 5.0))
      ->capture_default_str();
  app.add_option("--discharge-end", to.discharge_end_v, "Cell voltage at which it stops discharging")
      ->check(CLI::Range(0.5, 5.0))
      ->capture_default_str();
  app.add_option("--separator", to.separator_every, "A separator after so many system frames; 0: never")
      ->check(CLI::Range(0U, 1000U))
      ->capture_default_str();
  app.add_flag_callback("--no-noise", [&to] { to.noise = false; }, "Inputs without a cell show 0 V");
  return [options](Pack& pack, const Place& place) {
    if (pack.cell_count() > (options->inputs > 0 ? options->inputs : largest_board))
      throw std::runtime_error("the board has fewer inputs than there are cells");
    options->seed = place.seed;
    return std::make_unique<ChargeryBoard>(pack, *options);
  };
}

}  // namespace bms::sim
