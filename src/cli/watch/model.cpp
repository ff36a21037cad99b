#include "cli/watch/model.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace bms::cli {
namespace {

constexpr int most_cells = 64;

/// NaN counts as equal to NaN, or a service that sends it would be redrawn for ever.
bool same(const BusValue& a, const BusValue& b) {
  const double* x = std::get_if<double>(&a);
  const double* y = std::get_if<double>(&b);
  if (x != nullptr && y != nullptr && std::isnan(*x) && std::isnan(*y)) return true;
  return a == b;
}

/// The number between `before` and `after` in `text`, from 1 to most_cells.
std::optional<int> number_between(std::string_view text, std::string_view before, std::string_view after) {
  if (!text.starts_with(before) || !text.ends_with(after) || text.size() <= before.size() + after.size())
    return std::nullopt;
  text.remove_prefix(before.size());
  text.remove_suffix(after.size());
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (number < 1 || number > most_cells) return std::nullopt;
  return number;
}

using Values = std::map<std::string, BusValue, std::less<>>;

constexpr std::size_t most_paths = 10'000;  // a service that has more does not mean to be looked at

bool set_in(Values& values, std::string_view path, BusValue value) {
  const auto found = values.find(path);
  if (found == values.end()) {
    if (values.size() >= most_paths) return false;
    values.emplace(path, std::move(value));
    return true;
  }
  if (same(found->second, value)) return false;
  found->second = std::move(value);
  return true;
}

std::optional<double> number_in(const Values& values, std::string_view path) {
  const auto found = values.find(path);
  if (found == values.end()) return std::nullopt;
  if (const auto* whole = std::get_if<std::int64_t>(&found->second)) return static_cast<double>(*whole);
  const auto* real = std::get_if<double>(&found->second);
  if (real == nullptr || !std::isfinite(*real)) return std::nullopt;
  return *real;
}

struct CellPaths {
  std::string before, after;
};

std::string_view last_part(std::string_view path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

bool WatchModel::set(std::string_view path, BusValue value) { return set_in(items_, path, std::move(value)); }

bool WatchModel::set_initial(std::string_view path, BusValue value) {
  return set_in(initials_, path, std::move(value));
}

void WatchModel::clear() {
  items_.clear();
  initials_.clear();
}

std::optional<double> WatchModel::number(std::string_view path) const { return number_in(items_, path); }
std::optional<double> WatchModel::initial(std::string_view path) const { return number_in(initials_, path); }

std::optional<std::int64_t> WatchModel::integer(std::string_view path) const {
  constexpr double largest = 9e15;  // beyond this a double no longer holds every whole number
  const auto value = number(path);
  if (!value || *value != std::trunc(*value) || std::abs(*value) > largest) return std::nullopt;
  return static_cast<std::int64_t>(*value);
}

std::optional<std::string> WatchModel::text(std::string_view path) const {
  const auto found = items_.find(path);
  if (found == items_.end()) return std::nullopt;
  const auto* text = std::get_if<std::string>(&found->second);
  if (text == nullptr || text->empty()) return std::nullopt;
  return *text;
}

std::vector<std::pair<std::string, BusValue>> WatchModel::below(std::string_view prefix) const {
  std::vector<std::pair<std::string, BusValue>> result;
  for (auto item = items_.lower_bound(prefix); item != items_.end() && item->first.starts_with(prefix); ++item)
    result.emplace_back(item->first.substr(prefix.size()), item->second);
  return result;
}

std::vector<WatchedCell> WatchModel::cells() const {
  const auto pack = std::to_string(integer("/Battery/Request/Id").value_or(1));
  const std::array<CellPaths, 3> ways{{
      {"/Voltages/Cell", ""},
      {"/Cell/", "/Volts"},
      {"/Battery/" + pack + "/Cell/", "/Voltage"},
  }};
  for (const CellPaths& way : ways) {
    int count = 0;
    for (auto item = items_.lower_bound(way.before); item != items_.end() && item->first.starts_with(way.before);
         ++item)
      count = std::max(count, number_between(item->first, way.before, way.after).value_or(0));
    std::vector<WatchedCell> cells;
    for (int n = 1; n <= count; ++n) {
      const std::string digits = std::to_string(n);
      cells.push_back({n, number(way.before + digits + way.after), number("/Balances/Cell" + digits) == 1.0});
    }
    if (!cells.empty()) return cells;
  }
  return {};
}

ServiceChoice choose_service(std::span<const std::string> bus_names, std::string_view wanted) {
  if (wanted.starts_with(battery_prefix)) wanted.remove_prefix(battery_prefix.size());
  if (wanted.starts_with('/')) wanted = last_part(wanted);
  ServiceChoice choice;
  for (const std::string& name : bus_names) {
    if (!name.starts_with(battery_prefix)) continue;
    const auto suffix = std::string_view(name).substr(battery_prefix.size());
    if (!wanted.empty() && suffix == wanted) return {name, {}};
    if (suffix.ends_with(wanted)) choice.candidates.push_back(name);
  }
  std::ranges::sort(choice.candidates);
  if (choice.candidates.size() == 1) {
    choice.name = choice.candidates.front();
    choice.candidates.clear();
  }
  return choice;
}

}  // namespace bms::cli
