#include "link/serial_settings.hpp"

// The kernel's own termios2 allows any rate; its header excludes <termios.h>, hence this file of its own.
#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <sys/ioctl.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <tuple>

namespace bms::link {

namespace {

constexpr double rate_tolerance = 0.02;

std::unexpected<Error> system_failure(const std::string& what) {
  return failure(ErrorKind::link, what + ": " + std::strerror(errno));
}

void make_raw(termios2& settings, unsigned baud) {
  settings.c_iflag = IGNBRK | IGNPAR;
  settings.c_oflag = 0;
  settings.c_lflag = 0;
  settings.c_cflag = CS8 | CREAD | CLOCAL | BOTHER | (BOTHER << IBSHIFT);
  settings.c_ispeed = baud;
  settings.c_ospeed = baud;
  // A non-blocking read then tells "nothing yet" (EAGAIN) from "hung up" (0).
  settings.c_cc[VMIN] = 1;
  settings.c_cc[VTIME] = 0;
}

bool is_raw_8n1(const termios2& settings) {
  constexpr tcflag_t framing = CSIZE | PARENB | CSTOPB | CRTSCTS;
  return (settings.c_cflag & framing) == CS8 && (settings.c_lflag & (ICANON | ECHO | ISIG)) == 0 &&
         (settings.c_iflag & (IXON | IXOFF)) == 0;
}

bool near(unsigned rate, unsigned wanted) {
  const double difference = static_cast<double>(rate) - static_cast<double>(wanted);
  return difference <= wanted * rate_tolerance && difference >= -(wanted * rate_tolerance);
}

}  // namespace

Result<void> configure_serial_port(int fd, unsigned baud) {
  termios2 settings{};
  if (ioctl(fd, TCGETS2, &settings) != 0) return system_failure("not a serial port");
  make_raw(settings, baud);
  if (ioctl(fd, TCSETS2, &settings) != 0) return system_failure("cannot set " + std::to_string(baud) + " baud 8N1");

  termios2 in_force{};
  if (ioctl(fd, TCGETS2, &in_force) != 0) return system_failure("cannot read the port's settings back");
  if (!near(in_force.c_ospeed, baud) || !near(in_force.c_ispeed, baud)) {
    return failure(ErrorKind::link, "the port cannot do " + std::to_string(baud) + " baud, it offers " +
                                        std::to_string(in_force.c_ospeed) + "; use another adapter");
  }
  if (!is_raw_8n1(in_force))
    return failure(ErrorKind::link,
                   "the port cannot be set to 8 data bits without parity and flow control; is it a serial port?");

  ioctl(fd, TIOCCBRK, 0);  // pseudo-terminals and some adapters know no break; then there is none to end
  if (ioctl(fd, TCFLSH, TCIOFLUSH) != 0) return system_failure("cannot empty the port");
  return {};
}

SerialSettings read_serial_settings(int fd) {
  static_assert(sizeof(termios2) <= std::tuple_size_v<SerialSettings>);
  SerialSettings settings{};
  termios2 in_force{};
  if (ioctl(fd, TCGETS2, &in_force) == 0) std::memcpy(settings.data(), &in_force, sizeof in_force);
  return settings;
}

void restore_serial_settings(int fd, const SerialSettings& settings) {
  termios2 wanted{};
  std::memcpy(&wanted, settings.data(), sizeof wanted);
  if (wanted.c_cflag != 0) ioctl(fd, TCSETS2, &wanted);
}

}  // namespace bms::link
