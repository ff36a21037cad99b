#include "mqtt/values.hpp"

#include <algorithm>

#include "items/alarm_paths.hpp"
#include "items/battery_paths.hpp"
#include "mqtt/json_text.hpp"

namespace bms::mqtt {

namespace {

constexpr Look problem{.device_class = "problem", .diagnostic = true};
constexpr Look cell_look{.device_class = "voltage",
                         .unit = "V",
                         .state_class = "measurement",
                         .decimals = 3,
                         .diagnostic = true,
                         .enabled = false};

/// "high cell voltage" as part of a key: "high_cell_voltage".
std::string as_key(std::string_view words) {
  std::string key{words};
  for (char& c : key) {
    if (c == ' ') c = '_';
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return key;
}

std::string as_title(std::string_view words) {
  std::string title{words};
  if (!title.empty() && title.front() >= 'a' && title.front() <= 'z')
    title.front() = static_cast<char>(title.front() - 'a' + 'A');
  return title;
}

void write(std::string& out, std::span<const Entry> entries) {
  for (const Entry& entry : entries) {
    append_name(out, entry.key);
    append_value(out, entry.value());
  }
}

void write_list(std::string& out, std::span<const Entry> entries) {
  for (const Entry& entry : entries) {
    append_comma(out);
    append_value(out, entry.value());
  }
}

}  // namespace

Values::Values(items::BatteryItems& items) : shown_(items.tree()) {
  shown_parts_.resize(shown_.items().size());
  for (const ValueRow& row : value_rows()) add_row(row);
  for (const OwnRow& row : own_rows()) add_own(row);
  add_alarms();
  add_settings();
  add_cells();
}

void Values::note(items::ItemTree& tree, items::ItemTree::Id item, Part part) {
  (&tree == &shown_ ? shown_parts_ : own_parts_)[item] = part;
}

void Values::add_row(const ValueRow& row) {
  const bool several = row.path.find("<n>") != std::string_view::npos;
  for (std::size_t number = 1; number <= (several ? max_temperatures : 1); ++number) {
    const auto item = shown_.find(items::numbered(row.path, number));
    if (!item) return;
    state_.push_back({.key = items::numbered(row.key, number),
                      .name = items::numbered(row.name, number),
                      .platform = row.platform,
                      .look = row.look,
                      .tree = &shown_,
                      .item = *item,
                      .known = !row.if_known});
    note(shown_, *item, row.haste == Haste::at_once ? Part::state_at_once : Part::state);
  }
}

void Values::add_own(const OwnRow& row) {
  const auto item = own_.add("/" + std::string(row.key), row.kind);
  own_parts_.push_back(row.haste == Haste::at_once ? Part::state_at_once : Part::state);
  own_items_.push_back(item);
  state_.push_back({.key = std::string(row.key),
                    .name = std::string(row.name),
                    .platform = row.platform,
                    .look = row.look,
                    .tree = &own_,
                    .item = item,
                    .known = !row.if_known});
}

void Values::add_alarms() {
  for (const AlarmEffect& effect : alarm_effects) {
    const auto item = shown_.find(items::path_of(effect.alarm));
    if (!item) continue;
    alarms_.push_back({.key = as_key(effect.name),
                       .name = as_title(effect.name),
                       .platform = Platform::binary_sensor,
                       .look = problem,
                       .tree = &shown_,
                       .item = *item,
                       .known = false});
    note(shown_, *item, Part::state_at_once);
  }
}

void Values::add_settings() {
  for (const CommandRow& row : command_rows()) {
    if (row.control == Control::button || !row.shown.empty()) continue;
    const auto item = shown_.find(row.path);
    if (!item) continue;
    settings_.push_back({.key = std::string(row.name),
                         .name = std::string(row.title),
                         .look = row.look,
                         .tree = &shown_,
                         .item = *item});
    // What somebody has set is shown at once; the SoC to set is a measurement.
    const bool set_by_hand = row.path.starts_with("/Settings/") && row.path != "/Settings/Soc";
    note(shown_, *item, set_by_hand ? Part::state_at_once : Part::state);
  }
}

void Values::add_cells() {
  for (std::size_t number = 1; number <= max_cells; ++number) {
    const auto voltage = shown_.find(items::numbered("/Voltages/Cell<n>", number));
    const auto balancing = shown_.find(items::numbered("/Balances/Cell<n>", number));
    if (!voltage || !balancing) return;
    const std::string digits = std::to_string(number);
    cells_.push_back(
        {.key = "cell_" + digits, .name = "Cell " + digits, .look = cell_look, .tree = &shown_, .item = *voltage});
    balancing_.push_back({.key = {}, .name = {}, .tree = &shown_, .item = *balancing});
    note(shown_, *voltage, Part::cells);
    note(shown_, *balancing, Part::cells);
  }
}

News Values::update(const Battery& battery, const Limits& limits) {
  for (std::size_t i = 0; i < own_items_.size(); ++i) own_.set(own_items_[i], own_rows()[i].source(battery, limits));
  News news;
  take_changes(shown_, shown_parts_, news);
  take_changes(own_, own_parts_, news);
  news.known = news.state && learn();
  return news;
}

void Values::take_changes(items::ItemTree& tree, std::span<const Part> parts, News& news) {
  for (const items::ItemTree::Id item : tree.changed()) {
    const Part part = parts[item];
    news.state |= part == Part::state || part == Part::state_at_once;
    news.at_once |= part == Part::state_at_once;
    news.cells |= part == Part::cells;
  }
  tree.clear_changes();
  tree.clear_changed_copies();
}

/// Whether something is known now that was not.
bool Values::learn() {
  bool learned = false;
  for (std::vector<Entry>* entries : {&state_, &alarms_}) {
    for (Entry& entry : *entries) {
      if (entry.known || !items::is_valid(entry.value())) continue;
      entry.known = learned = true;
    }
  }
  return learned;
}

void Values::write_state(std::string& out) const {
  out = "{";
  write(out, state_);
  append_name(out, "alarms");
  out += '{';
  write(out, alarms_);
  out += '}';
  append_name(out, "settings");
  out += '{';
  write(out, settings_);
  out += "}}";
}

void Values::write_cells(std::string& out) const {
  out = "{";
  append_name(out, "v");
  out += '[';
  write_list(out, cells_);
  out += ']';
  append_name(out, "balancing");
  out += '[';
  write_list(out, balancing_);
  out += "]}";
}

}  // namespace bms::mqtt
