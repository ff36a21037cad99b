// What every command line of this project has in common: values that are checked where they are given, and clear words
// for what cannot be understood. Uses nothing else of the program, so that the simulator can use it as well.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bms::cli {

/// A number within [least, most]; neither NaN nor infinite. It may be given with its unit: "5", "5s", "5 s".
[[nodiscard]] CLI::Validator number_within(double least, double most, const std::string& unit);

/// A whole number within [least, most].
[[nodiscard]] CLI::Validator whole_within(double least, double most, const std::string& unit);

/// A text of at most so many characters.
[[nodiscard]] CLI::Validator at_most(std::size_t characters);

/// A file that is there and can be read; it need not be a regular one. `otherwise`: what to do when it is not.
[[nodiscard]] CLI::Validator readable(const std::string& otherwise = "");

/// One of these words.
[[nodiscard]] CLI::Validator one_of(const std::vector<std::string>& words);

/// `; did you mean "near"?`, where one of `words` is probably meant; else nothing.
[[nodiscard]] std::string did_you_mean(std::string_view word, const std::vector<std::string>& words);

/// The commands below a command, without those that are for programs.
[[nodiscard]] std::vector<std::string> names_of_commands(const CLI::App& app);

/// The options of a command: "--port".
[[nodiscard]] std::vector<std::string> names_of_options(const CLI::App& app);

/// An option that is one of a few words, each with its meaning for the program.
template <class T>
CLI::Option* add_choice(CLI::App& app, const std::string& name, T& to,
                        const std::vector<std::pair<std::string, T>>& choices, const std::string& description) {
  std::vector<std::string> words;
  words.reserve(choices.size());
  for (const auto& choice : choices) words.push_back(choice.first);
  std::string shown;
  for (const std::string& word : words) shown += (shown.empty() ? "" : "|") + word;
  return app
      .add_option(
          name,
          [&to, choices](const CLI::results_t& given) {
            for (const auto& choice : choices)
              if (choice.first == given.back()) to = choice.second;
            return true;
          },
          description)
      ->check(one_of(words))
      ->type_name(shown);
}

/// Prints what was asked for (--help, --version), or on standard error what is wrong and what to do about it. Returns
/// the exit code: 0, or 2 for what is wrong.
[[nodiscard]] int answer(const CLI::App& app, const CLI::ParseError& problem);

/// What is wrong and what to do about it.
[[nodiscard]] std::string complaint(const CLI::App& app, const CLI::ParseError& problem);

}  // namespace bms::cli
