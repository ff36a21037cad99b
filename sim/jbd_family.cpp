// The options of `bms-sim jbd`.
#include "jbd_family.hpp"

#include <memory>
#include <sstream>
#include <string>

#include "cli/usage.hpp"
#include "jbd_board.hpp"
#include "jbd_up_board.hpp"

namespace bms::sim {
namespace {

std::uint8_t firmware_version(const std::string& text) {
  int high = 0;
  int low = 0;
  char dot = 0;
  std::istringstream stream(text);
  if (!(stream >> high >> dot >> low) || dot != '.' || high < 0 || high > 15 || low < 0 || low > 15)
    throw CLI::ValidationError("--firmware", "expected <0..15>.<0..15>, found \"" + text + "\"");
  return static_cast<std::uint8_t>(high * 16 + low);
}

/// `usual_address`: nobody has chosen one.
std::unique_ptr<Board> make_board(Pack& pack, const Place& place, JbdOptions own, JbdUpOptions up, bool usual_address) {
  own.seed = place.seed;
  own.address += place.number;
  if (own.dialect != JbdOptions::Dialect::up) return std::make_unique<JbdBoard>(pack, own);
  up.address = own.address + (usual_address ? 1 : 0);
  up.packs = place.boards;
  up.on_port = place.number == 0;
  up.serial = own.barcode;
  up.seed = place.seed;
  return std::make_unique<JbdUpBoard>(pack, up);
}

}  // namespace

MakeBoard add_jbd_options(CLI::App& app) {
  const auto options = std::make_shared<JbdOptions>();
  JbdOptions& to = *options;
  using Parameters = JbdOptions::Parameters;
  using Mosfet = JbdOptions::Mosfet;
  using Dialect = JbdOptions::Dialect;
  const auto up_options = std::make_shared<JbdUpOptions>();
  JbdUpOptions& up = *up_options;
  cli::add_choice<Dialect>(app, "--dialect", to.dialect,
                           {{"plain", Dialect::plain}, {"addressed", Dialect::addressed}, {"up", Dialect::up}},
                           "What it speaks: plain, with an address in each frame, or as the UP series [plain]");
  const CLI::Option* address =
      app.add_option("--address", to.address, "Address of the first board, 0 to 16 [0 if addressed, 1 if up]")
          ->check(cli::whole_within(0, 16, "an address"))
          ->type_name("ADDRESS");
  app.add_flag("--sum-of-maker", to.sum_of_maker, "Addressed: checksums of replies leave the address out");
  app.add_flag("--deaf-to-address", to.deaf_to_address, "Addressed: answers whatever address is asked");
  app.add_flag("--plain-too", up.plain_too, "Up: answers the plain protocol as well");
  app.add_flag("--old-firmware", up.old_firmware, "Up: firmware 10, without serial number and counters");
  app.add_option("--barcode,--serial", to.barcode, "Barcode, up to 31 characters")
      ->check(cli::at_most(31))
      ->type_name("CODE");
  app.add_option("--model", to.model, "Name that register 0x05 tells")->type_name("NAME")->capture_default_str();
  app.add_option_function<std::string>(
         "--firmware", [&to](const std::string& text) { to.firmware = firmware_version(text); },
         "Firmware version, as in 8.0 [8.0]")
      ->type_name("VERSION");
  app.add_flag("--tail", to.tail, "The longer basic information of newer firmware");
  app.add_flag("--high-current", to.high_current, "Tell currents in 100 mA and capacities in 100 mAh");
  cli::add_choice<Parameters>(
      app, "--extended-parameters", to.parameters,
      {{"answered", Parameters::answered}, {"refused", Parameters::refused}, {"silent", Parameters::silent}},
      "What becomes of 0xFA [answered]");
  app.add_flag_callback("--no-extended-parameters", [&to] { to.parameters = Parameters::refused; }, "0xFA is refused");
  cli::add_choice<Mosfet>(app, "--mosfet", to.mosfet,
                          {{"open", Mosfet::open}, {"factory", Mosfet::factory}, {"refused", Mosfet::refused}},
                          "Who may write 0xE1: anybody, who is in factory mode, nobody [open]");
  return [options, up_options, address](Pack& pack, const Place& place) {
    return make_board(pack, place, *options, *up_options, address->count() == 0);
  };
}

std::vector<CommandText> jbd_commands() {
  std::vector<CommandText> texts = texts_of(JbdBoard::commands());
  for (CommandText& text : texts_of(JbdUpBoard::commands())) texts.push_back(std::move(text));
  return texts;
}

}  // namespace bms::sim
