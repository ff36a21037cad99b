#include "mqtt/command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "bms/utf8.hpp"
#include "mqtt/json_text.hpp"

namespace bms::mqtt {

namespace {

constexpr std::size_t longest_number = 20;

constexpr std::size_t longest_quote = 32;

std::unexpected<std::string> refused(std::string_view why) { return std::unexpected(std::string(why)); }

/// What came, in quotes; nothing in it does any harm.
std::string quoted(const std::string& payload) {
  const std::string clean = clean_text(payload);
  const std::string begin = shortened(clean, longest_quote);
  return '"' + begin + (begin.size() < clean.size() ? "..." : "") + '"';
}

/// Such a switch is an order to the BMS.
bool switches_bms(const CommandRow& row) { return !row.shown.empty(); }

std::string needed(const CommandRow& row) {
  return std::string("it needs commands = ") + (row.least == Commands::all ? "all" : "limits") +
         (switches_bms(row) ? " and writes = switches" : "");
}

/// A number outside the range.
std::string words_of(const CommandRow& row, const items::Range& range, double number) {
  if (range.min == range.max) return fmt::format("the configuration allows nothing but {:g}", range.min);
  if (row.control == Control::toggle) return fmt::format("expected ON or OFF{}{:g}", what_came, number);
  const std::string_view unit = row.look.unit;
  return fmt::format("expected from {:g} to {:g}{}{}{}{:g}", range.min, range.max, unit.empty() ? "" : " ", unit,
                     what_came, number);
}

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
  if (row->least > allowed) return refused("[mqtt] commands does not allow it: " + needed(*row));
  if (message.payload.size() > longest_payload) return refused("it is longer than any command");
  const auto number = number_of(message.payload);
  if (!number) return refused("expected a number, ON or OFF" + std::string(what_came) + quoted(message.payload));
  return Command{.row = &*row, .value = row->shown.empty() ? *number : 1 - *number};
}

std::string absence_of(const CommandRow& row) {
  return switches_bms(row) ? "this battery has no such switch, or it needs writes = switches"
                           : "this battery has no such setting";
}

std::string words_of(const Command& command, const items::Item& item, bool may_be_changed, items::SetResult result) {
  if (result == items::SetResult::accepted) return "done";
  if (!may_be_changed) return "writes = no does not permit it: it needs writes = limits";
  const CommandRow& row = *command.row;
  const double value = std::get<double>(command.value);
  const double number = switches_bms(row) ? 1 - value : value;
  if (result == items::SetResult::not_writable)
    return fmt::format("{}{}{:g}",
                       item.kind.type == items::Type::integer ? "expected a whole number" : "it cannot be set",
                       what_came, number);
  const auto range = item.write ? item.write->range : std::nullopt;
  if (range && (value < range->min || value > range->max)) return words_of(row, *range, number);
  return "it is not permitted as this battery is configured";
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
