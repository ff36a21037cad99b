// The speed of a terminal, which may be any number. On its own because <asm/termbits.h> and <termios.h> exclude each
// other.
#include <asm/termbits.h>
#include <sys/ioctl.h>

#include "pty.hpp"

namespace bms::sim {

unsigned Pty::baud() const {
  termios2 settings{};
  return ioctl(slave_fd_, TCGETS2, &settings) == 0 ? settings.c_ospeed : 0;
}

}  // namespace bms::sim
