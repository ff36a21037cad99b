#include "cli/console/consent.hpp"

#include <algorithm>

#include "cli/console/selection.hpp"
#include "config/text.hpp"

namespace bms::cli {

namespace {

bool is_harmless(Risk risk) { return risk == Risk::none || risk == Risk::limits; }

bool can_ask(const Conversation& with) { return with.terminal.can_ask && !with.json; }

std::unexpected<Error> not_confirmed() { return failure(ErrorKind::forbidden, "not confirmed, nothing was written"); }

/// "y" and "yes" are, an empty line is not.
bool is_yes(const std::string& answer) {
  return config::equal_without_case(config::trimmed(answer), "y") ||
         config::equal_without_case(config::trimmed(answer), "yes");
}

/// The option that would have permitted it: "--yes=safety,calibration".
std::string option_for(const ParameterList& parameters) {
  std::vector<std::string> named;
  for (const auto& [word, risk] : risks()) {
    const bool needed = std::ranges::find(parameters, risk, &Parameter::risk) != parameters.end();
    if (needed && !is_harmless(risk)) named.push_back(word);
  }
  std::string option = "--yes";
  for (const std::string& word : named) option += (word == named.front() ? "=" : ",") + word;
  return option;
}

std::unexpected<Error> nobody_to_ask(const std::string& option) {
  return failure(ErrorKind::forbidden, "nothing was written: nobody is here to confirm it; " + option + " does so");
}

}  // namespace

bool Consent::covers(Risk risk) const { return std::ranges::find(risks, risk) != risks.end(); }

Result<Consent> consent_to(const std::string& risks_given) {
  Consent consent;
  if (risks_given.empty()) return consent;
  consent.risks = {Risk::none, Risk::limits};
  const auto all = risks();
  for (const std::string_view word : config::split(risks_given, ',')) {
    const auto found = std::ranges::find(all, word, [](const auto& one) -> std::string_view { return one.first; });
    if (found == all.end() || found->second == Risk::never) {
      return failure(ErrorKind::rejected, "expected none, limits, safety, calibration or communication, found \"" +
                                              std::string(word) + "\"");
    }
    consent.risks.push_back(found->second);
  }
  return consent;
}

Result<void> confirm(const ParameterList& parameters, const Consent& consent, const Conversation& with) {
  ParameterList open;
  std::ranges::copy_if(parameters, std::back_inserter(open),
                       [&](const Parameter* one) { return !consent.covers(one->risk); });
  if (open.empty()) return {};
  if (!can_ask(with)) return nobody_to_ask(option_for(open));
  if (std::ranges::any_of(open, [](const Parameter* one) { return is_harmless(one->risk); })) {
    if (!is_yes(answer_to("Write it? [y/N] ", with.terminal))) return not_confirmed();
  }
  for (const Parameter* parameter : open) {
    if (is_harmless(parameter->risk)) continue;
    const std::string name(parameter->name);
    const std::string question = "Risk: " + std::string(name_of(parameter->risk)) + ". Type " + name + " to set it: ";
    if (config::trimmed(answer_to(question, with.terminal)) != name) return not_confirmed();
  }
  return {};
}

Result<void> confirm(const std::string& question, const Consent& consent, const Conversation& with) {
  if (consent.covers(Risk::limits)) return {};
  if (!can_ask(with)) return nobody_to_ask("--yes");
  if (!is_yes(answer_to(question + " [y/N] ", with.terminal))) return not_confirmed();
  return {};
}

}  // namespace bms::cli
