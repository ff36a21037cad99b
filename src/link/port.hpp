// What the place of a line is called: on the command line, on D-Bus, and for as long as nobody moves the plug.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bms::link {

/// A place where boards are reached, by its names: a serial port, or one board on the air.
struct Port {
  std::string path;      ///< what is opened: "/dev/ttyUSB0", or the address of a board
  std::string name;      ///< base name, last part of the service name: "ttyUSB0"
  std::string location;  ///< where it is plugged in ("usb_1_1_2"), else its name; stable over reboots for USB adapters
  bool on_air = false;   ///< one board, which may come and go, and is known by its address

  /// The address by which the configuration means it; empty for a serial port.
  [[nodiscard]] std::string_view by_address() const { return on_air ? std::string_view(path) : std::string_view(); }
};

/// A serial port from what a user or serial-starter writes: "ttyUSB0" means /dev/ttyUSB0, everything with a slash is a
/// path.
[[nodiscard]] Port port_of(const std::string& tty);

/// A board on the air, by its address in the canonical form: "ble_a4c137000001" for "A4:C1:37:00:00:01".
[[nodiscard]] Port port_on_air(const std::string& address);

/// How the program came to this serial port. By serial-starter's rules a program that is one of several candidates must
/// leave quickly when its device is not there, and one that was told that the port is its own must stay.
enum class Claim : std::uint8_t {
  by_hand,    ///< not started by serial-starter
  candidate,  ///< serial-starter tries several programs on this port
  owner,      ///< serial-starter gave the port to this program alone
};

/// Looks into serial-starter's work list: an entry of a port that was given away is removed from it. A board on the air
/// is ours alone, since its owner has named it.
[[nodiscard]] Claim claim_on(const Port& port);

}  // namespace bms::link
