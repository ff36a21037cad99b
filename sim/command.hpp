// Commands as tables: what they are called, how they are written, what they do. Help and refusals are read off them.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "outcome.hpp"

namespace bms::sim {

/// What people are told of a command.
struct CommandText {
  std::string written;  ///< "lock none|charge|discharge|both"; with several verbs: "charge|discharge <A>"
  std::string does;

  /// "charge|discharge".
  [[nodiscard]] std::string_view verbs() const { return std::string_view(written).substr(0, written.find(' ')); }

  [[nodiscard]] bool begins_with(std::string_view verb) const {
    for (std::string_view left = verbs();;) {
      const auto end = left.find('|');
      if (left.substr(0, end) == verb) return true;
      if (end == std::string_view::npos) return false;
      left.remove_prefix(end + 1);
    }
  }
};

/// A command that a Target understands.
template <class Target>
struct Command : CommandText {
  /// Takes all words, the verb among them. Empty: they are not as `written`.
  std::optional<Action> (Target::*understand)(std::span<const std::string> words);
};

template <class Target>
using Commands = std::vector<Command<Target>>;

template <class Target>
[[nodiscard]] std::vector<CommandText> texts_of(const Commands<Target>& commands) {
  return {commands.begin(), commands.end()};
}

/// The verbs, each once: "set, charge|discharge".
[[nodiscard]] inline std::string verbs_of(std::span<const CommandText> texts) {
  std::string all;
  std::string_view last;
  for (const CommandText& text : texts)
    if (const auto verbs = text.verbs(); verbs != last) {
      all.append(all.empty() ? "" : ", ").append(verbs);
      last = verbs;
    }
  return all;
}

/// How the commands with this verb are written: "set current <A>, set soc <%>". Empty: there is none.
[[nodiscard]] inline std::string written_with(std::span<const CommandText> texts, std::string_view verb) {
  std::string all;
  for (const CommandText& text : texts)
    if (text.begins_with(verb)) all += (all.empty() ? "" : ", ") + text.written;
  return all;
}

/// The first command that understands the words. Errors: how those with this verb are written, or which verbs there
/// are.
template <class Target>
[[nodiscard]] Outcome<Action> compile_by(const Commands<Target>& commands, Target& target,
                                         std::span<const std::string> words) {
  for (const Command<Target>& command : commands)
    if (command.begins_with(words[0]))
      if (auto action = (target.*command.understand)(words)) return *std::move(action);
  const std::vector<CommandText> texts = texts_of(commands);
  const std::string written = written_with(texts, words[0]);
  return expected_was(written.empty() ? "a command that this board has: " + verbs_of(texts) : written);
}

/// The names of a table's rows as a choice: "<a|b|c>".
[[nodiscard]] inline std::string choice_of(const auto& rows) {
  std::string all;
  for (const auto& row : rows) all.append(all.empty() ? "<" : "|").append(row.name);
  return all + ">";
}

/// The words are a verb and on or off: which. Empty: neither.
[[nodiscard]] inline std::optional<bool> on_or_off(std::span<const std::string> words) {
  if (words.size() != 2 || (words[1] != "on" && words[1] != "off")) return std::nullopt;
  return words[1] == "on";
}

}  // namespace bms::sim
