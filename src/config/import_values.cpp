#include "config/import_values.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "config/text.hpp"

namespace bms::config {

namespace {

using Points = std::vector<std::pair<double, double>>;

std::unexpected<std::string_view> nothing(std::string_view why) { return std::unexpected(why); }

constexpr std::string_view no_number = "is no number";
constexpr std::string_view empty = "is empty, which is the default";

/// A difference that is empty, 0 or 10 is a rule that is switched off.
std::optional<double> difference(std::string_view text) {
  const auto value = parse_number(text);
  return value && *value > 0 && *value < 10 ? value : std::nullopt;
}

std::expected<Points, std::string_view> points_of(const ForeignValues& values, const ImportRow& row) {
  const auto at = parse_numbers(value_of(values, row.keys[0]));
  const auto share = parse_numbers(value_of(values, row.keys[1]));
  if (!at || !share) return nothing("is no list of numbers");
  if (at->size() != share->size()) return nothing("the two lists are not of the same length");
  Points points;
  for (std::size_t i = 0; i < at->size(); ++i) points.emplace_back((*at)[i], (*share)[i]);
  // They may stand in either direction.
  std::ranges::sort(points);
  return points;
}

std::string text_of(const Points& points) {
  std::vector<std::string> texts;
  for (const auto& [at, value] : points) texts.push_back(number_text(at) + ":" + number_text(value));
  return joined(texts);
}

bool switched_on(const ForeignValues& values, const ImportRow& row) {
  return parse_flag(value_of(values, row.keys[2])).value_or(false);
}

Converted nth(const ForeignValues& values, const ImportRow& row, std::size_t n, std::string_view otherwise) {
  const auto pieces = split(value_of(values, row.keys[0]), ',');
  return std::string(n < pieces.size() && !pieces[n].empty() ? pieces[n] : otherwise);
}

}  // namespace

std::string_view value_of(const ForeignValues& values, std::string_view key) {
  if (const auto found = values.find(key); found != values.end()) return found->second;
  const auto row = std::ranges::find(foreign_defaults(), key, &ForeignDefault::key);
  return row == foreign_defaults().end() ? std::string_view{} : row->value;
}

Converted number(const ForeignValues& values, const ImportRow& row) {
  const auto value = parse_number(value_of(values, row.keys[0]));
  if (!value) return nothing(no_number);
  return number_text(*value);
}

Converted number_unless_empty(const ForeignValues& values, const ImportRow& row) {
  return value_of(values, row.keys[0]).empty() ? nothing(empty) : number(values, row);
}

Converted number_or_zero(const ForeignValues& values, const ImportRow& row) {
  return value_of(values, row.keys[0]).empty() ? "0" : number(values, row);
}

Converted flag(const ForeignValues& values, const ImportRow& row) {
  const auto value = parse_flag(value_of(values, row.keys[0]));
  if (!value) return nothing("is neither True nor False");
  return *value ? "yes" : "no";
}

Converted text(const ForeignValues& values, const ImportRow& row) {
  const std::string value(value_of(values, row.keys[0]));
  if (value.empty()) return nothing(empty);
  return value.find_first_of("#;\"") == std::string::npos ? value : "\"" + value + "\"";
}

Converted first_of_two(const ForeignValues& values, const ImportRow& row) { return nth(values, row, 0, "0"); }

Converted second_of_two(const ForeignValues& values, const ImportRow& row) { return nth(values, row, 1, "1"); }

Converted log_level(const ForeignValues& values, const ImportRow& row) {
  for (const std::string_view level : {"debug", "info", "warning", "error"}) {
    if (equal_without_case(value_of(values, row.keys[0]), level)) return std::string(level);
  }
  return nothing("is no level of the log");
}

Converted family(const ForeignValues& values, const ImportRow& row) {
  constexpr std::pair<std::string_view, std::string_view> families[] = {
      {"LltJbd", "jbd"}, {"Daly", "daly"}, {"ANT", "ant"}};
  const std::string_view type = value_of(values, row.keys[0]);
  if (type.empty()) return nothing(empty);
  if (type.contains(',')) return nothing("names several; which one it is will be found out");
  for (const auto& [theirs, ours] : families) {
    if (equal_without_case(type, theirs)) return std::string(ours);
  }
  return nothing("is a BMS that this driver does not know");
}

Converted addresses(const ForeignValues& values, const ImportRow& row) {
  const std::string_view list = value_of(values, row.keys[0]);
  if (list.empty()) return nothing(empty);
  std::vector<std::string> texts;
  for (std::string_view item : split(list, ',')) {
    if (item.starts_with("0x") || item.starts_with("0X")) item.remove_prefix(2);
    unsigned address = 0;
    const auto [end, problem] = std::from_chars(item.data(), item.data() + item.size(), address, 16);
    if (problem != std::errc{} || end != item.data() + item.size()) return nothing("is no list of hexadecimal numbers");
    texts.push_back(std::to_string(address));
  }
  return joined(texts);
}

/// That driver does not ask what cells are made of; their highest voltage tells.
Converted chemistry(const ForeignValues& values, const ImportRow& row) {
  const auto highest_v = parse_number(value_of(values, row.keys[0]));
  if (!highest_v) return nothing(no_number);
  if (*highest_v > 3.65) return "Li-ion";
  return *highest_v < 3.0 ? "LTO" : "LFP";
}

Converted profile(const ForeignValues& values, const ImportRow& row) {
  if (parse_flag(value_of(values, row.keys[1])).value_or(false)) return "bms";
  const std::string_view mode = value_of(values, row.keys[0]);
  if (mode == "1") return "serialbattery-linear";
  if (mode == "2") return "serialbattery-step";
  return nothing("is neither 1 nor 2");
}

Converted capacity(const ForeignValues& values, const ImportRow& row) {
  const auto value = parse_number(value_of(values, row.keys[0]));
  // With these it was shipped, and it counted for few boards only.
  if (value == 50 || value == 99) {
    return nothing("is what the file was shipped with; set capacity if the BMS does not know it");
  }
  return number_unless_empty(values, row);
}

Converted inverted(const ForeignValues& values, const ImportRow& row) {
  const auto factor = parse_number(value_of(values, row.keys[0]));
  if (factor == 1) return "no";
  if (factor == -1) return "yes";
  return nothing("is neither 1 nor -1");
}

Converted role(const ForeignValues& values, const ImportRow& row) {
  const auto sensors = parse_numbers(value_of(values, row.keys[0]));
  if (!sensors) return nothing("is no list of sensors");
  const double number = row.option[std::string_view("temperature_").size()] - '0';
  const bool all = std::ranges::find(*sensors, 0) != sensors->end();
  return all || std::ranges::find(*sensors, number) != sensors->end() ? "cell" : "other";
}

Converted soc_source(const ForeignValues& values, const ImportRow& row) {
  const bool external = !value_of(values, row.keys[1]).empty();
  if (external && !value_of(values, "EXTERNAL_SENSOR_DBUS_DEVICE").empty()) return "external";
  return parse_flag(value_of(values, row.keys[0])).value_or(false) ? "own" : "bms";
}

Converted current_source(const ForeignValues& values, const ImportRow& row) {
  if (value_of(values, row.keys[0]).empty()) return nothing(empty);
  if (value_of(values, "EXTERNAL_SENSOR_DBUS_DEVICE").empty()) return nothing("there is no external device");
  return "external";
}

Converted keep_for(const ForeignValues& values, const ImportRow& row) {
  const auto blocks = parse_flag(value_of(values, row.keys[0]));
  const auto minutes = parse_number(value_of(values, row.keys[1]));
  if (!blocks) return nothing("is neither True nor False");
  if (*blocks) return "0";
  if (!minutes) return nothing(no_number);
  return number_text(std::clamp(*minutes * 60, 0.0, 1800.0));
}

Converted absorption_spread(const ForeignValues& values, const ImportRow& row) {
  const auto even = difference(value_of(values, row.keys[0]));
  if (!even) return nothing("is switched off; here a battery is full by time, current and even cells");
  // Above the sum that driver starts anew, so cells that are this even count.
  return number_text(*even + difference(value_of(values, row.keys[1])).value_or(0));
}

Converted rebulk_discharged(const ForeignValues& values, const ImportRow& row) {
  const std::string_view text = value_of(values, row.keys[0]);
  const auto soc = text.empty() ? 0.0 : parse_number(text);
  if (!soc) return nothing(no_number);
  return number_text(std::clamp((100 - *soc) / 100, 0.01, 1.0));
}

Converted rebulk_spread(const ForeignValues& values, const ImportRow& row) {
  return number_text(difference(value_of(values, row.keys[0])).value_or(1));
}

Converted curve(const ForeignValues& values, const ImportRow& row) {
  if (!switched_on(values, row)) return "off";
  const auto points = points_of(values, row);
  if (!points) return nothing(points.error());
  return text_of(*points);
}

Converted cell_curve(const ForeignValues& values, const ImportRow& row) {
  if (!switched_on(values, row)) return nothing("is off; here single cells are always looked after");
  return curve(values, row);
}

Converted charge_cell_curve(const ForeignValues& values, const ImportRow& row) {
  if (!switched_on(values, row)) return cell_curve(values, row);
  auto points = points_of(values, row);
  if (!points) return nothing(points.error());
  // A table that never comes to nothing would not protect a cell.
  if (points->back().second > 0) points->emplace_back(points->back().first + 0.05, 0);
  return text_of(*points);
}

Converted current_map(const ForeignValues& values, const ImportRow& row) {
  const auto points = points_of(values, row);
  if (!points) return nothing(points.error());
  const bool changes = std::ranges::any_of(*points, [](const auto& point) { return point.first != point.second; });
  return changes ? text_of(*points) : "off";
}

}  // namespace bms::config
