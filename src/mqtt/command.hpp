// What comes as a command, before anybody believes it.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "items/value.hpp"
#include "mqtt/config.hpp"
#include "mqtt/session.hpp"
#include "mqtt/value_rows.hpp"

namespace bms::mqtt {

/// Behind it a refusal says what came.
inline constexpr std::string_view what_came = ", found ";

/// A command that is one, and may be given.
struct Command {
  const CommandRow* row;
  items::Incoming value;
};

/// What a message orders. `prefix`: what comes before the name of a command in topics. `allowed`: as configured. An
/// empty optional: the message is no command for this battery. Errors: why the command is refused, in words.
[[nodiscard]] std::expected<std::optional<Command>, std::string> command_of(const Message& message,
                                                                            std::string_view prefix, Commands allowed);

/// A number as commands write it: digits, at most one sign and one point, nothing else; or ON and OFF, which are 1 and
/// 0.
[[nodiscard]] std::optional<double> number_of(std::string_view payload);

/// Why this battery does not have what a command is for, in words.
[[nodiscard]] std::string absence_of(const CommandRow& row);

/// What the write of a command to its item has led to, in words. `may_be_changed`: whether anything may be written.
[[nodiscard]] std::string words_of(const Command& command, const items::Item& item, bool may_be_changed,
                                   items::SetResult result);

/// What became of it, for the topic of the results.
[[nodiscard]] std::string result_document(std::string_view name, bool done, std::string_view words);

}  // namespace bms::mqtt
