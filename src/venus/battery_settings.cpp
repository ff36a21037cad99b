#include "venus/battery_settings.hpp"

#include <spdlog/spdlog.h>

#include <charconv>
#include <utility>

#include "venus/user_settings.hpp"

namespace bms::venus {
namespace {

// Places in the table of settings.
constexpr std::size_t instance_setting = 0;
constexpr std::size_t name_setting = 1;
constexpr std::size_t first_user_setting = 2;

std::vector<DeviceSetting> settings_of(const UserBounds& bounds) {
  std::vector<DeviceSetting> settings{
      {.name = "ClassAndVrmInstance", .initial = std::string{"battery:1"}, .required = true},
      {.name = "CustomName", .initial = std::string{}, .required = true},
  };
  for (const UserSetting& row : user_setting_rows()) {
    settings.push_back(
        {.name = stored_name(row), .initial = as_value(row, as_configured), .range = stored_range(row, bounds)});
  }
  return settings;
}

/// Says in the log what the owner wants, wherever he said it.
void log(const UserSetting& row, const UserSettings& user) {
  if (const auto number = row.get(user))
    spdlog::info("{} is now {}", row.path, *number);
  else
    spdlog::info("{} is now as configured", row.path);
}

}  // namespace

std::optional<int> battery_instance(std::string_view class_and_instance) {
  constexpr std::string_view prefix = "battery:";
  if (!class_and_instance.starts_with(prefix)) return std::nullopt;
  const std::string_view digits = class_and_instance.substr(prefix.size());
  int instance = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), instance);
  if (error != std::errc{} || end != digits.data() + digits.size() || instance < 0) return std::nullopt;
  return instance;
}

BatterySettings::BatterySettings(BusConnection& bus, const std::string& device_id, const UserBounds& bounds,
                                 Callbacks callbacks)
    : bounds_{bounds},
      callbacks_{std::move(callbacks)},
      client_{
          bus,
          device_id,
          settings_of(bounds),
          {.on_known = [this] { take_known(); }, .on_change = [this](std::size_t setting) { take_change(setting); }}} {}

void BatterySettings::set_custom_name(const std::string& name) { client_.store(name_setting, name); }

void BatterySettings::set_user_settings(const UserSettings& user) {
  // What was not changed stays as it is stored, even if that is more than the configuration allows today.
  const UserSettings before = stored_user();
  std::size_t setting = first_user_setting;
  for (const UserSetting& row : user_setting_rows()) {
    if (row.get(user) != row.get(before)) {
      log(row, user);
      client_.store(setting, to_stored(row, user));
    }
    ++setting;
  }
}

std::optional<UserSettings> BatterySettings::set_bounds(const UserBounds& bounds) {
  bounds_ = bounds;
  return instance_ ? std::optional(stored_user()) : std::nullopt;
}

void BatterySettings::take_known() {
  // Without an instance the battery stays away from the bus: a wrong one is worse than none.
  instance_ = stored_instance();
  if (instance_) callbacks_.on_known({*instance_, stored_name(), stored_user()});
}

void BatterySettings::take_change(std::size_t setting) {
  if (!instance_) return take_known();
  if (setting == instance_setting) {
    // Consumers read the instance once; a registered battery keeps the one that it has.
    const auto instance = stored_instance();
    if (instance && instance != instance_) spdlog::warn("The VRM instance becomes {} at the next start", *instance);
  } else if (setting == name_setting) {
    if (callbacks_.on_custom_name) callbacks_.on_custom_name(stored_name());
  } else {
    const UserSettings user = stored_user();
    log(user_setting_rows()[setting - first_user_setting], user);
    if (callbacks_.on_user_settings) callbacks_.on_user_settings(user);
  }
}

std::optional<int> BatterySettings::stored_instance() const {
  const auto& value = std::get<std::string>(client_[instance_setting]);
  const auto instance = battery_instance(value);
  if (!instance) spdlog::error("ClassAndVrmInstance is '{}', not battery:<number>", value);
  return instance;
}

std::string BatterySettings::stored_name() const { return std::get<std::string>(client_[name_setting]); }

UserSettings BatterySettings::stored_user() const {
  UserSettings user;
  std::size_t setting = first_user_setting;
  for (const UserSetting& row : user_setting_rows()) from_stored(row, client_[setting++], user);
  return bounded(user, bounds_);
}

}  // namespace bms::venus
