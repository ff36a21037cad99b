// What the verbs of the console have in common on the command line.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "cli/command_options.hpp"
#include "cli/console/conversation.hpp"
#include "cli/console/ways.hpp"
#include "cli/usage.hpp"

namespace bms::cli {

struct CommonOptions {
  WayOptions way{};
  bool json = false;
  bool trace = false;        ///< shows what passes over the line
  bool trace_bytes = false;  ///< and each part of it
};

/// A verb with examples and the exit codes of the console in its help.
CLI::App* add_verb(CLI::App& app, const std::string& name, const std::string& description, const std::string& examples);

/// The options that say which board is meant.
void add_way(CLI::App& command, CommonOptions& to);

void add_json(CLI::App& command, bool& to);

/// `--trace`, and `--bytes` for more of it.
void add_trace(CLI::App& command, CommonOptions& to);

/// `--yes` or `--yes=RISKS`.
void add_yes(CLI::App& command, std::string& to);

/// A choice of several words, each with its meaning, with commas in between or repeated.
template <class T>
void add_words(CLI::App& command, const std::string& name, const std::string& takes, std::vector<T>& to,
               const std::vector<std::pair<std::string, T>>& choices, const std::string& description) {
  std::vector<std::string> words;
  words.reserve(choices.size());
  for (const auto& choice : choices) words.push_back(choice.first);
  command
      .add_option(
          name,
          [&to, choices](const CLI::results_t& given) {
            for (const std::string& word : given)
              for (const auto& choice : choices)
                if (choice.first == word) to.push_back(choice.second);
            return true;
          },
          description)
      ->expected(1, CLI::detail::expected_max_vector_size)
      ->check(one_of(words))
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name(takes);
}

/// Finds the way, and goes it.
[[nodiscard]] ExitCode converse(const CommonOptions& common, const std::function<ExitCode(const Conversation&)>& verb);

}  // namespace bms::cli
