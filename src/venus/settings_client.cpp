#include "venus/settings_client.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

#include "bus/bus_names.hpp"

namespace bms::venus {
namespace {

using namespace std::chrono_literals;

constexpr auto settings_timeout = 5s;
constexpr auto retry_delay = 5s;
// Every change is written to flash in the end.
constexpr int writes_at_once = 20;
constexpr auto pace_of_writes = 1s;

constexpr std::string_view settings_interface = "com.victronenergy.Settings";

items::Type type_of(const items::Value& value) {
  if (std::holds_alternative<std::int32_t>(value)) return items::Type::integer;
  return std::holds_alternative<double>(value) ? items::Type::real : items::Type::text;
}

/// A number as a value of the same type as `like`.
items::Value number_like(const items::Value& like, double number) {
  return type_of(like) == items::Type::integer ? items::Value{static_cast<std::int32_t>(number)} : items::Value{number};
}

/// What somebody has sent, if it is of the type of `like`. A removed setting has no value.
std::optional<items::Value> value_like(const items::Value& like, const items::Incoming& incoming) {
  auto value = items::fitted(incoming, type_of(like));
  return value && items::is_valid(*value) ? value : std::nullopt;
}

void append_attribute(bus::MessageWriter& arguments, const char* name, const items::Value& value) {
  arguments.open('e', "sv");
  arguments.append_basic('s', name);
  arguments.append_value(value);
  arguments.close();
}

}  // namespace

SettingsClient::SettingsClient(bus::BusConnection& bus, const std::string& device_id,
                               std::vector<DeviceSetting> settings, Callbacks callbacks)
    : bus_{bus},
      path_{"/Settings/Devices/" + device_id + '/'},
      callbacks_{std::move(callbacks)},
      retry_{bus.loop()},
      writing_{bus.loop(), writes_at_once, pace_of_writes, [this] { write(); }} {
  slots_.reserve(settings.size());
  for (DeviceSetting& setting : settings) {
    items::Value initial = setting.initial;
    slots_.push_back({std::move(setting), std::move(initial)});
  }
  subscribe_to_changes();
  ask();
}

void SettingsClient::store(std::size_t setting, const items::Value& value) {
  Slot& slot = slots_[setting];
  if (slot.value == value && !slot.unwritten) return;
  slot.value = value;
  slot.unwritten = true;
  writing_.ask();
}

void SettingsClient::store_and_read(std::size_t setting, const items::Value& value) {
  read_wanted_ = true;
  Slot& slot = slots_[setting];
  slot.value = value;
  slot.unwritten = true;
  if (slot.refused) return ask();
  writing_.ask();
}

void SettingsClient::subscribe_to_changes() {
  owner_watch_ = bus::watch_owners(bus_, "arg0='" + std::string{service} + "'",
                                   [this](const auto& /*name*/, const auto& owner) { take_owner(owner); });
  const std::string node = path_.substr(0, path_.size() - 1);
  const std::string rule = "type='signal',sender='" + std::string{service} + "',interface='" +
                           std::string{bus::bus_item_interface} + "',member='PropertiesChanged',path_namespace='" +
                           node + "'";
  change_watch_ = subscribe(bus_, rule, [this](sd_bus_message* signal) { take_change(signal); });
}

void SettingsClient::take_owner(const std::string& owner) {
  owner_ = owner;
  // A new localsettings has read its file again, and may not know our settings yet.
  if (!owner.empty()) ask();
}

void SettingsClient::ask() {
  retry_.cancel();
  question_ = call(
      bus_, {service, "/", settings_interface, "AddSettings"}, settings_timeout,
      [this](sd_bus_message* reply) { take_answers(reply); },
      [this](bus::MessageWriter& arguments) { append_wishes(arguments); });
}

void SettingsClient::append_wishes(bus::MessageWriter& arguments) const {
  arguments.open('a', "a{sv}");
  for (const Slot& slot : slots_) {
    const DeviceSetting& setting = slot.setting;
    arguments.open('a', "{sv}");
    append_attribute(arguments, "path", path_ + std::string{setting.name});
    append_attribute(arguments, "default", setting.initial);
    if (setting.range) {
      append_attribute(arguments, "min", number_like(setting.initial, setting.range->min));
      append_attribute(arguments, "max", number_like(setting.initial, setting.range->max));
    }
    arguments.close();
  }
  arguments.close();
}

void SettingsClient::take_answers(sd_bus_message* reply) {
  if (sd_bus_message_is_method_error(reply, nullptr) > 0) return try_again_after(reply);
  if (const char* sender = sd_bus_message_get_sender(reply)) owner_ = sender;
  std::vector<std::optional<items::Value>> answers;
  const bool is_list = sd_bus_message_enter_container(reply, 'a', "a{sv}") > 0;
  while (is_list && answers.size() < slots_.size()) {
    const items::Value& like = slots_[answers.size()].setting.initial;
    std::optional<items::Value> value;
    const bool understood = bus::read_dictionary(reply, [&](std::string_view key, const items::Incoming& incoming) {
      if (key == "value") value = value_like(like, incoming);
    });
    if (!understood) break;
    answers.push_back(std::move(value));
  }
  if (answers.size() != slots_.size()) return try_again("an answer that means nothing");

  for (std::size_t i = 0; i < slots_.size(); ++i) take_answer(i, answers[i]);
  write();
  const bool first = !std::exchange(known_, true);
  const bool still_writing =
      std::ranges::any_of(slots_, [](const Slot& each) { return each.unwritten && !each.refused; });
  if (first || (read_wanted_ && !still_writing)) {
    read_wanted_ = false;
    callbacks_.on_known();
  }
}

void SettingsClient::take_answer(std::size_t setting, const std::optional<items::Value>& value) {
  Slot& slot = slots_[setting];
  slot.refused = !value;
  if (value) return take_value(setting, *value);
  spdlog::error("localsettings does not keep {}{}", path_, slot.setting.name);
}

void SettingsClient::take_change(sd_bus_message* signal) {
  const char* sender = sd_bus_message_get_sender(signal);
  if (!owner_.empty() && (!sender || owner_ != sender)) return;
  const std::string_view path = sd_bus_message_get_path(signal);
  if (!path.starts_with(path_)) return;
  const auto slot = std::ranges::find(slots_, path.substr(path_.size()),
                                      [](const Slot& each) -> std::string_view { return each.setting.name; });
  if (slot == slots_.end()) return;
  std::optional<items::Value> value;
  bus::read_properties(signal, path, [&](std::string_view /*path*/, const items::Incoming& incoming) {
    value = value_like(slot->setting.initial, incoming);
  });
  if (value) take_value(static_cast<std::size_t>(slot - slots_.begin()), *value);
}

void SettingsClient::take_value(std::size_t setting, const items::Value& value) {
  Slot& slot = slots_[setting];
  if (slot.unwritten || slot.value == value) return;
  slot.value = value;
  if (known_ && callbacks_.on_change) callbacks_.on_change(setting);
}

void SettingsClient::write() {
  for (std::size_t setting = 0; setting < slots_.size(); ++setting) {
    Slot& slot = slots_[setting];
    if (!slot.unwritten || slot.refused || slot.under_way) continue;
    slot.under_way = true;
    const std::string path = path_ + std::string{slot.setting.name};
    slot.write = call(
        bus_, {service, path, bus::bus_item_interface, "SetValue"}, settings_timeout,
        [this, setting, written = slot.value](sd_bus_message* reply) { take_write_result(setting, written, reply); },
        [&slot](bus::MessageWriter& arguments) { arguments.append_value(slot.value); });
  }
}

void SettingsClient::take_write_result(std::size_t setting, const items::Value& written, sd_bus_message* reply) {
  Slot& slot = slots_[setting];
  slot.under_way = false;
  if (sd_bus_message_is_method_error(reply, nullptr) > 0) return try_again_after(reply);
  if (written != slot.value) return writing_.ask();
  slot.unwritten = false;
  const auto result = bus::read_value(reply);
  const bool taken = result && items::finite_number(*result) == 0.0;
  if (!taken) spdlog::error("localsettings refused a value for {}{}", path_, slot.setting.name);
  if (!taken || read_wanted_) ask();
}

void SettingsClient::try_again(const std::string& why) {
  spdlog::warn("{}: {}; trying again", service, why);
  retry_.after(retry_delay, [this] { ask(); });
}

void SettingsClient::try_again_after(sd_bus_message* reply) {
  const sd_bus_error* error = sd_bus_message_get_error(reply);
  // An absent service announces itself when it comes. Everything else may pass by itself: a call that was on its way
  // when localsettings left, a localsettings that is busy.
  if (sd_bus_error_has_name(error, SD_BUS_ERROR_SERVICE_UNKNOWN) > 0 ||
      sd_bus_error_has_name(error, SD_BUS_ERROR_NAME_HAS_NO_OWNER) > 0)
    return spdlog::info("Waiting for {}", service);
  try_again(error && error->message ? error->message : "an error");
}

}  // namespace bms::venus
