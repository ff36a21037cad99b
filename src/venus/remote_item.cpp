#include "venus/remote_item.hpp"

#include <sdbus-c++/Error.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <exception>
#include <system_error>
#include <utility>
#include <variant>

#include "venus/bus_message.hpp"

namespace bms::venus {
namespace {

constexpr auto call_timeout = std::chrono::seconds{5};
constexpr auto retry_delay = std::chrono::seconds{5};

constexpr const char* daemon_name = "org.freedesktop.DBus";
constexpr const char* daemon_path = "/org/freedesktop/DBus";
constexpr const char* bus_item = "com.victronenergy.BusItem";
constexpr std::string_view any_service = "com.victronenergy.";
constexpr std::string_view any_battery = "com.victronenergy.battery.";

std::optional<double> as_number(const std::optional<Incoming>& incoming) {
  if (!incoming) return std::nullopt;
  if (const auto* whole = std::get_if<std::int64_t>(&*incoming)) return static_cast<double>(*whole);
  const auto* real = std::get_if<double>(&*incoming);
  return real && std::isfinite(*real) ? std::optional<double>{*real} : std::nullopt;
}

/// A text argument; nullptr: there is none.
const char* read_text(sd_bus_message* message) {
  const char* words = nullptr;
  return sd_bus_message_read_basic(message, 's', static_cast<void*>(&words)) > 0 ? words : nullptr;
}

/// What a{sv} says of "Value". The outer optional is empty when it says nothing.
std::optional<std::optional<double>> read_properties(sd_bus_message* message) {
  std::optional<std::optional<double>> value;
  if (sd_bus_message_enter_container(message, 'a', "{sv}") <= 0) return value;
  while (sd_bus_message_enter_container(message, 'e', "sv") > 0) {
    const char* key = read_text(message);
    if (!key) return value;
    // It is left where it stands, whatever was in it: what follows does not matter.
    if (std::string_view{key} == "Value") return as_number(read_value(message));
    if (sd_bus_message_skip(message, "v") < 0 || sd_bus_message_exit_container(message) < 0) return value;
  }
  return value;
}

/// What a{sa{sv}} says of one path.
std::optional<std::optional<double>> read_items(sd_bus_message* message, std::string_view path) {
  if (sd_bus_message_enter_container(message, 'a', "{sa{sv}}") <= 0) return std::nullopt;
  while (sd_bus_message_enter_container(message, 'e', "sa{sv}") > 0) {
    const char* key = read_text(message);
    if (!key) return std::nullopt;
    if (key == path) return read_properties(message);
    if (sd_bus_message_skip(message, "a{sv}") < 0 || sd_bus_message_exit_container(message) < 0) return std::nullopt;
  }
  return std::nullopt;
}

/// An answer that no repetition changes: the path is not there now; if it comes, it will be announced.
bool is_final(const sd_bus_error* error) {
  return sd_bus_error_has_name(error, SD_BUS_ERROR_UNKNOWN_OBJECT) > 0 ||
         sd_bus_error_has_name(error, SD_BUS_ERROR_UNKNOWN_METHOD) > 0;
}

}  // namespace

template <RemoteItem::Handler Handle>
int RemoteItem::dispatch(sd_bus_message* message, void* self, sd_bus_error* /*error*/) {
  try {
    (static_cast<RemoteItem*>(self)->*Handle)(message);
  } catch (const std::exception& failure) {
    // Nothing may be thrown through the C library.
    spdlog::warn("Cannot follow another service: {}", failure.what());
  }
  return 0;
}

template <RemoteItem::Handler Handle>
RemoteItem::Slot RemoteItem::subscribe(const std::string& rule) {
  sd_bus_slot* slot = nullptr;
  const int result =
      sd_bus_add_match_async(bus_.raw(), &slot, rule.c_str(), &RemoteItem::dispatch<Handle>, nullptr, this);
  if (result < 0) throw sdbus::createError(-result, "Cannot subscribe to " + service_);
  return Slot{slot};
}

template <RemoteItem::Handler Handle>
RemoteItem::Slot RemoteItem::call(const char* service, const char* path, const char* interface, const char* method,
                                  const char* argument) {
  sd_bus_message* raw_message = nullptr;
  int result = sd_bus_message_new_method_call(bus_.raw(), &raw_message, service, path, interface, method);
  const Message message{raw_message};
  if (result >= 0 && argument) result = sd_bus_message_append_basic(raw_message, 's', argument);
  sd_bus_slot* slot = nullptr;
  if (result >= 0) {
    const auto timeout_us = std::chrono::microseconds{call_timeout}.count();
    result = sd_bus_call_async(bus_.raw(), &slot, raw_message, &RemoteItem::dispatch<Handle>, this,
                               static_cast<std::uint64_t>(timeout_us));
  }
  if (result < 0) spdlog::warn("Cannot call {}: {}", service, std::generic_category().message(-result));
  return Slot{slot};
}

RemoteItem::RemoteItem(BusConnection& bus, std::string service, std::string path, std::function<void()> on_change)
    : bus_{bus},
      service_{std::move(service)},
      path_{std::move(path)},
      on_change_{std::move(on_change)},
      retry_{bus.loop()} {
  const std::string names =
      service_.starts_with(any_service) ? "arg0='" + service_ + "'" : "arg0namespace='com.victronenergy.battery'";
  owners_match_ = subscribe<&RemoteItem::take_owner_change>(
      "type='signal',sender='org.freedesktop.DBus',interface='org.freedesktop.DBus',member='NameOwnerChanged'," +
      names);
  look_for_service();
}

void RemoteItem::look_for_service() {
  names_call_ = call<&RemoteItem::take_names>(daemon_name, daemon_path, daemon_name, "ListNames", nullptr);
  bus_.arm();
}

bool RemoteItem::fits(std::string_view name) const {
  if (service_.starts_with(any_service)) return name == service_;
  return name.starts_with(any_battery) && name.substr(any_battery.size()).ends_with(service_);
}

void RemoteItem::take_names(sd_bus_message* reply) {
  if (!owner_.empty() || sd_bus_message_enter_container(reply, 'a', "s") <= 0) return;
  while (const char* name = read_text(reply)) {
    if (!fits(name)) continue;
    candidate_ = name;
    owner_call_ = call<&RemoteItem::take_owner>(daemon_name, daemon_path, daemon_name, "GetNameOwner", name);
    bus_.arm();
    return;
  }
}

void RemoteItem::take_owner(sd_bus_message* reply) {
  if (!owner_.empty()) return;  // its coming was announced meanwhile
  const char* owner = sd_bus_message_is_method_error(reply, nullptr) > 0 ? nullptr : read_text(reply);
  if (owner) found(candidate_, owner);
}

void RemoteItem::take_owner_change(sd_bus_message* signal) {
  const char* name = read_text(signal);
  const char* old_owner = name ? read_text(signal) : nullptr;
  const char* new_owner = old_owner ? read_text(signal) : nullptr;
  if (!new_owner || !fits(name)) return;
  const bool another_is_followed = !owner_.empty() && name_ != name;
  if (another_is_followed) return;
  left();
  if (*new_owner != 0)
    found(name, new_owner);
  else
    look_for_service();  // another one may fit
}

void RemoteItem::found(const std::string& name, const std::string& owner) {
  const char* own_name = nullptr;
  if (sd_bus_get_unique_name(bus_.raw(), &own_name) >= 0 && owner == own_name)
    return spdlog::warn("{} is this battery itself; it is not followed", name);
  name_ = name;
  owner_ = owner;
  // By the unique name: libsystemd cannot tell whether a signal comes from the owner of another one. And before the
  // question, so that no change falls between the answer and the subscription.
  const std::string rule = "type='signal',sender='" + owner_ + "',interface='" + bus_item + "',member='";
  items_match_ = subscribe<&RemoteItem::take_items>(rule + "ItemsChanged',path='/'");
  properties_match_ = subscribe<&RemoteItem::take_properties>(rule + "PropertiesChanged',path='" + path_ + "'");
  ask();
}

void RemoteItem::ask() {
  value_call_ = call<&RemoteItem::take_answer>(owner_.c_str(), path_.c_str(), bus_item, "GetValue", nullptr);
  bus_.arm();
}

void RemoteItem::left() {
  retry_.cancel();
  value_call_.reset();
  items_match_.reset();
  properties_match_.reset();
  name_.clear();
  owner_.clear();
  bus_.arm();
  set(std::nullopt);
}

void RemoteItem::take_answer(sd_bus_message* reply) {
  const sd_bus_error* error = sd_bus_message_get_error(reply);
  if (!error) return set(as_number(read_value(reply)));
  if (is_final(error)) return;
  retry_.expires_after(retry_delay);
  retry_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled && !owner_.empty()) ask();
  });
}

void RemoteItem::take_items(sd_bus_message* signal) {
  if (const auto said = read_items(signal, path_)) set(*said);
}

void RemoteItem::take_properties(sd_bus_message* signal) {
  if (const auto said = read_properties(signal)) set(*said);
}

void RemoteItem::set(std::optional<double> value) {
  if (value == value_) return;
  value_ = value;
  if (on_change_) on_change_();
}

}  // namespace bms::venus
