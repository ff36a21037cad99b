// The options of `bms-sim rec`.
#include "rec_family.hpp"

#include <map>
#include <memory>
#include <string>

#include "rec_board.hpp"

namespace bms::sim {

MakeBoard add_rec_options(CLI::App& app) {
  const auto options = std::make_shared<RecOptions>();
  RecOptions& to = *options;
  to.address = 0;  // not given
  app.add_option("--kind", to.kind, "1q, abms (needs 4 cells for each unit) or master")
      ->transform(CLI::CheckedTransformer(
          std::map<std::string, RecKind>{{"1q", RecKind::q1}, {"abms", RecKind::abms}, {"master", RecKind::master}}));
  app.add_option("--address", to.address, "Address of the first unit; 1 for a 1Q, 2 for an ABMS, 16 for a master")
      ->check(CLI::Range(1U, 127U));
  app.add_option("--serial", to.serial, "Serial number of the first ABMS; the others count on")
      ->check(CLI::Range(0U, 9999U))
      ->capture_default_str();
  app.add_option("--model", to.model, "Text that *IDN tells");
  app.add_option("--firmware", to.firmware, "Text that SWVR tells")->capture_default_str();
  app.add_option("--units", to.units, "Units behind the address that the cells are spread over")
      ->check(CLI::Range(1U, 16U))
      ->capture_default_str();
  app.add_flag("--one-frame", to.one_frame, "The values of all units come in one frame");
  app.add_flag_callback("--no-counts", [&to] { to.counts = false; }, "LCD1, LCD3 and ERRO come without a count");
  app.add_option("--lacks", to.lacks, "Instructions that stay unanswered")->delimiter(',');
  return [options](Pack& pack, const Place& place) {
    RecOptions mine = *options;
    mine.serial = (mine.serial + place.number) % 10000;
    mine.address = (mine.address == 0 ? usual_rec_address(mine.kind) : mine.address) + place.number;
    return std::make_unique<RecBoard>(pack, mine);
  };
}

}  // namespace bms::sim
