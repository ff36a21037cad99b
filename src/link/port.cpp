#include "link/port.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>

namespace bms::link {

namespace fs = std::filesystem;

namespace {

constexpr const char* work_list = "/dev/serial-starter";

/// "1-1.2:1.0", the interface of a USB adapter, as part of a settings path.
std::string usb_location(const std::string& tty_name) {
  std::error_code none;
  // The USB serial port, or the interface itself for ttyACM; its parent's name is the position in the tree of hubs.
  fs::path device = fs::canonical(fs::path("/sys/class/tty") / tty_name / "device", none);
  if (none) return {};
  while (!device.empty() && device != device.root_path()) {
    const std::string name = device.filename();
    const bool usb_interface = std::isdigit(static_cast<unsigned char>(name.front())) != 0 &&
                               name.find('-') != std::string::npos && name.find(':') != std::string::npos;
    if (usb_interface) {
      std::string location = "usb_" + name;
      std::ranges::replace_if(location, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
      return location;
    }
    device = device.parent_path();
  }
  return {};
}

}  // namespace

Port port_of(const std::string& tty) {
  Port port;
  port.path = tty.find('/') == std::string::npos ? "/dev/" + tty : tty;
  port.name = fs::path(port.path).filename();
  port.location = usb_location(port.name);
  if (port.location.empty()) port.location = port.name;
  return port;
}

Port port_on_air(const std::string& address) {
  std::string name = "ble_";
  for (const char c : address) {
    if (c != ':') name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return {.path = address, .name = name, .location = name, .on_air = true};
}

Claim claim_on(const Port& port) {
  if (port.on_air) return Claim::owner;
  std::error_code ignored;
  if (!fs::exists(work_list, ignored)) return Claim::by_hand;
  return fs::exists(fs::symlink_status(fs::path(work_list) / port.name, ignored)) ? Claim::candidate : Claim::owner;
}

}  // namespace bms::link
