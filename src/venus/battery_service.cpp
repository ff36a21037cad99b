#include "venus/battery_service.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

namespace bms::venus {

namespace {

// Each item of a signal is work for every program that follows the battery, and the page that shows copies is rarely
// looked at.
constexpr std::chrono::seconds copies_wait{5};

/// The last part of a bus name: letters, digits, '_' and '-', not beginning with a digit.
std::string bus_name_part(std::string_view tty_name) {
  std::string part{tty_name};
  std::ranges::replace_if(
      part, [](unsigned char c) { return c >= 0x80 || (std::isalnum(c) == 0 && c != '_' && c != '-'); }, '_');
  if (part.empty() || std::isdigit(static_cast<unsigned char>(part.front())) != 0) part.insert(part.begin(), '_');
  return part;
}

bool is_allowed(const Limits& limits, std::optional<double> current_a) {
  return limits.charge_voltage_v && current_a.value_or(0) > 0;
}

}  // namespace

BatteryService::BatteryService(bus::BusConnection& bus, items::BatteryItems& items, items::WriteHandlers handlers)
    : bus_{bus}, items_{items}, service_{bus, items.tree()} {
  items_.on_written(std::move(handlers));
}

bool BatteryService::register_name() {
  // Nobody knows the service yet, so there is nobody to tell.
  items_.tree().clear_changes();
  items_.tree().clear_changed_copies();
  registered_ = bus_.request_name(name());
  return registered_;
}

void BatteryService::publish(const Battery& battery, const Limits& limits) {
  bus_.look_after_output();
  items_.update(battery, limits);
  const bool due = battery.read_at - copies_sent_at_ >= copies_wait;
  if (due) copies_sent_at_ = battery.read_at;
  const bool may_charge = is_allowed(limits, limits.charge_current_a);
  const bool may_discharge = is_allowed(limits, limits.discharge_current_a);
  const bool forbids = (may_charge_ && !may_charge) || (may_discharge_ && !may_discharge);
  may_charge_ = may_charge;
  may_discharge_ = may_discharge;
  send_changes(forbids ? bus::Haste::must_be_heard : bus::Haste::none, due ? bus::Copies::as_well : bus::Copies::later);
}

void BatteryService::set_custom_name(const std::string& name) {
  items_.set_custom_name(name);
  send_changes();
}

void BatteryService::set_bounds(const UserBounds& bounds) {
  items_.set_bounds(bounds);
  send_changes();
}

void BatteryService::set_user_settings(const UserSettings& user) {
  items_.set_user_settings(user);
  send_changes();
}

void BatteryService::send_changes(bus::Haste haste, bus::Copies copies) {
  if (registered_) service_.send_changes(haste, copies);
}

std::string BatteryService::name() const {
  return "com.victronenergy.battery." + bus_name_part(items_.facts().who.place);
}

}  // namespace bms::venus
