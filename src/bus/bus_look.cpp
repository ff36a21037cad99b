#include "bus/bus_look.hpp"

#include <systemd/sd-bus.h>

#include <chrono>
#include <memory>
#include <system_error>

#include "bus/bus_connection.hpp"

namespace bms::bus {

namespace {

constexpr std::chrono::microseconds look_patience = std::chrono::seconds{5};

std::unexpected<std::string> no_bus(int negative_errno) {
  const std::string bus = is_of_session() ? "the bus of DBUS_SESSION_BUS_ADDRESS" : "the system bus";
  return std::unexpected(bus + ": " + std::generic_category().message(-negative_errno));
}

}  // namespace

std::expected<bool, std::string> has_owner(const std::string& name) {
  sd_bus* opened = nullptr;
  if (const int problem = (is_of_session() ? sd_bus_open_user : sd_bus_open_system)(&opened); problem < 0)
    return no_bus(problem);
  const std::unique_ptr<sd_bus, decltype(&sd_bus_close_unref)> bus{opened, &sd_bus_close_unref};
  sd_bus_set_method_call_timeout(opened, static_cast<std::uint64_t>(look_patience.count()));
  sd_bus_message* answered = nullptr;
  const int asked = sd_bus_call_method(opened, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                       "NameHasOwner", nullptr, &answered, "s", name.c_str());
  if (asked < 0) return no_bus(asked);
  const std::unique_ptr<sd_bus_message, decltype(&sd_bus_message_unref)> answer{answered, &sd_bus_message_unref};
  int owned = 0;
  if (const int problem = sd_bus_message_read(answered, "b", &owned); problem < 0) return no_bus(problem);
  return owned != 0;
}

}  // namespace bms::bus
