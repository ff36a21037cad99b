#include "cli/watch/settings.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "cli/watch/format.hpp"

namespace bms::cli {
namespace {

/// One setting in words: a quantity, or a choice among words.
struct Setting {
  std::string_view path, name;
  int decimals = 0;
  std::string_view unit;
  std::array<std::string_view, 3> choices{};
};

constexpr Setting setting_rows[] = {
    {"/Settings/MaxChargeCurrent", "charge current", 1, "A"},
    {"/Settings/MaxDischargeCurrent", "discharge current", 1, "A"},
    {"/Settings/AbsorptionCellVoltage", "absorption cell", 3, "V"},
    {"/Settings/FloatCellVoltage", "float cell", 3, "V"},
    {"/Settings/SocSource", "SoC source", 0, "", {"BMS", "own", "external"}},
    {"/Settings/ChargeBlocked", "charging", 0, "", {"allowed", "blocked"}},
    {"/Settings/DischargeBlocked", "discharging", 0, "", {"allowed", "blocked"}},
    {"/Settings/FullChargeDays", "full charge every", 1, "d"},
};

std::string in_words(const Setting& setting, double value) {
  const bool has_word = value >= 0 && value < static_cast<double>(setting.choices.size());
  const std::string_view word = has_word ? setting.choices.at(static_cast<std::size_t>(value)) : std::string_view{};
  return word.empty() ? quantity(value, setting.decimals, setting.unit) : std::string(word);
}

}  // namespace

std::vector<Line> changed_settings(const WatchModel& model) {
  std::vector<Line> pieces;
  for (const Setting& setting : setting_rows) {
    const auto value = model.number(setting.path);
    const auto configured = model.initial(setting.path);
    if (!value || !configured || *value == *configured) continue;
    Line piece;
    piece.add(setting.name, Style::faint).add(" " + in_words(setting, *value));
    pieces.push_back(piece.add(" (configured " + in_words(setting, *configured) + ")", Style::faint));
  }
  return pieces;
}

}  // namespace bms::cli
