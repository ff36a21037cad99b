// Runs dialogues over a line: sends, waits, asks again, counts what went wrong. The only place that knows how long
// answers may take on the wire; what is asked and what an answer means belongs to the protocol.
#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>

#include "bms/protocol.hpp"
#include "line/answer_times.hpp"
#include "link/link.hpp"

namespace bms::line {

/// What has happened on the line since the start. An exchange is one question and its answer, however often asked.
struct LineStatistics {
  std::uint64_t exchanges = 0;    ///< answered
  std::uint64_t given_up = 0;     ///< not answered after the last attempt
  std::uint64_t silent = 0;       ///< attempts without one byte
  std::uint64_t damaged = 0;      ///< attempts with an answer that was cut, or failed a check
  std::uint64_t late_frames = 0;  ///< whole answers to an earlier question
  std::uint64_t late_bytes = 0;   ///< bytes that came when nothing was asked any more

  friend bool operator==(const LineStatistics&, const LineStatistics&) = default;
};

/// The conversation with one BMS.
class Session {
 public:
  explicit Session(link::Link& line) : line_(line) {}

  /// Runs `dialogue` until it is over. What it brought, be it a refusal, is asked of the dialogue itself.
  /// Errors: only ErrorKind::link, when the line is gone; the dialogue is then unfinished.
  boost::asio::awaitable<Result<void>> run(Dialogue& dialogue);

  [[nodiscard]] const LineStatistics& statistics() const { return statistics_; }

  /// Why the newest question has not been answered so far; empty: it has been, or its time is not over.
  [[nodiscard]] const std::optional<Error>& unanswered() const { return unanswered_; }

 private:
  enum class Outcome : std::uint8_t { answered, unanswered };

  /// What a wait for bytes brought; size 0: nothing.
  struct Heard {
    std::size_t size = 0;
    bool was_there = false;  ///< at the first look already
  };

  boost::asio::awaitable<Result<void>> ask(Dialogue& dialogue, const Request& question);
  boost::asio::awaitable<void> await_quiet(std::chrono::milliseconds quiet);
  boost::asio::awaitable<Result<Heard>> hear(TimePoint look, TimePoint deadline);
  boost::asio::awaitable<Result<Outcome>> attempt(Dialogue& dialogue, const Request& question, bool hurry);
  [[nodiscard]] bool in_a_hurry(AnswerTimes::Key question) const;
  void count(const Error& why);

  link::Link& line_;
  LineStatistics statistics_;
  AnswerTimes answer_times_;
  std::optional<Error> unanswered_;
  std::optional<TimePoint> damaged_at_;
  TimePoint last_byte_at_{};                 ///< when bytes were last seen
  std::array<std::uint8_t, 1024> buffer_{};  ///< room for the longest answer, so that one look takes it all
};

}  // namespace bms::line
