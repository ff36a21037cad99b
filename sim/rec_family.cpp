// The options of `bms-sim rec`.
#include "rec_family.hpp"

#include <memory>
#include <string>

#include "cli/usage.hpp"
#include "rec_board.hpp"

namespace bms::sim {

MakeBoard add_rec_options(CLI::App& app) {
  const auto options = std::make_shared<RecOptions>();
  RecOptions& to = *options;
  to.address = 0;  // not given
  cli::add_choice<RecKind>(app, "--kind", to.kind,
                           {{"1q", RecKind::q1}, {"abms", RecKind::abms}, {"master", RecKind::master}},
                           "What it is; abms needs 4 cells for each unit [1q]");
  app.add_option("--address", to.address,
                 "Address of the first unit, 1 to 127; else 1 for a 1Q, 2 for an ABMS, 16 for a master")
      ->check(cli::whole_within(1, 127, "an address"))
      ->type_name("ADDRESS");
  app.add_option("--serial", to.serial, "Serial number of the first ABMS, 0 to 9999; the others count on")
      ->check(cli::whole_within(0, 9999, "a serial number"))
      ->type_name("NUMBER")
      ->capture_default_str();
  app.add_option("--model", to.model, "Text that *IDN tells")->type_name("NAME");
  app.add_option("--firmware", to.firmware, "Text that SWVR tells")->type_name("NAME")->capture_default_str();
  app.add_option("--units", to.units, "Units behind the address that the cells are spread over, 1 to 16")
      ->check(cli::whole_within(1, 16, "units"))
      ->type_name("COUNT")
      ->capture_default_str();
  app.add_flag("--one-frame", to.one_frame, "The values of all units come in one frame");
  app.add_flag_callback("--no-counts", [&to] { to.counts = false; }, "LCD1, LCD3 and ERRO come without a count");
  app.add_option("--lacks", to.lacks, "Instructions that stay unanswered, as in PTEM,CYCL")
      ->delimiter(',')
      ->type_name("INSTRUCTIONS");
  return [options](Pack& pack, const Place& place) {
    RecOptions mine = *options;
    mine.serial = (mine.serial + place.number) % 10000;
    mine.address = (mine.address == 0 ? usual_rec_address(mine.kind) : mine.address) + place.number;
    return std::make_unique<RecBoard>(pack, mine);
  };
}

std::vector<CommandText> rec_commands() { return texts_of(RecBoard::commands()); }

}  // namespace bms::sim
