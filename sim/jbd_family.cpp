// The options of `bms-sim jbd`.
#include "jbd_family.hpp"

#include <map>
#include <memory>
#include <sstream>
#include <string>

#include "jbd_board.hpp"

namespace bms::sim {

MakeBoard add_jbd_options(CLI::App& app) {
  const auto options = std::make_shared<JbdOptions>();
  JbdOptions& to = *options;
  using Parameters = JbdOptions::Parameters;
  using Mosfet = JbdOptions::Mosfet;
  app.add_option("--barcode,--serial", to.barcode, "Barcode, up to 31 characters")->check([](const std::string& text) {
    return text.size() > 31 ? std::string("expected at most 31 characters") : std::string();
  });
  app.add_option("--model", to.model, "Name that register 0x05 tells")->capture_default_str();
  app.add_option_function<std::string>(
      "--firmware",
      [&to](const std::string& text) {
        int high = 0;
        int low = 0;
        char dot = 0;
        std::istringstream stream(text);
        if (!(stream >> high >> dot >> low) || dot != '.' || high < 0 || high > 15 || low < 0 || low > 15)
          throw CLI::ValidationError("--firmware", "expected <0..15>.<0..15>");
        to.firmware = static_cast<std::uint8_t>(high * 16 + low);
      },
      "Firmware version [8.0]");
  app.add_flag("--tail", to.tail, "The longer basic information of newer firmware");
  app.add_flag("--high-current", to.high_current, "Tell currents in 100 mA and capacities in 100 mAh");
  app.add_option("--extended-parameters", to.parameters, "What becomes of 0xFA: answered, refused or silent")
      ->transform(CLI::CheckedTransformer(std::map<std::string, Parameters>{
          {"answered", Parameters::answered}, {"refused", Parameters::refused}, {"silent", Parameters::silent}}));
  app.add_flag_callback("--no-extended-parameters", [&to] { to.parameters = Parameters::refused; }, "0xFA is refused");
  app.add_option("--mosfet", to.mosfet, "Who may write 0xE1: open (anybody), factory (mode only) or refused")
      ->transform(CLI::CheckedTransformer(std::map<std::string, Mosfet>{
          {"open", Mosfet::open}, {"factory", Mosfet::factory}, {"refused", Mosfet::refused}}));
  return [options](Pack& pack, const Place& place) {
    options->seed = place.seed;
    return std::make_unique<JbdBoard>(pack, *options);
  };
}

}  // namespace bms::sim
