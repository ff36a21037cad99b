// What the commands of the program have in common: how one is made, and options that several of them have.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace bms::cli {

/// The exit codes of commands that do not say otherwise.
extern const char* const exit_codes;

/// A command with examples and exit codes in its help.
CLI::App* add_command(CLI::App& app, const std::string& name, const std::string& description,
                      const std::string& examples, const std::string& exits = exit_codes);

/// A value as `takes` says: FILE, SECONDS.
template <class T>
CLI::Option* add_value(CLI::App& command, const std::string& name, const std::string& takes, T& to,
                       const std::string& description) {
  return command.add_option(name, to, description)->type_name(takes);
}

/// A positional argument; help calls it by its own name.
CLI::Option* add_word(CLI::App& command, const std::string& name, std::string& to, const std::string& description);

void add_tty(CLI::App& command, std::string& to);

[[nodiscard]] std::vector<std::string> names_of_families();

void add_family(CLI::App& command, std::string& to, const std::string& otherwise);

void add_addresses(CLI::App& command, std::vector<unsigned>& to, const std::string& description);

/// A Bluetooth address, in any spelling.
[[nodiscard]] CLI::Validator bluetooth_address();

void add_config_file(CLI::App& command, std::string& to);

/// The same as a positional argument, without the name of the option.
void add_config_word(CLI::App& command, std::string& to);

/// The configuration file of a command for the console, which says where it found one.
[[nodiscard]] std::string file_of(const std::string& named);

void add_state_directory(CLI::App& command, std::string& to, const std::string& description);

}  // namespace bms::cli
