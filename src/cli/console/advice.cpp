#include "cli/console/advice.hpp"

#include <algorithm>
#include <array>

namespace bms::cli {

namespace {

/// For any parameter of the family, or for one.
struct Row {
  std::string_view family, name, words;
};

// Sources: the pages of the families.
constexpr std::array rows{
    Row{"jbd", "", "Saving settings also sets this board's counters of past protections to zero."},
    Row{"ant", "",
        "If the board wants a password, the one from the factory is sent, once; with another password it can only be "
        "read."},
    Row{"rec", "", "The memory of the unit wears out: set what is needed, and not again and again."},
    Row{"rec", "CHEM",
        "CHEM changes the algorithm of the unit, and may reset its thresholds: make a backup before, and compare "
        "after it."},
    Row{"rec", "SOCS", "SOCS sets the state of charge that the unit counts from."},
};

struct SocRow {
  std::string_view family, dialect, words;
};

constexpr std::array soc_rows{
    SocRow{"daly", "a5", "The same order sets the clock of the board to the time here."},
    SocRow{"daly", "a5-bluetooth", "The same order sets the clock of the board to the time here."},
};

}  // namespace

std::vector<std::string_view> advice_for_settings(const Board& board, const std::vector<console::Setting>& settings) {
  std::vector<std::string_view> advice;
  for (const Row& row : rows) {
    const bool meant =
        row.name.empty() || std::ranges::find(settings, row.name, &console::Setting::name) != settings.end();
    if (row.family == board.facts.family && meant) advice.push_back(row.words);
  }
  return advice;
}

std::string_view advice_for_switch(console::Switch which, bool on) {
  if (on || which == console::Switch::balancer) return "";
  if (which == console::Switch::discharge)
    return "This takes the whole system down: everything that the battery feeds loses its supply, perhaps this device, "
           "too. It stays off until it is switched on again.";
  return "Charging stays off until it is switched on again.";
}

std::string_view advice_for_soc(const Board& board) {
  for (const SocRow& row : soc_rows)
    if (row.family == board.facts.family && row.dialect == board.facts.dialect) return row.words;
  return "";
}

}  // namespace bms::cli
