#include "cli/console/set.hpp"

#include "cli/console/selection.hpp"
#include "cli/console/values.hpp"

namespace bms::cli {

namespace {

struct Typed {
  std::string name, value;
};

Result<Typed> split(const std::string& text) {
  const std::size_t sign = text.find('=');
  if (sign == std::string::npos || sign == 0 || sign + 1 == text.size())
    return failure(ErrorKind::rejected, "expected NAME=VALUE, found \"" + text.substr(0, 60) + "\"");
  return Typed{.name = text.substr(0, sign), .value = text.substr(sign + 1)};
}

Result<std::vector<Typed>> typed(const SetOptions& options) {
  std::vector<Typed> all;
  for (const std::string& text : options.settings) {
    auto one = split(text);
    if (!one) return std::unexpected(one.error());
    all.push_back(*std::move(one));
  }
  if (!options.if_was.empty() && all.size() != 1)
    return failure(ErrorKind::rejected, "--if-was is for one parameter, and there are " + std::to_string(all.size()));
  return all;
}

Result<std::vector<console::Setting>> settings_of(const std::vector<Typed>& all, const Board& board,
                                                  const std::string& if_was) {
  std::vector<std::string> names;
  names.reserve(all.size());
  for (const Typed& one : all) names.push_back(one.name);
  const auto parameters = named(board.parameters, names);
  if (!parameters) return std::unexpected(parameters.error());
  std::vector<console::Setting> settings;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Parameter& parameter = *parameters->at(i);
    if (parameter.access == Access::read) return failure(ErrorKind::rejected, all[i].name + " is read only");
    const auto value = parse_value(parameter, all[i].value);
    if (!value) return std::unexpected(value.error());
    console::Setting setting{.name = all[i].name, .value = *value};
    if (!if_was.empty()) {
      const auto old = parse_value(parameter, if_was);
      if (!old) return std::unexpected(old.error());
      setting.if_was = *old;
    }
    settings.push_back(std::move(setting));
  }
  return settings;
}

}  // namespace

ExitCode set(const Conversation& with, const SetOptions& options) {
  const auto consent = consent_to(options.yes);
  if (!consent) return undone(with, consent.error());
  const auto all = typed(options);
  if (!all) return undone(with, all.error());
  const auto board = meet(with);
  if (!board) return undone(with, board.error());
  const auto settings = settings_of(*all, *board, options.if_was);
  if (!settings) return undone(with, settings.error());
  return write_settings(with, *board, *settings, {.consent = *consent, .dry_run = options.dry_run});
}

}  // namespace bms::cli
