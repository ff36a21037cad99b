#include "bluetooth/objects.hpp"

#include <algorithm>

namespace bms::bluetooth {

namespace {

// Nobody has more of them nearby that he wants to read.
constexpr std::size_t most_devices = 400;
// A board has fewer; what a stranger has is not kept.
constexpr std::size_t most_below_devices = 400;

constexpr std::string_view device_mark = "/dev_";
constexpr std::size_t address_size = 17;  // "A4:C1:37:00:00:01"

/// The address in the path of a device or of what is below one; empty: it is neither.
std::string address_in(std::string_view path) {
  const auto mark = path.find(device_mark);
  if (mark == std::string_view::npos) return {};
  std::string address(path.substr(mark + device_mark.size(), address_size));
  std::ranges::replace(address, '_', ':');
  return address;
}

template <class Value, class To>
void take(const bus::Property& value, To& to) {
  if (const auto* fits = std::get_if<Value>(&value)) to = static_cast<To>(*fits);
}

template <class Object>
void insert(ByPath<Object>& objects, std::string_view path, std::size_t most) {
  if (objects.size() < most) objects.try_emplace(std::string(path));
}

template <class Object>
void erase(ByPath<Object>& objects, std::string_view path) {
  if (const auto found = objects.find(path); found != objects.end()) objects.erase(found);
}

template <class Object>
Object* find(ByPath<Object>& objects, std::string_view path) {
  const auto found = objects.find(path);
  return found == objects.end() ? nullptr : &found->second;
}

}  // namespace

bool CharacteristicObject::has(std::string_view flag) const { return std::ranges::find(flags, flag) != flags.end(); }

bool Objects::wants(std::string_view path) const {
  const std::string address = address_in(path);
  return address.empty() || all_wanted_ || wanted_.contains(address);
}

void Objects::add(std::string_view path, std::string_view interface) {
  if (!wants(path)) return;
  if (interface == adapter_interface) insert(adapters_, path, most_devices);
  if (interface == device_interface) {
    insert(devices_, path, most_devices);
    if (auto* device = find(devices_, path)) {
      device->adapter = path.substr(0, path.find(device_mark));
      device->shown.address = address_in(path);
    }
  }
  if (interface == service_interface) insert(services_, path, most_below_devices);
  if (interface == characteristic_interface) insert(characteristics_, path, most_below_devices);
}

void Objects::set(std::string_view path, std::string_view interface, std::string_view name,
                  const bus::Property& value) {
  if (interface == adapter_interface) {
    if (auto* adapter = find(adapters_, path)) set_adapter(*adapter, name, value);
  } else if (interface == device_interface) {
    if (auto* device = find(devices_, path)) set_device(*device, name, value);
  } else if (interface == service_interface) {
    auto* service = find(services_, path);
    if (service && name == "UUID") take<std::string>(value, service->uuid);
    if (service && name == "Device") take<std::string>(value, service->device);
  } else if (interface == characteristic_interface) {
    if (auto* one = find(characteristics_, path)) set_characteristic(*one, name, value);
  }
}

void Objects::set_adapter(AdapterObject& adapter, std::string_view name, const bus::Property& value) {
  if (name == "Address") take<std::string>(value, adapter.address);
  if (name == "Powered") take<bool>(value, adapter.powered);
  if (name == "Discovering") take<bool>(value, adapter.discovering);
}

void Objects::set_device(DeviceObject& device, std::string_view name, const bus::Property& value) {
  if (name == "Name") take<std::string>(value, device.shown.name);
  if (name == "UUIDs") take<std::vector<std::string>>(value, device.shown.service_uuids);
  if (name == "ManufacturerData") take<bus::NumberedBytes>(value, device.shown.manufacturer_data);
  if (name == "Connected") take<bool>(value, device.shown.connected);
  if (name == "ServicesResolved") {
    take<bool>(value, device.services_resolved);
    // BlueZ 5.66 does not always say that it is connected, but nothing is resolved without a connection.
    if (device.services_resolved) device.shown.connected = true;
  }
  if (name == "Paired") take<bool>(value, device.paired);
  if (name != "RSSI") return;
  if (const auto* rssi = std::get_if<std::int64_t>(&value)) {
    device.shown.rssi_dbm = static_cast<int>(*rssi);
    ++device.heard;
  }
}

void Objects::set_characteristic(CharacteristicObject& one, std::string_view name, const bus::Property& value) {
  if (name == "UUID") take<std::string>(value, one.uuid);
  if (name == "Service") take<std::string>(value, one.service);
  if (name == "Flags") take<std::vector<std::string>>(value, one.flags);
  if (const auto* mtu = std::get_if<std::int64_t>(&value); mtu && name == "MTU" && *mtu > 0)
    one.mtu = static_cast<std::size_t>(*mtu);
}

void Objects::remove(std::string_view path, std::string_view interface) {
  if (interface == adapter_interface) erase(adapters_, path);
  if (interface == device_interface) erase(devices_, path);
  if (interface == service_interface) erase(services_, path);
  if (interface == characteristic_interface) erase(characteristics_, path);
}

void Objects::clear() {
  adapters_.clear();
  devices_.clear();
  services_.clear();
  characteristics_.clear();
}

const ByPath<AdapterObject>::value_type* Objects::adapter(std::string_view address) const {
  const auto fits = [address](const auto& one) {
    return address.empty() ? one.second.powered : one.second.address == address;
  };
  const auto found = std::ranges::find_if(adapters_, fits);
  if (found != adapters_.end()) return &*found;
  return address.empty() && !adapters_.empty() ? &*adapters_.begin() : nullptr;
}

const DeviceObject* Objects::device(std::string_view path) const {
  const auto found = devices_.find(path);
  return found == devices_.end() ? nullptr : &found->second;
}

std::string device_path(std::string_view adapter, std::string_view address) {
  std::string end(address);
  std::ranges::replace(end, ':', '_');
  return std::string(adapter) + std::string(device_mark) + end;
}

std::string_view short_name(std::string_view adapter_path) { return adapter_path.substr(adapter_path.rfind('/') + 1); }

}  // namespace bms::bluetooth
