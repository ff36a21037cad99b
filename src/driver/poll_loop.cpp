#include "driver/poll_loop.hpp"

#include <algorithm>

namespace bms::driver {

namespace asio = boost::asio;

namespace {

// Two readings that agree are enough and three always decide, so this leaves room for polls that bring nothing.
constexpr int polls_per_cycle = 6;

// Adapters have been seen that stay deaf until their port is opened again.
constexpr int failed_cycles_to_reopen = 10;

}  // namespace

asio::awaitable<Result<void>> PollLoop::poll() {
  const std::uint64_t damaged_before = session_.statistics().damaged;
  Query<Reading>& query = protocol_.poll();
  if (auto ran = co_await session_.run(query); !ran) co_return ran;
  const bool clean = session_.statistics().damaged == damaged_before;
  clean_polls_ = clean ? std::min(clean_polls_ + 1, clean_polls_to_trust) : 0;
  observer_.on_poll_end();
  reading_ = query.result();
  co_return Result<void>{};
}

asio::awaitable<Result<void>> PollLoop::cycle() {
  pipeline_.begin_cycle();
  ++failed_cycles_;
  for (int polls = 0; polls < polls_per_cycle; ++polls) {
    if (auto polled = co_await poll(); !polled) co_return polled;
    const auto verdict = reading_ ? pipeline_.take(*reading_, line_noisy(), line_.now())
                                  : Result<Verdict>(std::unexpected(reading_.error()));
    if (!verdict) observer_.on_fault(verdict.error());
    if (verdict && *verdict == Verdict::believed) {
      failed_cycles_ = 0;
      observer_.on_reading();
      break;
    }
    if (!line_noisy()) break;
  }
  co_return Result<void>{};
}

asio::awaitable<Error> PollLoop::run(Clock::duration interval) {
  TimePoint due = line_.now();
  for (;;) {
    if (auto cycled = co_await cycle(); !cycled) co_return cycled.error();
    if (failed_cycles_ > 0 && failed_cycles_ % failed_cycles_to_reopen == 0) {
      if (auto opened = line_.open(); !opened) co_return opened.error();
    }
    due = std::max(due + interval, line_.now());
    co_await line_.sleep_until(due);
  }
}

}  // namespace bms::driver
