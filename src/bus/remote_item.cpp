#include "bus/remote_item.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "bus/bus_names.hpp"

namespace bms::bus {
namespace {

constexpr std::string_view any_service = "com.victronenergy.";
constexpr std::string_view any_battery = "com.victronenergy.battery.";

}  // namespace

RemoteItem::RemoteItem(BusConnection& bus, std::string service, std::string path, std::function<void()> on_change)
    : bus_{bus}, service_{std::move(service)}, path_{std::move(path)}, on_change_{std::move(on_change)} {
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
  if (followed_) return;
  const auto name = std::ranges::find_if(names, [this](const auto& each) { return fits(each); });
  if (name == names.end()) return;
  question_ = ask_owner(bus_, *name, [this, name = *name](const std::string& owner) {
    if (!owner.empty() && !followed_) found(name, owner);
  });
}

void RemoteItem::take_change(const std::string& name, const std::string& owner) {
  const bool another_is_followed = followed_ && followed_->name() != name;
  if (!fits(name) || another_is_followed) return;
  followed_.reset();
  take_value(std::nullopt);
  if (!owner.empty())
    found(name, owner);
  else
    look_for_service();  // another one may fit
}

void RemoteItem::found(const std::string& name, const std::string& owner) {
  const char* own_name = nullptr;
  if (sd_bus_get_unique_name(bus_.raw(), &own_name) >= 0 && owner == own_name)
    return spdlog::warn("{} is this battery itself; it is not followed", name);
  followed_.emplace(bus_, name, owner, paths_, [this] { take_value(followed_->number(0)); });
}

void RemoteItem::take_value(std::optional<double> value) {
  if (value == value_) return;
  value_ = value;
  if (on_change_) on_change_();
}

}  // namespace bms::bus
