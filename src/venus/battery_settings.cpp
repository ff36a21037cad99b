#include "venus/battery_settings.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <set>
#include <utility>

#include "bus/bus_calls.hpp"

#include "bms/utf8.hpp"
#include "items/user_settings.hpp"

namespace bms::venus {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view instance_name = "ClassAndVrmInstance";
constexpr auto call_timeout = 5s;

// Places in the table of settings.
constexpr std::size_t instance_setting = 0;
constexpr std::size_t name_setting = 1;
constexpr std::size_t first_user_setting = 2;

std::vector<DeviceSetting> settings_of(const UserBounds& bounds) {
  std::vector<DeviceSetting> settings{
      {.name = instance_name, .initial = std::string{"battery:1"}},
      {.name = "CustomName", .initial = std::string{}},
  };
  for (const items::UserSetting& row : items::user_setting_rows()) {
    settings.push_back({.name = stored_name(row),
                        .initial = as_value(row, items::as_configured),
                        .range = items::stored_range(row, bounds)});
  }
  return settings;
}

}  // namespace

std::optional<int> battery_instance(std::string_view class_and_instance) {
  constexpr std::string_view prefix = "battery:";
  if (!class_and_instance.starts_with(prefix)) return std::nullopt;
  const std::string_view digits = class_and_instance.substr(prefix.size());
  std::int32_t instance = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), instance);
  if (error != std::errc{} || end != digits.data() + digits.size() || instance < 0) return std::nullopt;
  return instance;
}

BatterySettings::BatterySettings(bus::BusConnection& bus, const std::string& device_id, const UserBounds& bounds,
                                 Callbacks callbacks)
    : bus_{bus},
      own_path_{'/' + device_id + '/' + std::string{instance_name}},
      bounds_{bounds},
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
  for (const items::UserSetting& row : items::user_setting_rows()) {
    if (row.get(user) != row.get(before)) {
      spdlog::info("{}: {}", own_path_.substr(1, own_path_.rfind('/') - 1), items::in_words(row, user));
      client_.store(setting, items::to_stored(row, user));
    }
    ++setting;
  }
}

std::optional<UserSettings> BatterySettings::set_bounds(const UserBounds& bounds) {
  bounds_ = bounds;
  return instance_ ? std::optional(stored_user()) : std::nullopt;
}

/// Instances are made unique by localsettings, but people write them as well.
void BatterySettings::take_known() {
  if (instance_) return;
  others_ = call(bus_, {SettingsClient::service, "/Settings/Devices", bus::bus_item_interface, "GetValue"},
                 call_timeout, [this](sd_bus_message* reply) { take_others(reply); });
}

void BatterySettings::take_others(sd_bus_message* reply) {
  std::set<int> taken;
  if (sd_bus_message_is_method_error(reply, nullptr) <= 0) {
    bus::read_tree(reply, [&](std::string_view path, const items::Incoming& value) {
      const auto* words = std::get_if<std::string>(&value);
      if (!words || !path.ends_with(instance_name) || path == own_path_) return;
      if (const auto instance = battery_instance(*words)) taken.insert(*instance);
    });
  }
  const auto stored = stored_instance();
  if (stored && !taken.contains(*stored)) return begin_with(*stored);

  int next = 1;
  while (taken.contains(next)) ++next;
  const std::string wanted = "battery:" + std::to_string(next);
  const auto& words = std::get<std::string>(client_[instance_setting]);
  spdlog::error("{} is '{}', which {}; taking {}", instance_name, clean_text(words),
                stored ? "another device has" : "is not battery:<number>", wanted);
  // What is not kept is in force all the same: a battery that stays away from the bus helps nobody.
  if (std::exchange(corrected_, true) || !client_.keeps(instance_setting)) return begin_with(next);
  client_.store_and_read(instance_setting, wanted);
}

void BatterySettings::begin_with(int instance) {
  instance_ = instance;
  callbacks_.on_known({instance, stored_name(), stored_user()});
}

void BatterySettings::take_change(std::size_t setting) {
  if (!instance_) return;  // all of it is read when there is one
  if (setting == instance_setting) {
    // Consumers read the instance once; a registered battery keeps the one that it has.
    const auto instance = stored_instance();
    if (!instance)
      spdlog::error("{} is '{}', which is not battery:<number>", instance_name,
                    clean_text(std::get<std::string>(client_[instance_setting])));
    else if (instance != instance_)
      spdlog::warn("The VRM instance becomes {} at the next start", *instance);
  } else if (setting == name_setting) {
    if (callbacks_.on_custom_name) callbacks_.on_custom_name(stored_name());
  } else {
    const UserSettings user = stored_user();
    spdlog::info("{}", items::in_words(items::user_setting_rows()[setting - first_user_setting], user));
    if (callbacks_.on_user_settings) callbacks_.on_user_settings(user);
  }
}

std::optional<int> BatterySettings::stored_instance() const {
  if (!client_.keeps(instance_setting)) return std::nullopt;
  return battery_instance(std::get<std::string>(client_[instance_setting]));
}

std::string BatterySettings::stored_name() const {
  return shortened(std::get<std::string>(client_[name_setting]), items::longest_custom_name);
}

UserSettings BatterySettings::stored_user() const {
  UserSettings user;
  std::size_t setting = first_user_setting;
  for (const items::UserSetting& row : items::user_setting_rows()) items::from_stored(row, client_[setting++], user);
  return items::bounded(user, bounds_);
}

}  // namespace bms::venus
