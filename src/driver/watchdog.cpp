#include "driver/watchdog.hpp"

#include <poll.h>
#include <sys/time.h>
#include <unistd.h>

#include <csignal>
#include <ctime>

namespace bms::driver {

namespace {

// Only what is safe in a signal handler. A log that nobody reads may be what hangs, so the line is written only if
// there is room for it.
extern "C" void end_process(int /*signal*/) {
  constexpr char line[] = "critical: the poll loop hangs, ending the process\n";
  pollfd log{.fd = STDOUT_FILENO, .events = POLLOUT, .revents = 0};
  if (poll(&log, 1, 0) == 1 && (log.revents & POLLOUT) != 0) {
    [[maybe_unused]] const ssize_t written = write(STDOUT_FILENO, line, sizeof line - 1);
  }
  _exit(watchdog_exit_code);
}

void set_timer(std::chrono::seconds limit) {
  const itimerval timer{.it_interval = {},
                        .it_value = {.tv_sec = static_cast<std::time_t>(limit.count()), .tv_usec = 0}};
  setitimer(ITIMER_REAL, &timer, nullptr);
}

}  // namespace

Watchdog::Watchdog(std::chrono::seconds limit) : limit_(limit) {
  struct sigaction action{};
  action.sa_handler = end_process;
  sigaction(SIGALRM, &action, nullptr);
  feed();
}

Watchdog::~Watchdog() { set_timer(std::chrono::seconds(0)); }

void Watchdog::feed() { set_timer(limit_); }

void Watchdog::feed(std::chrono::seconds limit) {
  limit_ = limit;
  feed();
}

}  // namespace bms::driver
