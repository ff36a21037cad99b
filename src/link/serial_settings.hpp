// The settings of a serial port: raw, 8 data bits, no parity, 1 stop bit, no flow control, any baud rate.
#pragma once

#include <array>
#include <cstddef>

#include "bms/error.hpp"

namespace bms::link {

/// Puts the open port `fd` into raw 8N1 mode at `baud`, whatever another program left behind, and reads the settings
/// back: drivers round a rate they cannot make without saying so. A rate that is off by more than 2 % is an error
/// (an asynchronous character of 10 bits tolerates about 5 %, shared by both ends). Also ends a break condition and
/// empties both directions. Errors: ErrorKind::link.
[[nodiscard]] Result<void> configure_serial_port(int fd, unsigned baud);

/// The settings of a port, as the kernel keeps them.
using SerialSettings = std::array<std::byte, 64>;

/// What is in force now; all zero when it cannot be read.
[[nodiscard]] SerialSettings read_serial_settings(int fd);

/// Gives a port back as it was found: whoever opens it next may rely on it.
void restore_serial_settings(int fd, const SerialSettings& settings);

}  // namespace bms::link
