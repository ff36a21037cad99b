// The options of `bms-sim ant`.
#include "ant_family.hpp"

#include <algorithm>
#include <cctype>
#include <memory>
#include <string>

#include "ant_board.hpp"
#include "cli/usage.hpp"

namespace bms::sim {
namespace {

std::string no_chip_id(const std::string& text) {
  const bool digits = std::ranges::all_of(text, [](unsigned char c) { return std::isxdigit(c) != 0; });
  return digits && text.size() == 24 ? std::string() : "expected 24 hexadecimal digits, found \"" + text + "\"";
}

}  // namespace

MakeBoard add_ant_options(CLI::App& app) {
  const auto options = std::make_shared<AntOptions>();
  AntOptions& to = *options;
  using Dialect = AntOptions::Dialect;
  using StatusRequest = AntOptions::StatusRequest;
  cli::add_choice<Dialect>(app, "--dialect", to.dialect,
                           {{"new", Dialect::newer}, {"old", Dialect::older}, {"both", Dialect::both}},
                           "Which protocol it speaks [new]");
  app.add_option("--serial", to.chip_id, "Chip id, 24 hexadecimal digits; made from the seed unless given")
      ->check(no_chip_id)
      ->type_name("DIGITS");
  app.add_option("--model", to.model, "Model that the new protocol tells")->type_name("NAME")->capture_default_str();
  app.add_option("--firmware", to.firmware, "Firmware that the new protocol tells")
      ->type_name("NAME")
      ->capture_default_str();
  app.add_flag("!--no-identity", to.identity, "Do not answer the question for the chip id");
  app.add_flag("--long-status", to.long_status, "The longer status of newer firmware");
  app.add_flag("!--no-trailer", to.trailer, "Settings without the record behind the CRC");
  app.add_flag("!--no-capacity", to.capacity_told, "The status tells a capacity of 0");
  app.add_flag("--zero-probes", to.zero_probes, "Old: probes that are not fitted read 0 and not -40");
  cli::add_choice<StatusRequest>(
      app, "--status-request", to.status_request,
      {{"any", StatusRequest::any}, {"db", StatusRequest::display}, {"5a", StatusRequest::read}},
      "Old: which question for the status is answered [any]");
  app.add_option("--permission", to.permission,
                 "Level that needs no password, 0 to 5; 0 refuses every order until a login")
      ->check(cli::whole_within(0, 5, "a level"))
      ->type_name("LEVEL")
      ->capture_default_str();
  app.add_option("--password", to.password, "Password for switching, 8 characters")
      ->type_name("PASSWORD")
      ->capture_default_str();
  app.add_option("--switching-frames", to.switching_frames, "Status frames until a FET that is switched on is seen on")
      ->check(cli::whole_within(0, 1000, "frames"))
      ->type_name("COUNT")
      ->capture_default_str();
  return [options](Pack& pack, const Place& place) { return std::make_unique<AntBoard>(pack, *options, place.seed); };
}

std::vector<CommandText> ant_commands() { return texts_of(AntBoard::commands()); }

}  // namespace bms::sim
