// The options of `bms-sim daly`.
#include "daly_family.hpp"

#include <memory>
#include <string>

#include "cli/usage.hpp"
#include "daly_a5_board.hpp"
#include "daly_register_board.hpp"

namespace bms::sim {

MakeBoard add_daly_options(CLI::App& app) {
  const auto options = std::make_shared<DalyOptions>();
  DalyOptions& to = *options;
  using Dialect = DalyOptions::Dialect;
  using Unknown = DalyOptions::Unknown;
  cli::add_choice<Dialect>(
      app, "--dialect", to.dialect,
      {{"a5", Dialect::a5}, {"a5-bluetooth", Dialect::a5_bluetooth}, {"d2", Dialect::d2}, {"p81", Dialect::p81}},
      "What it speaks [a5]");
  app.add_option("--address", to.address, "Number of the first board, 1 to 16; further ones count up")
      ->check(cli::whole_within(1, 16, "an address"))
      ->type_name("ADDRESS")
      ->capture_default_str();
  app.add_option("--code,--serial", to.code, "Battery code that a user has set, up to 35 characters; serial on p81")
      ->check(cli::at_most(35))
      ->type_name("CODE");
  app.add_option("--software", to.software, "Software version, up to 14 characters")
      ->type_name("NAME")
      ->capture_default_str();
  app.add_option("--hardware", to.hardware, "Hardware version, up to 14 characters")
      ->type_name("NAME")
      ->capture_default_str();
  app.add_flag("--zero-fill", to.zero_fill, "Newer 0xA5 firmware: zeros where classic one leaves old bytes");
  app.add_flag("--no-parameters", to.silent_parameters, "0x50 to 0x63 are not answered");
  app.add_flag("--short-map", to.short_map, "d2 without the registers from 0x3E on");
  cli::add_choice<Unknown>(app, "--unknown-registers", to.unknown,
                           {{"ffff", Unknown::ffff}, {"silent", Unknown::silent}, {"repeat", Unknown::repeat}},
                           "What becomes of those [ffff]");
  return [options](Pack& pack, const Place& place) -> std::unique_ptr<Board> {
    DalyOptions own = *options;
    own.address += place.number;
    if (place.number > 0 && !own.code.empty()) own.code += "-" + std::to_string(place.number + 1);
    if (own.dialect == Dialect::a5 || own.dialect == Dialect::a5_bluetooth)
      return std::make_unique<DalyA5Board>(pack, own);
    return std::make_unique<DalyRegisterBoard>(pack, own);
  };
}

std::vector<CommandText> daly_commands() { return texts_of(DalyBoard::commands()); }

}  // namespace bms::sim
