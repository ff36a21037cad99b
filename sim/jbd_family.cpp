// The options of `bms-sim jbd`.
#include "jbd_family.hpp"

#include <memory>
#include <sstream>
#include <string>

#include "cli/usage.hpp"
#include "jbd_board.hpp"

namespace bms::sim {

MakeBoard add_jbd_options(CLI::App& app) {
  const auto options = std::make_shared<JbdOptions>();
  JbdOptions& to = *options;
  using Parameters = JbdOptions::Parameters;
  using Mosfet = JbdOptions::Mosfet;
  app.add_option("--barcode,--serial", to.barcode, "Barcode, up to 31 characters")
      ->check(cli::at_most(31))
      ->type_name("CODE");
  app.add_option("--model", to.model, "Name that register 0x05 tells")->type_name("NAME")->capture_default_str();
  app.add_option_function<std::string>(
         "--firmware",
         [&to](const std::string& text) {
           int high = 0;
           int low = 0;
           char dot = 0;
           std::istringstream stream(text);
           if (!(stream >> high >> dot >> low) || dot != '.' || high < 0 || high > 15 || low < 0 || low > 15)
             throw CLI::ValidationError("--firmware", "expected <0..15>.<0..15>, found \"" + text + "\"");
           to.firmware = static_cast<std::uint8_t>(high * 16 + low);
         },
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
  return [options](Pack& pack, const Place& place) {
    options->seed = place.seed;
    return std::make_unique<JbdBoard>(pack, *options);
  };
}

std::vector<CommandText> jbd_commands() { return texts_of(JbdBoard::commands()); }

}  // namespace bms::sim
