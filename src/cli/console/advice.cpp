#include "cli/console/advice.hpp"

#include <algorithm>

namespace bms::cli {

std::vector<std::string_view> advice_for_settings(const Board& board, const std::vector<console::Setting>& settings) {
  std::vector<std::string_view> words;
  for (const Advice& advice : board.family->advice) {
    const bool meant = advice.before == Advice::Before::any_setting ||
                       (advice.before == Advice::Before::setting &&
                        std::ranges::find(settings, advice.parameter, &console::Setting::name) != settings.end());
    if (meant) words.push_back(advice.words);
  }
  return words;
}

std::string_view advice_for_switch(console::Switch which, bool on) {
  if (on || which == console::Switch::balancer) return "";
  if (which == console::Switch::discharge)
    return "This takes the whole system down: everything that the battery feeds loses its supply, perhaps this device, "
           "too. It stays off until it is switched on again.";
  return "Charging stays off until it is switched on again.";
}

std::string_view advice_for_soc(const Board& board) {
  const auto found = std::ranges::find(board.family->advice, Advice::Before::state_of_charge, &Advice::before);
  return found == board.family->advice.end() ? std::string_view() : found->words;
}

}  // namespace bms::cli
