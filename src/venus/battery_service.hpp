// The battery on D-Bus: com.victronenergy.battery.<tty>.
#pragma once

#include <functional>
#include <string>

#include "bms/battery.hpp"
#include "bms/limits.hpp"
#include "venus/bus_connection.hpp"
#include "venus/bus_item_service.hpp"
#include "venus/item_tree.hpp"

namespace bms::venus {

/// What the service says of itself; all but the custom name is fixed while it is on the bus.
struct ServiceFacts {
  std::string tty_name;     ///< base name of the port, "ttyUSB0": the last part of the service name
  std::string connection;   ///< where the device is attached, for people: "/dev/ttyUSB0"
  std::string version;      ///< of this program
  int device_instance = 0;  ///< the VRM instance, from localsettings
  std::string custom_name;  ///< the user's name for the battery, "" when unset
};

/// The battery's values as items, by the tables of battery_paths.hpp. Knows no D-Bus.
class BatteryItems {
 public:
  /// Makes every item. `battery` is the one of the first complete reading: its numbers of cells and sensors, and its
  /// identity, decide for good which items there are.
  BatteryItems(ServiceFacts facts, const Battery& battery);

  /// Takes over what is known now. Allocates nothing when nothing changed.
  void update(const Battery& battery, const Limits& limits);

  /// The user's name for the battery; shown at once.
  void set_custom_name(const std::string& name);

  [[nodiscard]] ItemTree& tree() { return tree_; }
  [[nodiscard]] const ItemTree& tree() const { return tree_; }
  [[nodiscard]] const ServiceFacts& facts() const { return facts_; }

 private:
  ServiceFacts facts_;
  ItemTree tree_;
};

/// Puts BatteryItems onto the bus.
class BatteryService {
 public:
  /// Called when somebody on the bus writes /CustomName; is to store the name where it lasts (SettingsClient).
  using WriteCustomName = std::function<void(const std::string& name)>;

  /// Exports the items; nobody finds them before register_name(). `bus` and `items` must outlive the service.
  BatteryService(BusConnection& bus, BatteryItems& items, WriteCustomName write_custom_name);

  /// Takes the service's name; to be called last, when every item has its value (call publish() first). False: another
  /// process has the name.
  [[nodiscard]] bool register_name();

  /// Takes over what is known now and tells the bus what changed, in one signal; sends nothing when nothing changed.
  void publish(const Battery& battery, const Limits& limits);

  /// The user's name was changed in the settings: shows it.
  void set_custom_name(const std::string& name);

  /// The name on the bus: "com.victronenergy.battery.ttyUSB0". Characters that D-Bus does not allow become '_'.
  [[nodiscard]] std::string name() const;

 private:
  BatteryItems& items_;
  BusConnection& bus_;
  BusItemService service_;
};

}  // namespace bms::venus
