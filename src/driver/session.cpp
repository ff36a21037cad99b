#include "driver/session.hpp"

#include <algorithm>
#include <utility>

namespace bms::driver {

namespace asio = boost::asio;

asio::awaitable<Result<void>> Session::run(Dialogue& dialogue) {
  while (const auto question = dialogue.request()) {
    if (auto asked = co_await ask(dialogue, *question); !asked) co_return asked;
  }
  co_return Result<void>{};
}

asio::awaitable<Result<void>> Session::ask(Dialogue& dialogue, const Request& question) {
  // What came before the first attempt answers an older question; what comes between attempts may answer this one.
  if (!question.bytes.empty()) statistics_.late_bytes += line_.discard_input();
  for (int left = question.attempts; left > 0; --left) {
    const auto outcome = co_await attempt(dialogue, question);
    if (!outcome) co_return std::unexpected(outcome.error());
    if (*outcome == Outcome::answered) {
      ++statistics_.exchanges;
      co_return Result<void>{};
    }
    Error why = dialogue.timed_out();
    count(why);
    if (left == 1) {
      ++statistics_.given_up;
      dialogue.give_up(why);
      co_return Result<void>{};
    }
  }
  co_return Result<void>{};
}

asio::awaitable<Result<Session::Outcome>> Session::attempt(Dialogue& dialogue, const Request& question) {
  if (!question.bytes.empty()) {
    if (auto sent = co_await line_.write(question.bytes); !sent) co_return std::unexpected(sent.error());
  }
  const TimePoint asked = line_.now();
  // The pause before the next attempt is spent listening: an answer that comes late is an answer all the same.
  TimePoint deadline = asked + question.first_byte + question.pause;
  std::size_t missing = question.reply_size;
  const AnswerTimes::Key key = AnswerTimes::key_of(question.bytes);
  const auto due = answer_times_.expected(key);
  if (due > Clock::duration::zero()) co_await line_.sleep_until(std::min(asked + due, deadline));
  for (bool first_look = true;; first_look = false) {
    const auto got = co_await line_.read(buffer_, deadline, missing);
    if (!got) co_return std::unexpected(got.error());
    if (*got == 0) co_return Outcome::unanswered;

    const Progress progress = dialogue.receive(Bytes(buffer_).first(*got));
    statistics_.late_frames += progress.strangers;
    if (progress.answered) {
      const bool in_time = first_look && due > Clock::duration::zero();
      if (in_time) {
        answer_times_.came_in_time(key);
      } else {
        answer_times_.took(key, line_.now() - asked);
      }
      co_return Outcome::answered;
    }
    missing = progress.missing;
    // Once an answer has begun, sound or damaged, a silence ends it. What answers an older question, and the echo of
    // our own, do not begin one.
    if (progress.begun) deadline = std::min(asked + question.whole, line_.now() + question.gap);
  }
}

void Session::count(const Error& why) {
  if (why.kind == ErrorKind::silent) {
    ++statistics_.silent;
  } else {
    ++statistics_.damaged;
  }
}

}  // namespace bms::driver
