#include "line/session.hpp"

#include <algorithm>
#include <utility>

namespace bms::line {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

// On a line that damages frames most waiting is for answers that will not come. There a question is given up soon after
// the time that its answer usually takes, and asked more often instead. An answer that comes later still counts.
constexpr auto noisy_for = 60s;  // after the last damaged answer
constexpr auto short_patience = 100ms;
constexpr auto short_gap = 30ms;
constexpr int more_attempts = 3;

// A line that never falls silent is asked all the same.
constexpr auto longest_wait_for_quiet = 500ms;

}  // namespace

asio::awaitable<Result<void>> Session::run(Dialogue& dialogue) {
  while (const auto question = dialogue.request()) {
    if (auto asked = co_await ask(dialogue, *question); !asked) co_return asked;
  }
  co_return Result<void>{};
}

asio::awaitable<Result<void>> Session::ask(Dialogue& dialogue, const Request& question) {
  // What came before the first attempt answers an older question; what comes between attempts may answer this one.
  if (!question.bytes.empty()) {
    statistics_.late_bytes += line_.discard_input();
    co_await await_quiet(question.quiet);
  }
  for (int asked = 1;; ++asked) {
    // What is not asked for comes when it comes.
    const bool hurry = !question.bytes.empty() && in_a_hurry(AnswerTimes::key_of(question.bytes));
    const auto outcome = co_await attempt(dialogue, question, hurry);
    if (!outcome) co_return std::unexpected(outcome.error());
    if (*outcome == Outcome::answered) {
      ++statistics_.exchanges;
      unanswered_.reset();
      co_return Result<void>{};
    }
    Error why = dialogue.timed_out();
    count(why);
    unanswered_ = why;
    if (asked >= question.attempts * (hurry ? more_attempts : 1)) {
      ++statistics_.given_up;
      dialogue.give_up(why);
      co_return Result<void>{};
    }
  }
}

asio::awaitable<void> Session::await_quiet(std::chrono::milliseconds quiet) {
  if (quiet <= 0ms) co_return;
  const TimePoint limit = line_.now() + longest_wait_for_quiet;
  if (line_.now() < last_byte_at_ + quiet) co_await line_.sleep_until(last_byte_at_ + quiet);
  while (const std::size_t late = line_.discard_input()) {
    statistics_.late_bytes += late;
    if (line_.now() >= limit) break;
    co_await line_.sleep_until(line_.now() + quiet);
  }
}

bool Session::in_a_hurry(AnswerTimes::Key question) const {
  return damaged_at_ && line_.now() - *damaged_at_ < noisy_for &&
         answer_times_.usual(question) > Clock::duration::zero();
}

asio::awaitable<Result<Session::Heard>> Session::hear(TimePoint look, TimePoint deadline) {
  // One sleep for all that is known: every look before is a wake-up for nothing.
  if (look > line_.now()) co_await line_.sleep_until(look);
  auto got = co_await line_.read(buffer_, look);
  const bool was_there = got && *got > 0;
  if (got && *got == 0) got = co_await line_.read(buffer_, deadline);
  if (!got) co_return std::unexpected(got.error());
  if (*got > 0) last_byte_at_ = line_.now();
  co_return Heard{.size = *got, .was_there = was_there};
}

asio::awaitable<Result<Session::Outcome>> Session::attempt(Dialogue& dialogue, const Request& question, bool hurry) {
  if (!question.bytes.empty()) {
    if (auto sent = co_await line_.write(question.bytes); !sent) co_return std::unexpected(sent.error());
  }
  const TimePoint asked = line_.now();
  // The pause before the next attempt is spent listening: an answer that comes late is an answer all the same.
  const AnswerTimes::Key key = AnswerTimes::key_of(question.bytes);
  TimePoint deadline =
      asked + (hurry ? answer_times_.usual(key) + short_patience : question.first_byte + question.pause);
  const auto expected = answer_times_.expected(key);
  bool predicted = expected > Clock::duration::zero();  // whether the next look is the one that experience advises
  TimePoint look = asked + expected;
  for (std::size_t missing = question.reply_size;;) {
    look = std::min(std::max(look, line_.earliest(missing)), deadline);
    const auto heard = co_await hear(look, deadline);
    if (!heard) co_return std::unexpected(heard.error());
    if (heard->size == 0) co_return Outcome::unanswered;

    const Progress progress = dialogue.receive(Bytes(buffer_).first(heard->size));
    statistics_.late_frames += progress.strangers;
    if (progress.answered) {
      if (predicted && heard->was_there) {
        answer_times_.came_in_time(key, look - asked);
      } else {
        answer_times_.took(key, line_.now() - asked);
      }
      co_return Outcome::answered;
    }
    predicted = false;
    missing = progress.missing;
    // Once an answer has begun, sound or damaged, a silence ends it. What answers an older question, and the echo of
    // our own, do not begin one.
    if (!progress.begun) continue;
    const TimePoint quiet = line_.now() + (hurry ? Clock::duration(short_gap) : question.gap);
    deadline = std::min(asked + question.whole, hurry ? std::max(deadline, quiet) : quiet);
  }
}

void Session::count(const Error& why) {
  if (why.kind == ErrorKind::silent) {
    ++statistics_.silent;
  } else {
    ++statistics_.damaged;
    damaged_at_ = line_.now();
  }
}

}  // namespace bms::line
