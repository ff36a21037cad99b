#include "venus/settings_client.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "venus/bus_value.hpp"

namespace bms::venus {
namespace {

using namespace std::chrono_literals;

constexpr auto call_timeout = 5s;
constexpr auto retry_delay = 5s;

constexpr const char* service = "com.victronenergy.settings";
constexpr const char* settings_interface = "com.victronenergy.Settings";
constexpr const char* item_interface = "com.victronenergy.BusItem";

Type type_of(const Value& value) {
  if (std::holds_alternative<std::int32_t>(value)) return Type::integer;
  return std::holds_alternative<double>(value) ? Type::real : Type::text;
}

/// A number as a value of the same type as `like`.
Value number_like(const Value& like, double number) {
  return type_of(like) == Type::integer ? Value{static_cast<std::int32_t>(number)} : Value{number};
}

/// The value of an attribute, if it is of the type of `like`. A removed setting has none.
std::optional<Value> value_in(const std::map<std::string, sdbus::Variant>& attributes, const std::string& key,
                              const Value& like) {
  const auto entry = attributes.find(key);
  if (entry == attributes.end()) return std::nullopt;
  auto value = fitted(from_variant(entry->second), type_of(like));
  return value && is_valid(*value) ? value : std::nullopt;
}

/// Nobody owns the name. Everything else may pass by itself: a call that was on its way when localsettings left, a
/// localsettings that is busy.
bool is_absent(const sdbus::Error& error) {
  return error.getName() == SD_BUS_ERROR_SERVICE_UNKNOWN || error.getName() == SD_BUS_ERROR_NAME_HAS_NO_OWNER;
}

}  // namespace

SettingsClient::SettingsClient(BusConnection& bus, const std::string& device_id, std::vector<DeviceSetting> settings,
                               Callbacks callbacks)
    : bus_{bus},
      path_{"/Settings/Devices/" + device_id + '/'},
      callbacks_{std::move(callbacks)},
      root_{sdbus::createProxy(bus.sdbus(), service, "/")},
      retry_{bus.loop()} {
  slots_.reserve(settings.size());
  for (DeviceSetting& setting : settings) {
    Value initial = setting.initial;
    slots_.push_back({std::move(setting), std::move(initial)});
  }
  subscribe();
  ask();
}

void SettingsClient::store(std::size_t setting, const Value& value) {
  Slot& slot = slots_[setting];
  if (slot.value == value && !slot.unwritten) return;
  slot.value = value;
  slot.unwritten = true;
  write(setting);
}

void SettingsClient::subscribe() {
  const std::string owner_rule = std::string{"type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',"} +
                                 "interface='org.freedesktop.DBus',arg0='" + service + "'";
  owner_match_ = bus_.sdbus().addMatch(owner_rule, [this](sdbus::Message& signal) { take_owner(signal); });

  const std::string node = path_.substr(0, path_.size() - 1);
  const std::string change_rule = std::string{"type='signal',sender='"} + service + "',interface='" + item_interface +
                                  "',member='PropertiesChanged',path_namespace='" + node + "'";
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
  std::vector<Attributes> wishes;
  wishes.reserve(slots_.size());
  for (const Slot& slot : slots_) wishes.push_back(described(slot.setting));
  question_ = root_->callMethodAsync("AddSettings")
                  .onInterface(settings_interface)
                  .withTimeout(call_timeout)
                  .withArguments(wishes)
                  .uponReplyInvoke([this](const sdbus::Error* error, const std::vector<Attributes>& answers) {
                    take_answers(error, answers);
                  });
  bus_.arm();
}

SettingsClient::Attributes SettingsClient::described(const DeviceSetting& setting) const {
  Attributes wish{{"path", sdbus::Variant{path_ + std::string{setting.name}}},
                  {"default", to_variant(setting.initial)}};
  if (setting.range) {
    wish.emplace("min", to_variant(number_like(setting.initial, setting.range->min)));
    wish.emplace("max", to_variant(number_like(setting.initial, setting.range->max)));
  }
  return wish;
}

void SettingsClient::take_answers(const sdbus::Error* error, const std::vector<Attributes>& answers) {
  if (error) return try_again_after(*error);
  bool complete = answers.size() == slots_.size();
  for (std::size_t i = 0; i < slots_.size() && complete; ++i)
    complete = take_answer(i, answers[i]) || !slots_[i].setting.required;
  if (!complete)
    return try_again_after(sdbus::Error{SD_BUS_ERROR_FAILED, "localsettings refused a setting below " + path_});

  for (std::size_t i = 0; i < slots_.size(); ++i) write(i);
  if (std::exchange(known_, true)) return;
  callbacks_.on_known();
}

bool SettingsClient::take_answer(std::size_t setting, const Attributes& answer) {
  Slot& slot = slots_[setting];
  const auto value = value_in(answer, "value", slot.setting.initial);
  slot.refused = !value;
  if (value)
    take_value(setting, *value);
  else
    spdlog::error("localsettings does not keep {}{}", path_, slot.setting.name);
  return !slot.refused;
}

void SettingsClient::take_change(sdbus::Message& signal) try {
  Attributes attributes;
  signal >> attributes;
  const std::string path = signal.getPath();
  const auto slot = std::ranges::find_if(slots_, [&](const Slot& each) {
    return path.starts_with(path_) && path.substr(path_.size()) == each.setting.name;
  });
  if (slot == slots_.end()) return;
  if (const auto value = value_in(attributes, "Value", slot->setting.initial))
    take_value(static_cast<std::size_t>(slot - slots_.begin()), *value);
} catch (const sdbus::Error& error) {
  spdlog::warn("Cannot understand a changed setting: {}", error.what());
}

void SettingsClient::take_value(std::size_t setting, const Value& value) {
  Slot& slot = slots_[setting];
  if (slot.unwritten || slot.value == value) return;
  slot.value = value;
  if (known_ && callbacks_.on_change) callbacks_.on_change(setting);
}

void SettingsClient::write(std::size_t setting) {
  Slot& slot = slots_[setting];
  if (!slot.unwritten || slot.refused) return;
  if (!slot.proxy) slot.proxy = sdbus::createProxy(bus_.sdbus(), service, path_ + std::string{slot.setting.name});
  slot.proxy->callMethodAsync("SetValue")
      .onInterface(item_interface)
      .withTimeout(call_timeout)
      .withArguments(to_variant(slot.value))
      .uponReplyInvoke([this, setting, written = slot.value](const sdbus::Error* error, std::int32_t result) {
        take_write_result(setting, written, error, result);
      });
  bus_.arm();
}

void SettingsClient::take_write_result(std::size_t setting, const Value& written, const sdbus::Error* error,
                                       std::int32_t result) {
  Slot& slot = slots_[setting];
  if (!slot.unwritten || written != slot.value) return;  // a newer value is on its way
  if (error) return try_again_after(*error);
  slot.unwritten = false;
  if (result == 0) return;
  spdlog::error("localsettings refused a value for {}{}", path_, slot.setting.name);
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
