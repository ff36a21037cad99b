// The battery on D-Bus: com.victronenergy.battery.<tty>.
#pragma once

#include <string>

#include "bms/battery.hpp"
#include "bms/limits.hpp"
#include "bms/user_settings.hpp"
#include "bus/bus_connection.hpp"
#include "bus/bus_item_service.hpp"
#include "items/battery_items.hpp"

namespace bms::venus {

/// Puts BatteryItems onto the bus.
class BatteryService {
 public:
  /// Exports the items; nobody finds them before register_name(). `bus` and `items` must outlive the service.
  /// `handlers` hear of what clients write; they may call the service.
  BatteryService(bus::BusConnection& bus, items::BatteryItems& items, items::WriteHandlers handlers);

  /// Takes the service's name; to be called last, when every item has its value (after a first publish()). False:
  /// another process has the name.
  [[nodiscard]] bool register_name();

  /// Takes over what is known now and tells the bus what changed, in one signal; sends nothing when nothing changed.
  /// Copies of other items are only announced with readings that are five seconds apart, as long as they are valid.
  void publish(const Battery& battery, const Limits& limits);

  /// The user's name was changed in the settings: shows it.
  void set_custom_name(const std::string& name);

  /// What is configured has become another one: shows how far settings may be changed now.
  void set_bounds(const UserBounds& bounds);

  /// The owner's settings were changed in localsettings: shows what is in force now.
  void set_user_settings(const UserSettings& user);

  /// The name on the bus: "com.victronenergy.battery.ttyUSB0". Characters that D-Bus does not allow become '_'.
  [[nodiscard]] std::string name() const;

 private:
  void send_changes(bus::Haste haste = bus::Haste::none, bus::Copies copies = bus::Copies::later);

  bus::BusConnection& bus_;
  items::BatteryItems& items_;
  bus::BusItemService service_;
  bool registered_ = false;
  bool may_charge_ = false, may_discharge_ = false;  ///< as published last
  TimePoint copies_sent_at_{};                       ///< the time of a reading
};

}  // namespace bms::venus
