// For tests under qemu's user mode alone, which does not know how to set a serial port to any rate (TCGETS2, TCSETS2): does
// it with what every Unix knows, and remembers the rate, which means nothing to a pseudo-terminal.
#define _GNU_SOURCE
#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static unsigned rate_in = 9600, rate_out = 9600;

static int plain(int fd, unsigned long request, void* argument) { return syscall(SYS_ioctl, fd, request, argument); }

int ioctl(int fd, unsigned long request, ...) {
  va_list arguments;
  va_start(arguments, request);
  void* const argument = va_arg(arguments, void*);
  va_end(arguments);
  struct termios old;
  struct termios2* const wanted = argument;
  if (request == TCGETS2) {
    if (plain(fd, TCGETS, &old) != 0) return -1;
    memcpy(wanted, &old, sizeof old);
    wanted->c_cflag = (wanted->c_cflag & ~(unsigned)CBAUD) | BOTHER;
    wanted->c_ispeed = rate_in;
    wanted->c_ospeed = rate_out;
    return 0;
  }
  if (request == TCSETS2) {
    memcpy(&old, wanted, sizeof old);
    old.c_cflag = (old.c_cflag & ~(unsigned)(CBAUD | CIBAUD)) | B38400;
    if (plain(fd, TCSETS, &old) != 0) return -1;
    rate_in = wanted->c_ispeed;
    rate_out = wanted->c_ospeed;
    return 0;
  }
  return plain(fd, request, argument);
}
