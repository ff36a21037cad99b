#include "bus/remote_item.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "bus/bus_message.hpp"
#include "bus/bus_names.hpp"

namespace bms::bus {
namespace {

constexpr auto call_timeout = std::chrono::seconds{5};
constexpr auto retry_delay = std::chrono::seconds{5};

constexpr std::string_view any_service = "com.victronenergy.";
constexpr std::string_view any_battery = "com.victronenergy.battery.";

/// An answer that no repetition changes: the path is not there now; if it comes, it will be announced.
bool is_final(const sd_bus_error* error) {
  return sd_bus_error_has_name(error, SD_BUS_ERROR_UNKNOWN_OBJECT) > 0 ||
         sd_bus_error_has_name(error, SD_BUS_ERROR_UNKNOWN_METHOD) > 0;
}

}  // namespace

RemoteItem::RemoteItem(BusConnection& bus, std::string service, std::string path, std::function<void()> on_change)
    : bus_{bus},
      service_{std::move(service)},
      path_{std::move(path)},
      on_change_{std::move(on_change)},
      retry_{bus.loop()} {
  const std::string names =
      service_.starts_with(any_service) ? "arg0='" + service_ + "'" : "arg0namespace='com.victronenergy.battery'";
  owners_ = watch_owners(bus_, names, [this](const auto& name, const auto& owner) { take_change(name, owner); });
  look_for_service();
}

void RemoteItem::look_for_service() {
  const std::string_view prefix = service_.starts_with(any_service) ? std::string_view{service_} : any_battery;
  listing_ = list_names(bus_, prefix, [this](const auto& names) { take_names(names); });
}

bool RemoteItem::fits(std::string_view name) const {
  if (service_.starts_with(any_service)) return name == service_;
  return name.starts_with(any_battery) && name.substr(any_battery.size()).ends_with(service_);
}

void RemoteItem::take_names(const std::vector<std::string>& names) {
  if (!owner_.empty()) return;
  const auto name = std::ranges::find_if(names, [this](const auto& each) { return fits(each); });
  if (name == names.end()) return;
  question_ = ask_owner(bus_, *name, [this, name = *name](const std::string& owner) {
    const bool came_meanwhile = !owner_.empty();
    if (!owner.empty() && !came_meanwhile) found(name, owner);
  });
}

void RemoteItem::take_change(const std::string& name, const std::string& owner) {
  const bool another_is_followed = !owner_.empty() && name_ != name;
  if (!fits(name) || another_is_followed) return;
  left();
  if (!owner.empty())
    found(name, owner);
  else
    look_for_service();  // another one may fit
}

void RemoteItem::found(const std::string& name, const std::string& owner) {
  const char* own_name = nullptr;
  if (sd_bus_get_unique_name(bus_.raw(), &own_name) >= 0 && owner == own_name)
    return spdlog::warn("{} is this battery itself; it is not followed", name);
  name_ = name;
  owner_ = owner;
  // Before the question, so that no change falls between the answer and the subscription.
  const std::array<std::string_view, 1> paths{path_};
  changes_ = subscribe_items(
      bus_, owner_, paths, [this](std::string_view path, const items::Incoming& value) { take_value(path, value); },
      [] {});
  ask();
}

void RemoteItem::ask() {
  reading_ = call(bus_, {owner_, path_, bus_item_interface, "GetValue"}, call_timeout,
                  [this](sd_bus_message* reply) { take_answer(reply); });
}

void RemoteItem::left() {
  retry_.cancel();
  reading_ = {};
  changes_.clear();
  name_.clear();
  owner_.clear();
  set(std::nullopt);
}

void RemoteItem::take_answer(sd_bus_message* reply) {
  const sd_bus_error* error = sd_bus_message_get_error(reply);
  if (!error) return set(items::finite_number(read_value(reply).value_or(items::Incoming{})));
  if (is_final(error)) return;
  retry_.expires_after(retry_delay);
  retry_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled && !owner_.empty()) ask();
  });
}

void RemoteItem::take_value(std::string_view path, const items::Incoming& value) {
  if (path == path_) set(items::finite_number(value));
}

void RemoteItem::set(std::optional<double> value) {
  if (value == value_) return;
  value_ = value;
  if (on_change_) on_change_();
}

}  // namespace bms::bus
