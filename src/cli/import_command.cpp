#include "cli/import_command.hpp"

#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bluetooth/address.hpp"
#include "cli/command_options.hpp"
#include "cli/config_command.hpp"
#include "cli/usage.hpp"
#include "config/import/btbattery.hpp"

namespace bms::cli {

namespace {

struct Options {
  std::vector<std::string> words;
  bool btbattery = false, series = false, parallel = false;
  std::string bank = config::usual_btbattery_bank;
};

/// The words of the command line of dbus-btbattery. One word "-p A B" has come apart into -p and "- A B".
std::vector<std::string> foreign_words(const Options& options) {
  std::vector<std::string> words;
  words.reserve(options.words.size() + 2);
  if (options.series) words.emplace_back("-s");
  if (options.parallel) words.emplace_back("-p");
  for (const std::string& word : options.words) words.push_back(word.starts_with("- ") ? word.substr(2) : word);
  return words;
}

/// A file that can be read, unless the words are those of another driver.
CLI::Validator readable_unless(const bool& foreign) {
  return {[&foreign, file = readable(),
           board = readable("for the command line of dbus-btbattery there is --btbattery")](std::string& word) {
            constexpr std::size_t address_length = 17;
            if (foreign) return std::string();
            return bluetooth::is_address(std::string_view(word).substr(0, address_length)) ? board(word) : file(word);
          },
          ""};
}

}  // namespace

void add_import(CLI::App& config, Action& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      add_command(config, "import",
                  "Prints a config.ini of dbus-serialbattery, or the command line of dbus-btbattery, as a config.ini\n"
                  "of this driver, with what needs a decision, and then ends with 4",
                  "  dbus-bms config import old/config.ini > config.ini\n"
                  "  dbus-bms config import --btbattery -p A4:C1:37:00:00:23 A4:C1:37:00:00:24:/data/2.ini\n"
                  "  dbus-bms config import --btbattery --name House -- -p A4:C1:37:00:00:23 A4:C1:37:00:00:24\n");
  // Its value is known before the words are looked at, as it stands before them here.
  CLI::Option* const btbattery = command->add_flag(
      "--btbattery", options->btbattery,
      "The words are those behind dbus-btbattery.py: for each battery MAC or MAC:/path/to/config.ini");
  command->add_option("FILE", options->words, "Its config.ini, or the words of that command line")
      ->type_name("")
      ->required()
      ->check(readable_unless(options->btbattery));
  CLI::Option* const series = command->add_flag(
      "-s,--series", options->series, "With --btbattery: the batteries are in series, as they are without this option");
  command->add_flag("-p,--parallel", options->parallel, "With --btbattery: the batteries are in parallel")
      ->needs(btbattery)
      ->excludes(series);
  series->needs(btbattery);
  add_value(*command, "--name", "NAME", options->bank, "With --btbattery: how the bank of several batteries is called")
      ->needs(btbattery)
      ->capture_default_str();
  command->callback([options, &chosen] {
    if (!options->btbattery && options->words.size() > 1) {
      throw CLI::ValidationError("\"" + options->words[1] + "\" is one word too many");
    }
    chosen = [options] {
      return options->btbattery ? import_btbattery(foreign_words(*options), options->bank, std::cout, std::cerr)
                                : import_config(options->words.front(), std::cout, std::cerr);
    };
  });
}

}  // namespace bms::cli
