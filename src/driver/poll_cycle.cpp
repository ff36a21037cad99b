#include "driver/poll_cycle.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace bms::driver {

namespace asio = boost::asio;

namespace {

// Two readings that agree are enough and three always decide, so this leaves room for polls that bring nothing.
constexpr int polls_per_cycle = 6;
constexpr int silences_to_give_way = 2;

// Adapters have been seen that stay deaf until their port is opened again.
constexpr int silent_rounds_to_reopen = 10;

// On a line that others share: from then on a silent BMS is asked once in so many rounds.
constexpr int failed_cycles_to_rest = 3;
constexpr int rounds_of_rest = 5;

// Orders must not keep what is known of the batteries from being true.
constexpr std::chrono::seconds longest_orders{1};

/// When the first order of all boards can be carried out; empty: none is waiting.
std::optional<TimePoint> first_order(std::span<Polled* const> boards) {
  std::optional<TimePoint> first;
  for (const Polled* board : boards) {
    const auto due = board->order_due();
    if (due && (!first || *due < *first)) first = due;
  }
  return first;
}

/// Carries out what is due, for a second at most. Errors: as of Polled::obey.
asio::awaitable<Result<void>> obey_all(link::Link& line, std::span<Polled* const> boards) {
  const TimePoint end = line.now() + longest_orders;
  for (bool idle = false; !idle && line.now() < end;) {
    idle = true;
    for (Polled* board : boards) {
      const auto due = board->order_due();
      if (!due || *due > line.now() || line.now() >= end) continue;
      idle = false;
      if (auto obeyed = co_await board->obey(); !obeyed) co_return obeyed;
      // Whoever hears of the outcome may have the next order ready.
      co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    }
  }
  co_return Result<void>{};
}

/// Rests until the next round is due, or carries out the orders that come before; returns when the round is due then.
/// Errors: as of Polled::obey.
asio::awaitable<Result<TimePoint>> rest(link::Link& line, std::span<Polled* const> boards, TimePoint round_due) {
  for (;;) {
    const auto order_due = first_order(boards);
    if (order_due && *order_due <= line.now()) {
      if (auto obeyed = co_await obey_all(line, boards); !obeyed) co_return std::unexpected(obeyed.error());
      co_return line.now();
    }
    if (line.now() >= round_due) co_return round_due;
    co_await line.rest_until(order_due ? std::min(*order_due, round_due) : round_due);
  }
}

}  // namespace

asio::awaitable<Result<void>> Polled::obey() { co_return Result<void>{}; }

asio::awaitable<Result<void>> PollCycle::poll() {
  const std::uint64_t damaged_before = session_.statistics().damaged;
  Query<Reading>& query = protocol_.poll();
  const auto question = query.request();
  listens_ = question && question->bytes.empty();
  if (auto ran = co_await session_.run(query); !ran) co_return ran;
  const bool clean = session_.statistics().damaged == damaged_before;
  clean_polls_ = clean ? std::min(clean_polls_ + 1, clean_polls_to_trust) : 0;
  observer_.on_poll_end();
  reading_ = query.result();
  co_return Result<void>{};
}

asio::awaitable<Result<void>> PollCycle::cycle() {
  if (!listens_) pipeline_.begin_cycle();
  ++failed_cycles_;
  int silences = 0;
  for (int polls = 0; polls < polls_per_cycle; ++polls) {
    if (auto polled = co_await poll(); !polled) co_return polled;
    const auto verdict = reading_ ? pipeline_.take(*reading_, line_noisy(), line_.now())
                                  : Result<Verdict>(std::unexpected(reading_.error()));
    if (!reading_) pipeline_.note_failure(line_.now());
    if (!verdict) observer_.on_fault(verdict.error());
    if (verdict && *verdict == Verdict::believed) {
      failed_cycles_ = 0;
      pipeline_.note_extras([this](std::vector<Extra>& to) { protocol_.add_extras(to); });
      observer_.on_reading();
      break;
    }
    // Damage is repeated at once. Who says nothing at all may be gone, and others on the line wait.
    silences = !reading_ && reading_.error().kind == ErrorKind::silent ? silences + 1 : 0;
    if (listens_ || !line_noisy() || silences >= silences_to_give_way) break;
  }
  co_return Result<void>{};
}

asio::awaitable<Error> poll_in_turn(link::Link& line, std::span<Polled* const> boards, Clock::duration interval) {
  const auto answers = [](const Polled* board) { return board->failed_cycles() == 0; };
  TimePoint due = line.now();
  int silent_rounds = 0;
  for (int round = 0;; ++round) {
    for (Polled* board : boards) {
      const bool shared = boards.size() > 1;
      const bool rests = shared && board->failed_cycles() >= failed_cycles_to_rest && round % rounds_of_rest != 0;
      if (rests) continue;
      if (auto cycled = co_await board->cycle(); !cycled) co_return cycled.error();
    }
    silent_rounds = std::ranges::any_of(boards, answers) ? 0 : silent_rounds + 1;
    if (silent_rounds > 0 && silent_rounds % silent_rounds_to_reopen == 0) {
      if (auto opened = co_await line.open(); !opened) co_return opened.error();
    }
    const auto next = co_await rest(line, boards, std::max(due + interval, line.now()));
    if (!next) co_return next.error();
    due = *next;
  }
}

}  // namespace bms::driver
