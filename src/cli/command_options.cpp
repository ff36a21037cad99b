#include "cli/command_options.hpp"

#include <iostream>

#include "bluetooth/address.hpp"
#include "cli/usage.hpp"
#include "config/config.hpp"
#include "config/source.hpp"
#include "registry.hpp"

namespace bms::cli {

namespace {

/// What counts when nobody names a file.
std::string usual_configuration() {
  std::string places;
  for (const std::string& place : config::usual_places()) places += (places.empty() ? "" : " or ") + place;
  return "else " + places + ", the first that is there";
}

}  // namespace

const char* const exit_codes =
    "Exit codes: 0 stopped as asked, 1 device not found or charger not reached,\n"
    "            2 configuration or usage error, 3 lost the bus or watchdog,\n"
    "            4 done, but something needs a decision (config import)";

CLI::App* add_command(CLI::App& app, const std::string& name, const std::string& description,
                      const std::string& examples, const std::string& exits) {
  CLI::App* command = app.add_subcommand(name, description);
  command->footer("Examples:\n" + examples + "\n" + exits);
  return command;
}

CLI::Option* add_word(CLI::App& command, const std::string& name, std::string& to, const std::string& description) {
  return add_value(command, name, "", to, description);
}

void add_tty(CLI::App& command, std::string& to) {
  add_word(command, "TTY", to, "Port: ttyUSB0, /dev/ttyUSB0 or any path")->required();
}

std::vector<std::string> names_of_families() {
  std::vector<std::string> names;
  for (const Family& family : families()) names.emplace_back(family.name);
  return names;
}

void add_family(CLI::App& command, std::string& to, const std::string& otherwise) {
  add_value(command, "--bms", "FAMILY", to, "BMS family: " + family_names() + "; " + otherwise)
      ->check(one_of(names_of_families()));
}

void add_addresses(CLI::App& command, std::vector<unsigned>& to, const std::string& description) {
  command
      .add_option_function<std::string>(
          "--address",
          [&to](const std::string& text) {
            const auto addresses = config::parse_addresses(text);
            if (!addresses || addresses->empty()) {
              throw CLI::ValidationError("--address",
                                         "expected addresses from 0 to 127, as in 1,2,5-8, found \"" + text + "\"");
            }
            to = *addresses;
          },
          description)
      ->type_name("ADDRESSES");
}

CLI::Validator bluetooth_address() {
  return {[](std::string& text) {
            if (bluetooth::is_address(text)) return std::string();
            return "expected six pairs of hexadecimal digits, as in A4:C1:37:00:00:23, found \"" + text + "\"";
          },
          ""};
}

void add_config_file(CLI::App& command, std::string& to) {
  add_value(command, "--config", "FILE", to, "Configuration file; " + usual_configuration())
      ->check(readable(usual_configuration()));
}

void add_config_word(CLI::App& command, std::string& to) {
  add_word(command, "FILE", to, "Configuration file; " + usual_configuration())->check(readable(usual_configuration()));
}

std::string file_of(const std::string& named) {
  const config::Source source = config::source_of(named);
  if (named.empty()) std::cerr << source.text << "\n";
  return source.file;
}

void add_state_directory(CLI::App& command, std::string& to, const std::string& description) {
  add_value(command, "--state-dir", "DIRECTORY", to, description)->capture_default_str();
}

}  // namespace bms::cli
