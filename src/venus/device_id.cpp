#include "venus/device_id.hpp"

namespace bms::venus {

bool claim_device(bus::BusConnection& bus, const std::string& battery_id) {
  // A part of a bus name may begin with '_', but not with a digit.
  const bool begins_with_digit = !battery_id.empty() && battery_id.front() >= '0' && battery_id.front() <= '9';
  return bus.request_name(std::string{"org.dbus_bms.Device."} + (begins_with_digit ? "_" : "") + battery_id);
}

}  // namespace bms::venus
