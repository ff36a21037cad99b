// What BlueZ has: its adapters, devices, services and characteristics as far as anybody here cares. A mirror; it asks
// for nothing itself.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bluetooth/advertisement.hpp"
#include "bus/bus_properties.hpp"

namespace bms::bluetooth {

inline constexpr std::string_view adapter_interface = "org.bluez.Adapter1";
inline constexpr std::string_view device_interface = "org.bluez.Device1";
inline constexpr std::string_view service_interface = "org.bluez.GattService1";
inline constexpr std::string_view characteristic_interface = "org.bluez.GattCharacteristic1";

struct AdapterObject {
  std::string address;
  bool powered = false;
  bool discovering = false;
};

struct DeviceObject {
  std::string adapter;  ///< its path
  Advertisement shown;
  bool services_resolved = false;
  bool paired = false;
  unsigned heard = 0;  ///< how often it was, since the object is there
};

struct ServiceObject {
  std::string device;  ///< its path
  std::string uuid;
};

struct CharacteristicObject {
  std::string service;  ///< its path
  std::string uuid;
  std::vector<std::string> flags;
  std::optional<std::size_t> mtu;

  [[nodiscard]] bool has(std::string_view flag) const;
};

template <class Object>
using ByPath = std::map<std::string, Object, std::less<>>;

class Objects {
 public:
  /// From now on devices with this address are kept, with what is below them; all others are passed over.
  void want(const std::string& address) { wanted_.insert(address); }

  /// From now on all devices are kept, up to a few hundred.
  void want_all() { all_wanted_ = true; }

  /// Whether an object with this path is to be kept.
  [[nodiscard]] bool wants(std::string_view path) const;

  /// An object has an interface; then what is said of it, property by property.
  void add(std::string_view path, std::string_view interface);
  void set(std::string_view path, std::string_view interface, std::string_view name, const bus::Property& value);
  void remove(std::string_view path, std::string_view interface);
  void clear();

  [[nodiscard]] const ByPath<AdapterObject>& adapters() const { return adapters_; }
  [[nodiscard]] const ByPath<DeviceObject>& devices() const { return devices_; }
  [[nodiscard]] const ByPath<ServiceObject>& services() const { return services_; }
  [[nodiscard]] const ByPath<CharacteristicObject>& characteristics() const { return characteristics_; }

  /// Where the adapter with this address is now; empty address: the first that is switched on, else the first. nullptr:
  /// there is none.
  [[nodiscard]] const ByPath<AdapterObject>::value_type* adapter(std::string_view address) const;

  /// The device of an adapter. nullptr: BlueZ does not know it.
  [[nodiscard]] const DeviceObject* device(std::string_view path) const;

 private:
  void set_adapter(AdapterObject& adapter, std::string_view name, const bus::Property& value);
  void set_device(DeviceObject& device, std::string_view name, const bus::Property& value);
  void set_characteristic(CharacteristicObject& one, std::string_view name, const bus::Property& value);

  std::set<std::string, std::less<>> wanted_;
  bool all_wanted_ = false;
  ByPath<AdapterObject> adapters_;
  ByPath<DeviceObject> devices_;
  ByPath<ServiceObject> services_;
  ByPath<CharacteristicObject> characteristics_;
};

/// The path of a device's object: ("/org/bluez/hci0", "A4:C1:37:00:00:01") -> "/org/bluez/hci0/dev_A4_C1_37_00_00_01".
[[nodiscard]] std::string device_path(std::string_view adapter, std::string_view address);

/// "hci0" of "/org/bluez/hci0".
[[nodiscard]] std::string_view short_name(std::string_view adapter_path);

}  // namespace bms::bluetooth
