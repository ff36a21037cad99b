#include "cli/watch/alarms.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "bms/alarm.hpp"
#include "bms/words.hpp"
#include "cli/watch/format.hpp"

namespace bms::cli {
namespace {

Line alarm_line(const std::string& name, std::string_view cause, double level, bool utf8) {
  const Style style = level == 1 ? Style::warning : Style::bad;
  Line line;
  line.add(level == 1 ? "warning: " : "ALARM: ", style).add(alarm_text(clean(name, utf8)), style);
  if (!cause.empty()) line.add(" (" + clean(cause, utf8) + ")");
  return line;
}

Line error_line(const WatchModel& model, std::int64_t error, bool utf8) {
  constexpr std::int64_t settings_invalid = 119;
  const auto fault = model.text("/Info/ConfigurationFault");
  if (error == settings_invalid && fault) return Line{}.add("configuration: " + clean(*fault, utf8), Style::bad);
  return Line{}.add("error code " + std::to_string(error), Style::bad);
}

const AlarmEffect* effect_of(std::string_view alarm) {
  const auto* const found = std::ranges::find(alarm_effects, alarm, &AlarmEffect::venus_name);
  return found == alarm_effects.end() ? nullptr : found;
}

/// What `entry` has after `name` and `before`, up to `after`. Empty: it is not about that.
std::optional<std::string_view> between(std::string_view entry, std::string_view name, std::string_view before,
                                        std::string_view after) {
  if (!entry.starts_with(name) || !entry.ends_with(after)) return std::nullopt;
  entry.remove_prefix(name.size());
  if (!entry.starts_with(before) || entry.size() < before.size() + after.size()) return std::nullopt;
  return entry.substr(before.size(), entry.size() - before.size() - after.size());
}

}  // namespace

std::string_view cause_of(std::string_view alarm, std::string_view alarms) {
  constexpr std::string_view between_alarms = "; ";
  std::string title;
  if (const auto* effect = effect_of(alarm)) append_title(title, effect->name);
  while (!alarms.empty()) {
    const std::size_t end = std::min(alarms.find(between_alarms), alarms.size());
    const std::string_view entry = alarms.substr(0, end);
    alarms.remove_prefix(std::min(end + between_alarms.size(), alarms.size()));
    if (const auto cause = between(entry, title, " (", ")"); !title.empty() && cause) return *cause;
    if (const auto cause = between(entry, alarm, ": ", "")) return *cause;
  }
  return {};
}

std::vector<Line> alarm_pieces(const WatchModel& model, bool utf8) {
  const std::string causes = model.text("/Info/Alarms").value_or("");
  std::vector<Line> raised, warnings;
  bool any_known = false;
  for (const auto& [name, value] : model.below("/Alarms/")) {
    const auto level = model.number("/Alarms/" + name);
    any_known = any_known || level.has_value();
    if (level.value_or(0) == 0) continue;
    (*level == 1 ? warnings : raised).push_back(alarm_line(name, cause_of(name, causes), *level, utf8));
  }
  if (const auto error = model.integer("/ErrorCode").value_or(0); error != 0)
    raised.push_back(error_line(model, error, utf8));
  raised.insert(raised.end(), warnings.begin(), warnings.end());
  if (raised.empty()) raised.push_back(Line{}.add(any_known ? "none" : unknown_text));
  return raised;
}

}  // namespace bms::cli
