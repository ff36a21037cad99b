#include "driver/shown_items.hpp"

#include <optional>
#include <string>

#include "items/battery_items.hpp"

namespace bms::driver {

namespace {

std::optional<console::Value> value_of(const items::Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto number = items::number_in(value)) return *number;
  return std::nullopt;
}

}  // namespace

std::vector<console::ShownItem> shown_items(const Introduction& who, const Battery& battery, const Limits& limits,
                                            const UserBounds& bounds, const UserSettings& user) {
  items::BatteryItems items({.who = who, .version = BMS_VERSION, .device_instance = 0, .custom_name = {}}, battery,
                            bounds);
  items.set_user_settings(user);
  items.update(battery, limits);
  items.tree().refresh();
  std::vector<console::ShownItem> shown;
  for (const items::Item& item : items.tree().items()) {
    const auto& range = item.write ? item.write->range : std::nullopt;
    shown.push_back({.path = item.path,
                     .value = value_of(item.value),
                     .initial = range ? std::optional(range->initial) : std::nullopt});
  }
  return shown;
}

}  // namespace bms::driver
