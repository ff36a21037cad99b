#include "driver/watchdog.hpp"

#include <poll.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <ctime>

namespace bms::driver {

using namespace std::chrono_literals;

namespace {

// Only what is safe in a signal handler. A log that nobody reads may be what hangs, so the line is written only if
// there is room for it.
extern "C" void end_process(int /*signal*/) {
  constexpr char line[] = "critical: the poll loop hangs, ending the process\n";
  pollfd log{.fd = STDOUT_FILENO, .events = POLLOUT, .revents = 0};
  if (poll(&log, 1, 0) == 1 && (log.revents & POLLOUT) != 0) {
    [[maybe_unused]] const ssize_t written = write(STDOUT_FILENO, line, sizeof line - 1);
  }
  _exit(static_cast<int>(ExitCode::lost));
}

}  // namespace

Watchdog::Watchdog() {
  struct sigaction action{};
  action.sa_handler = end_process;
  sigaction(SIGALRM, &action, nullptr);
}

Watchdog::~Watchdog() {
  pulses_.clear();
  set_timer();
}

void Watchdog::follow(const Pulse& pulse) {
  if (std::ranges::find(pulses_, &pulse) == pulses_.end()) pulses_.push_back(&pulse);
  set_timer();
}

void Watchdog::forget(const Pulse& pulse) {
  std::erase(pulses_, &pulse);
  set_timer();
}

void Watchdog::set_timer() const {
  itimerval timer{};  // all zero: none
  if (!pulses_.empty()) {
    const auto due = (*std::ranges::min_element(pulses_, {}, &Pulse::due_))->due_;
    const auto left = std::chrono::duration_cast<std::chrono::microseconds>(due - std::chrono::steady_clock::now());
    const auto wait = std::max(left, std::chrono::microseconds(1));  // who is late already has no time left
    timer.it_value.tv_sec = static_cast<std::time_t>(wait / 1s);
    timer.it_value.tv_usec = static_cast<suseconds_t>((wait % 1s).count());
  }
  setitimer(ITIMER_REAL, &timer, nullptr);
}

Pulse::Pulse(Watchdog& watchdog, std::chrono::seconds limit) : watchdog_(watchdog), limit_(limit) { beat(); }

void Pulse::beat() {
  due_ = std::chrono::steady_clock::now() + limit_;
  watchdog_.follow(*this);
}

void Pulse::beat(std::chrono::seconds limit) {
  limit_ = limit;
  beat();
}

}  // namespace bms::driver
