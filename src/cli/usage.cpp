#include "cli/usage.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <iostream>

#include "config/text.hpp"

namespace bms::cli {

namespace {

constexpr int usage_error = 2;

std::string in_quotes(std::string_view text) { return "\"" + std::string(text) + "\""; }

CLI::Validator within(double least, double most, const std::string& unit, bool whole) {
  const std::string expected = std::string("expected a ") + (whole ? "whole number" : "number") + " from " +
                               config::number_text(least) + " to " + config::number_text(most) + " (" + unit +
                               "), found ";
  return {[=](std::string& text) {
            if (const auto bare = config::without_unit(text, unit)) text = std::string(*bare);
            const auto number = config::parse_number(text);
            const bool fits =
                number && *number >= least && *number <= most && (!whole || *number == std::floor(*number));
            return fits ? std::string() : expected + in_quotes(text);
          },
          ""};
}

/// The one of `words` that was probably meant; empty: none is close.
std::string nearest(std::string_view word, const std::vector<std::string>& words) {
  std::string best;
  std::size_t best_distance = word.size() / 2 + 1;
  for (const std::string& candidate : words) {
    // Whoever writes the beginning of a word means it.
    const std::size_t distance = candidate.starts_with(word) ? 0 : config::distance(word, candidate);
    if (distance >= best_distance) continue;
    best = candidate;
    best_distance = distance;
  }
  return best;
}

/// "dbus-bms config show": the command that the words have led to.
const CLI::App& command_meant(const CLI::App& app, std::string& path) {
  const CLI::App* command = &app;
  path = app.get_name();
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands().front();
    path += " " + command->get_name();
  }
  return *command;
}

/// The word that fitted nowhere: a misspelt option rather than the value after it.
std::string left_over(const CLI::App& app) {
  std::vector<std::string> words = app.remaining(/*recurse=*/true);
  std::erase(words, "--");  // what is behind it counts, and it itself is no word
  const auto option = std::ranges::find_if(words, [](const std::string& word) { return word.starts_with('-'); });
  if (option != words.end()) return option->substr(0, option->find('='));
  return words.empty() ? "" : words.front();
}

/// The first argument that was not given and is required, always or by the command that has complained about it.
std::string what_is_missing(const CLI::App& command, const std::string& complaint_of_command) {
  for (const CLI::Option* option : command.get_options()) {
    const bool needed = option->get_required() || complaint_of_command.starts_with(option->get_name() + " ");
    if (needed && option->empty()) return option->get_name() + " is missing: " + option->get_description();
  }
  return "something is missing";
}

std::string what_is_wrong(const CLI::App& app, const CLI::App& command, const CLI::ParseError& problem) {
  const std::vector<std::string> commands = names_of_commands(command);
  const std::string word = left_over(app);
  if (word.starts_with('-')) {
    return "there is no option " + in_quotes(word) + did_you_mean(word, names_of_options(command));
  }
  if (!commands.empty()) {
    const std::string hint = word.empty() ? "" : did_you_mean(word, commands);
    return (word.empty() ? "a command is missing" : "there is no command " + in_quotes(word)) +
           (hint.empty() ? "; the commands are " + config::joined(commands) : hint);
  }
  if (!word.empty()) return in_quotes(word) + " is one word too many";
  if (dynamic_cast<const CLI::RequiredError*>(&problem) != nullptr) return what_is_missing(command, problem.what());
  return problem.what();
}

}  // namespace

std::vector<std::string> names_of_commands(const CLI::App& app) {
  std::vector<std::string> names;
  // One without a group is for programs, and not shown.
  for (const CLI::App* command : app.get_subcommands([](const CLI::App* one) { return !one->get_group().empty(); }))
    names.push_back(command->get_name());
  return names;
}

std::vector<std::string> names_of_options(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& words) {
  const std::string near = nearest(word, words);
  return near.empty() ? "" : "; did you mean " + in_quotes(near) + "?";
}

CLI::Validator number_within(double least, double most, const std::string& unit) {
  return within(least, most, unit, /*whole=*/false);
}

CLI::Validator whole_within(double least, double most, const std::string& unit) {
  return within(least, most, unit, /*whole=*/true);
}

CLI::Validator at_most(std::size_t characters) {
  return {[characters](std::string& text) {
            if (text.size() <= characters) return std::string();
            return "expected at most " + std::to_string(characters) + " characters, found " + in_quotes(text);
          },
          ""};
}

CLI::Validator readable(const std::string& otherwise) {
  return {[otherwise](std::string& file) {
            std::error_code ignored;
            const bool directory = std::filesystem::is_directory(file, ignored);
            if (!directory && access(file.c_str(), R_OK) == 0) return std::string();
            const char* const why = std::strerror(directory ? EISDIR : errno);
            return "expected a file that can be read, found " + in_quotes(file) + ": " + why +
                   (otherwise.empty() ? "" : "; ") + otherwise;
          },
          ""};
}

CLI::Validator one_of(const std::vector<std::string>& words) {
  return {[words](std::string& word) {
            if (std::ranges::find(words, word) != words.end()) return std::string();
            return "expected one of " + config::joined(words) + ", found " + in_quotes(word) +
                   did_you_mean(word, words);
          },
          ""};
}

std::string complaint(const CLI::App& app, const CLI::ParseError& problem) {
  std::string path;
  const CLI::App& command = command_meant(app, path);
  return path + ": " + what_is_wrong(app, command, problem) + "\nSee \"" + path + " --help\".";
}

int answer(const CLI::App& app, const CLI::ParseError& problem) {
  if (problem.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) return app.exit(problem);
  std::cerr << complaint(app, problem) << std::endl;
  return usage_error;
}

}  // namespace bms::cli
