// The mirror of BlueZ's objects, the way to a board's characteristics, and what BlueZ's errors mean.
#include <gtest/gtest.h>

#include "bluetooth/call_error.hpp"
#include "bluetooth/objects.hpp"
#include "bluetooth/route.hpp"

namespace bms::bluetooth {
namespace {

using Flags = std::vector<std::string>;

constexpr const char* address = "A4:C1:37:00:00:01";
const std::string device = "/org/bluez/hci0/dev_A4_C1_37_00_00_01";
const std::string other = "/org/bluez/hci0/dev_00_00_00_00_00_09";

void add_service(Objects& objects, const std::string& path, std::uint16_t uuid) {
  objects.add(path, service_interface);
  objects.set(path, service_interface, "UUID", long_uuid(uuid));
  objects.set(path, service_interface, "Device", path.substr(0, path.rfind('/')));
}

void add_characteristic(Objects& objects, const std::string& path, std::uint16_t uuid, Flags flags) {
  objects.add(path, characteristic_interface);
  objects.set(path, characteristic_interface, "UUID", long_uuid(uuid));
  objects.set(path, characteristic_interface, "Service", path.substr(0, path.rfind('/')));
  objects.set(path, characteristic_interface, "Flags", std::move(flags));
}

TEST(BluetoothObjects, KeepWhatIsWantedAlone) {
  Objects objects;
  objects.want(address);
  for (const std::string& path : {device, other}) {
    objects.add(path, device_interface);
    add_service(objects, path + "/service0010", 0xFF00);
    add_characteristic(objects, path + "/service0010/char0011", 0xFF01, {"notify"});
  }
  EXPECT_EQ(objects.devices().size(), 1);
  EXPECT_EQ(objects.services().size(), 1);
  EXPECT_EQ(objects.characteristics().size(), 1);
  EXPECT_EQ(objects.device(device)->shown.address, address);
  EXPECT_EQ(objects.device(device)->adapter, "/org/bluez/hci0");
}

TEST(BluetoothObjects, AreBoundedHoweverManyThereAre) {
  Objects objects;
  objects.want_all();
  for (int number = 1000; number < 5000; ++number)
    objects.add("/org/bluez/hci0/dev_00_00_00_00_" + std::to_string(number), device_interface);
  EXPECT_LE(objects.devices().size(), 400);
}

TEST(BluetoothObjects, TakePropertiesOfTheTypesThatTheyHaveAndNoOthers) {
  Objects objects;
  objects.want(address);
  objects.add(device, device_interface);
  objects.set(device, device_interface, "Connected", true);
  objects.set(device, device_interface, "RSSI", std::int64_t{-71});
  objects.set(device, device_interface, "Connected", std::string("no"));
  objects.set(device, device_interface, "RSSI", bus::Property{});
  EXPECT_TRUE(objects.device(device)->shown.connected);
  EXPECT_EQ(objects.device(device)->shown.rssi_dbm, -71);
  EXPECT_EQ(objects.device(device)->heard, 1);
  objects.set(other, device_interface, "Connected", true);  // of whom nothing is known
  EXPECT_EQ(objects.device(other), nullptr);
}

TEST(BluetoothObjects, TakeADeviceWithResolvedServicesForConnected) {
  Objects objects;
  objects.want(address);
  objects.add(device, device_interface);
  objects.set(device, device_interface, "ServicesResolved", false);
  EXPECT_FALSE(objects.device(device)->shown.connected);
  objects.set(device, device_interface, "ServicesResolved", true);
  EXPECT_TRUE(objects.device(device)->shown.connected);
  objects.set(device, device_interface, "Connected", false);
  objects.set(device, device_interface, "ServicesResolved", false);
  EXPECT_FALSE(objects.device(device)->shown.connected);
}

TEST(BluetoothObjects, FindAnAdapterByItsAddressWhateverItsNumber) {
  Objects objects;
  EXPECT_EQ(objects.adapter(""), nullptr);
  for (const int number : {0, 1}) {
    const std::string path = "/org/bluez/hci" + std::to_string(number);
    objects.add(path, adapter_interface);
    objects.set(path, adapter_interface, "Address", "00:00:00:00:00:0" + std::to_string(number));
    objects.set(path, adapter_interface, "Powered", number == 1);
  }
  EXPECT_EQ(objects.adapter("00:00:00:00:00:00")->first, "/org/bluez/hci0");
  EXPECT_EQ(objects.adapter("")->first, "/org/bluez/hci1") << "the one that is switched on";
  EXPECT_EQ(objects.adapter("00:00:00:00:00:02"), nullptr);
  objects.remove("/org/bluez/hci1", adapter_interface);
  EXPECT_EQ(objects.adapter("")->first, "/org/bluez/hci0");
  EXPECT_EQ(device_path("/org/bluez/hci0", address), device);
}

constexpr GattLayout layouts[] = {{0xFF00, 0xFF01, 0xFF02}, {0xFFF0, 0xFFF1, 0xFFF2}, {0xFFE0, 0xFFE1, 0xFFE1}};

struct RouteCase {
  const char* what;
  std::uint16_t service;
  std::vector<std::pair<std::uint16_t, Flags>> characteristics;
  const char *notifies, *written;  ///< numbers in hexadecimal; empty: there is no way
  bool without_response, with_response;
};

const RouteCase routes[] = {
    {"JBD",
     0xFF00,
     {{0xFF01, {"read", "notify"}}, {0xFF02, {"write", "write-without-response"}}},
     "ff01",
     "ff02",
     true,
     true},
    {"ANT, one for both", 0xFFE0, {{0xFFE1, {"notify", "write-without-response"}}}, "ffe1", "ffe1", true, false},
    {"ANT with a second one to be written",
     0xFFE0,
     {{0xFFE1, {"notify", "write-without-response"}}, {0xFFE2, {"write"}}},
     "ffe1",
     "ffe1",
     true,
     false},
    {"Daly with its numbers exchanged",
     0xFFF0,
     {{0xFFF1, {"write"}}, {0xFFF2, {"notify"}}},
     "fff2",
     "fff1",
     false,
     true},
    {"numbers that nobody knows", 0xFF00, {{0xAB01, {"notify"}}, {0xAB02, {"write"}}}, "ab01", "ab02", false, true},
    {"nothing that notifies", 0xFF00, {{0xFF01, {"read"}}, {0xFF02, {"write"}}}, "", "", false, false},
    {"another service", 0x180A, {{0xFF01, {"notify"}}, {0xFF02, {"write"}}}, "", "", false, false},
};

TEST(BluetoothRoute, IsFoundByWhatTheCharacteristicsAreFor) {
  for (const RouteCase& one : routes) {
    SCOPED_TRACE(one.what);
    Objects objects;
    objects.want(address);
    objects.add(device, device_interface);
    const std::string service = device + "/service0010";
    add_service(objects, service, one.service);
    const auto path_of = [&](const std::string& number) { return service + "/" + number; };
    for (const auto& [number, flags] : one.characteristics)
      add_characteristic(objects, path_of(long_uuid(number).substr(4, 4)), number, flags);
    const auto found = route_to(objects, device, layouts);
    ASSERT_EQ(found.has_value(), *one.notifies != 0);
    if (!found) continue;
    EXPECT_EQ(*found, (Route{path_of(one.notifies), path_of(one.written), one.without_response, one.with_response}));
    EXPECT_FALSE(route_to(objects, other, layouts)) << "it is another device's";
  }
}

TEST(BluetoothRoute, SaysWhatADeviceHasInstead) {
  Objects objects;
  objects.want(address);
  EXPECT_EQ(services_in_words(objects, device), "none");
  add_service(objects, device + "/service0010", 0x180A);
  add_service(objects, device + "/service0020", 0x1800);
  EXPECT_EQ(services_in_words(objects, device), "180a, 1800");
}

struct ErrorCase {
  Call call;
  const char *name, *text;
  Reaction reaction;
};

constexpr const char* failed = "org.bluez.Error.Failed";

constexpr ErrorCase errors[] = {
    {Call::connect, "", "", Reaction::go_on},
    {Call::connect, "org.bluez.Error.NotReady", "Resource Not Ready", Reaction::await_power},
    {Call::start_discovery, "org.bluez.Error.NotReady", "Resource Not Ready", Reaction::await_power},
    {Call::connect, failed, "le-connection-adapter-not-powered", Reaction::await_power},
    {Call::start_discovery, "org.bluez.Error.InProgress", "", Reaction::await_others},
    {Call::stop_discovery, failed, "No discovery started", Reaction::go_on},
    {Call::stop_discovery, "org.bluez.Error.InProgress", "", Reaction::go_on},
    {Call::connect, failed, "Operation already in progress", Reaction::await_connection},
    {Call::connect, "org.bluez.Error.InProgress", "In Progress", Reaction::await_connection},
    {Call::connect, "org.bluez.Error.AlreadyConnected", "Already Connected", Reaction::go_on},
    {Call::connect, failed, "le-connection-abort-by-local", Reaction::back_off},
    {Call::connect, failed, "Software caused connection abort", Reaction::back_off},
    {Call::connect, failed, "le-connection-abort-by-remote", Reaction::back_off},
    {Call::connect, failed, "br-connection-canceled", Reaction::back_off},
    {Call::connect, failed, "le-connection-concurrent-connection-limit", Reaction::relieve},
    {Call::connect, failed, "something new", Reaction::back_off},
    {Call::start_notify, "org.bluez.Error.NotPermitted", "Notify acquired", Reaction::reconnect},
    {Call::start_notify, "org.bluez.Error.NotAuthorized", "Not Authorized", Reaction::ask_owner},
    {Call::write, failed, "Operation failed with ATT error: 0x0e", Reaction::ask_owner},
    {Call::write, failed, "Operation failed with ATT error: 0x05", Reaction::ask_owner},
    {Call::write, failed, "Not connected", Reaction::await_connection},
    {Call::write, failed, "Failed to initiate write", Reaction::reconnect},
    {Call::connect, "org.freedesktop.DBus.Error.UnknownObject", "", Reaction::await_objects},
    {Call::connect, "org.freedesktop.DBus.Error.ServiceUnknown", "", Reaction::await_objects},
    {Call::connect, "org.freedesktop.DBus.Error.NameHasNoOwner", "", Reaction::await_objects},
    {Call::connect, "org.freedesktop.DBus.Error.Spawn.ExecFailed", "", Reaction::await_objects},
};

TEST(BluetoothErrors, HaveTheReactionsThatAreKnownToHelp) {
  for (const ErrorCase& one : errors) {
    const CallError error{.name = one.name, .text = one.text};
    EXPECT_EQ(meaning_of(one.call, error).reaction, one.reaction) << in_words(error);
  }
}

TEST(BluetoothErrors, HaveOneWhateverComes) {
  for (const Call call :
       {Call::connect, Call::start_notify, Call::write, Call::start_discovery, Call::stop_discovery}) {
    for (const char* name : {"x", "org.bluez.Error.", "Timeout", "org.freedesktop.DBus.Error.NoReply"})
      EXPECT_NO_THROW(static_cast<void>(meaning_of(call, {.name = name, .text = "?"})));
  }
}

}  // namespace
}  // namespace bms::bluetooth
