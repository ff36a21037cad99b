#include "venus/settings_client.hpp"

#include <spdlog/spdlog.h>

#include <charconv>
#include <chrono>
#include <utility>

namespace bms::venus {
namespace {

using namespace std::chrono_literals;

constexpr auto call_timeout = 5s;
constexpr auto retry_delay = 5s;

constexpr const char* service = "com.victronenergy.settings";
constexpr const char* settings_interface = "com.victronenergy.Settings";
constexpr const char* item_interface = "com.victronenergy.BusItem";

constexpr const char* instance_setting = "/ClassAndVrmInstance";
constexpr const char* custom_name_setting = "/CustomName";

/// A text in a variant; empty when it holds anything else, as a removed setting does.
std::optional<std::string> text_in(const std::map<std::string, sdbus::Variant>& attributes, const std::string& key) {
  const auto entry = attributes.find(key);
  if (entry == attributes.end() || !entry->second.containsValueOfType<std::string>()) return std::nullopt;
  return entry->second.get<std::string>();
}

/// Nobody owns the name. Everything else may pass by itself: a call that was on its way when localsettings left, a
/// localsettings that is busy.
bool is_absent(const sdbus::Error& error) {
  return error.getName() == SD_BUS_ERROR_SERVICE_UNKNOWN || error.getName() == SD_BUS_ERROR_NAME_HAS_NO_OWNER;
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

SettingsClient::SettingsClient(BusConnection& bus, std::string device_id, Callbacks callbacks)
    : bus_{bus},
      path_{"/Settings/Devices/" + std::move(device_id)},
      callbacks_{std::move(callbacks)},
      root_{sdbus::createProxy(bus.sdbus(), service, "/")},
      custom_name_item_{sdbus::createProxy(bus.sdbus(), service, path_ + custom_name_setting)},
      retry_{bus.loop()} {
  subscribe();
  ask();
}

void SettingsClient::set_custom_name(const std::string& name) {
  custom_name_ = name;
  unwritten_name_ = name;
  write_custom_name();
}

void SettingsClient::subscribe() {
  const std::string owner_rule = std::string{"type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',"} +
                                 "interface='org.freedesktop.DBus',arg0='" + service + "'";
  owner_match_ = bus_.sdbus().addMatch(owner_rule, [this](sdbus::Message& signal) { take_owner(signal); });

  const std::string change_rule = std::string{"type='signal',sender='"} + service + "',interface='" + item_interface +
                                  "',member='PropertiesChanged',path_namespace='" + path_ + "'";
  change_match_ = bus_.sdbus().addMatch(change_rule, [this](sdbus::Message& signal) { take_change(signal); });
}

void SettingsClient::take_owner(sdbus::Message& signal) try {
  std::string name;
  std::string old_owner;
  std::string new_owner;
  signal >> name >> old_owner >> new_owner;
  // A new localsettings has read its file again, and may not know our settings yet.
  if (!new_owner.empty()) ask();
} catch (const sdbus::Error& error) {
  spdlog::warn("Cannot understand a change of owner: {}", error.what());
}

void SettingsClient::ask() {
  question_.cancel();
  retry_.cancel();
  const std::vector<Attributes> settings{
      {{"path", sdbus::Variant{path_ + instance_setting}}, {"default", sdbus::Variant{std::string{"battery:1"}}}},
      {{"path", sdbus::Variant{path_ + custom_name_setting}}, {"default", sdbus::Variant{std::string{}}}},
  };
  question_ = root_->callMethodAsync("AddSettings")
                  .onInterface(settings_interface)
                  .withTimeout(call_timeout)
                  .withArguments(settings)
                  .uponReplyInvoke([this](const sdbus::Error* error, const std::vector<Attributes>& answers) {
                    take_answer(error, answers);
                  });
  bus_.arm();
}

void SettingsClient::take_answer(const sdbus::Error* error, const std::vector<Attributes>& answers) {
  if (error) return try_again_after(*error);
  const auto instance = answers.size() == 2 ? text_in(answers[0], "value") : std::nullopt;
  const auto name = answers.size() == 2 ? text_in(answers[1], "value") : std::nullopt;
  if (!instance || !name)
    return try_again_after(sdbus::Error{SD_BUS_ERROR_FAILED, "localsettings refused a setting below " + path_});
  take_instance(*instance);
  take_custom_name(*name);
  write_custom_name();
  announce_first();
}

void SettingsClient::take_change(sdbus::Message& signal) try {
  Attributes attributes;
  signal >> attributes;
  const auto value = text_in(attributes, "Value");
  if (!value) return;
  const std::string path = signal.getPath();
  if (path == path_ + instance_setting) take_instance(*value);
  if (path == path_ + custom_name_setting) take_custom_name(*value);
  announce_first();
} catch (const sdbus::Error& error) {
  spdlog::warn("Cannot understand a changed setting: {}", error.what());
}

void SettingsClient::take_instance(const std::string& value) {
  const auto instance = battery_instance(value);
  if (!instance)
    spdlog::error("{}{} is '{}', not battery:<number>", path_, instance_setting, value);
  else if (announced_ && instance != instance_)
    spdlog::warn("The VRM instance becomes {} at the next start", *instance);
  // Consumers read the instance once; a registered battery keeps the one that it has.
  if (instance && !announced_) instance_ = instance;
}

void SettingsClient::take_custom_name(const std::string& name) {
  const bool ours_is_newer = unwritten_name_.has_value();
  if (ours_is_newer || name == custom_name_) return;
  custom_name_ = name;
  if (announced_ && callbacks_.on_custom_name) callbacks_.on_custom_name(name);
}

void SettingsClient::announce_first() {
  if (announced_ || !instance_ || !custom_name_) return;
  announced_ = true;
  callbacks_.on_instance(*instance_, *custom_name_);
}

void SettingsClient::write_custom_name() {
  if (!unwritten_name_) return;
  custom_name_item_->callMethodAsync("SetValue")
      .onInterface(item_interface)
      .withTimeout(call_timeout)
      .withArguments(sdbus::Variant{*unwritten_name_})
      .uponReplyInvoke([this, written = *unwritten_name_](const sdbus::Error* error, std::int32_t result) {
        take_write_result(error, result, written);
      });
  bus_.arm();
}

void SettingsClient::take_write_result(const sdbus::Error* error, std::int32_t result, const std::string& written) {
  if (written != unwritten_name_) return;  // a newer name is on its way
  if (error) return try_again_after(*error);
  unwritten_name_.reset();
  if (result == 0) return;
  spdlog::error("localsettings refused the custom name '{}'", written);
  ask();
}

void SettingsClient::try_again_after(const sdbus::Error& error) {
  // An absent service announces itself when it comes.
  if (is_absent(error)) return spdlog::info("Waiting for {}", service);
  spdlog::warn("{}: {}; trying again", service, error.what());
  retry_.expires_after(retry_delay);
  retry_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled) ask();
  });
}

}  // namespace bms::venus
