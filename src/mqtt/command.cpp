#include "mqtt/command.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "bms/utf8.hpp"
#include "mqtt/json_text.hpp"

namespace bms::mqtt {

namespace {

constexpr std::size_t longest_number = 20;

std::unexpected<std::string> refused(std::string_view why) { return std::unexpected(std::string(why)); }

}  // namespace

std::optional<double> number_of(std::string_view payload) {
  if (payload == "ON") return 1;
  if (payload == "OFF") return 0;
  if (payload.empty() || payload.size() > longest_number) return std::nullopt;
  if (payload.find_first_not_of("-.0123456789") != std::string_view::npos) return std::nullopt;
  double number = 0;
  const auto [end, problem] =
      std::from_chars(payload.data(), payload.data() + payload.size(), number, std::chars_format::fixed);
  if (problem != std::errc{} || end != payload.data() + payload.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

std::expected<std::optional<Command>, std::string> command_of(const Message& message, std::string_view prefix,
                                                              Commands allowed) {
  const std::string_view topic = message.topic;
  if (allowed == Commands::no || !topic.starts_with(prefix)) return std::nullopt;
  const std::string_view name = topic.substr(prefix.size());
  if (name == "result") return std::nullopt;  // ours
  // It would be obeyed again after each restart.
  if (message.retained) return refused("it was retained, and is not obeyed");
  const auto row = std::ranges::find(command_rows(), name, &CommandRow::name);
  if (row == command_rows().end()) return refused("there is no such command");
  if (row->least > allowed) return refused("[mqtt] commands does not allow it");
  if (message.payload.size() > longest_payload) return refused("it is longer than any command");
  const auto number = number_of(message.payload);
  if (!number) return refused("expected a number, ON or OFF");
  return Command{.row = &*row, .value = row->shown.empty() ? *number : 1 - *number};
}

std::string result_document(std::string_view name, bool done, std::string_view words) {
  std::string text = "{";
  append_name(text, "name");
  append_quoted(text, clean_text(name));
  append_name(text, "ok");
  text += done ? "true" : "false";
  append_name(text, done ? "outcome" : "error");
  append_quoted(text, clean_text(words));
  return text + "}";
}

}  // namespace bms::mqtt
