// Learns how long the answer to each question takes. A session that knows can sleep until an answer is due; one that
// does not wakes up for every piece that trickles in, and on a small machine waking up is what costs.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "bms/bytes.hpp"
#include "bms/time.hpp"

namespace bms::line {

/// Times from a question to its complete answer.
///
/// What is expected is the time by which nearly all answers are complete. Looking too late costs as much time as it is
/// too late; looking too early costs waking up again. So the expectation feels its way down as long as answers are
/// complete, slowly at first, and rises at once above one that was not. Boards whose answers take now this time and now
/// that, and adapters that hand bytes over at moments of their own, are met at the late end of what they do.
class AnswerTimes {
 public:
  /// What a question is known by; outlives its bytes.
  using Key = std::uint32_t;
  [[nodiscard]] static Key key_of(Bytes question) {
    Key hash = 2166136261U;  // FNV-1a
    for (const std::uint8_t byte : question) hash = (hash ^ byte) * 16777619U;
    return hash;
  }

  /// How long the answer to `question` is expected to take. Zero: not known, or not worth a sleep.
  [[nodiscard]] Clock::duration expected(Key question) const {
    const auto known = std::ranges::find(entries_, question, &Entry::question);
    return known != entries_.end() ? known->expected : Clock::duration::zero();
  }

  /// How long answers to `question` usually take at most; follows slow ones at once and quick ones slowly. Zero: not
  /// known.
  [[nodiscard]] Clock::duration usual(Key question) const {
    const auto known = std::ranges::find(entries_, question, &Entry::question);
    return known != entries_.end() ? known->usual : Clock::duration::zero();
  }

  /// The answer was complete at the first look, which was planned for `looked` after the question: when it was
  /// expected, or later where it could not be complete before. It may have been complete for a while, so the next look
  /// is a little earlier.
  void came_in_time(Key question, Clock::duration looked) {
    Entry& entry = entry_for(question);
    // The longer nothing was late, the farther off the truth must be.
    const unsigned doublings = std::min(++entry.in_time / run_to_double, most_doublings);
    entry.expected = looked - std::min<Clock::duration>(pace_of(question).step * (1U << doublings), looked / 8);
    entry.late = 0;
    follow_usual(entry, looked);
  }

  /// The answer was not complete when it was expected, or nothing was expected; it was after `took`.
  void took(Key question, Clock::duration took) {
    Entry& entry = entry_for(question);
    const Pace& pace = pace_of(question);
    const bool near = took < entry.last + far && took > entry.last - far;
    entry.in_time = 0;
    if (entry.expected == Clock::duration::zero()) {
      // One answer says little: the board may just have woken up.
      if (near) entry.expected = std::max(took, entry.last) + pace.smallest_margin;
      if (took < not_worth_a_sleep) entry.expected = Clock::duration::zero();
    } else if (took < entry.expected + far) {
      // A board that is late by much is not steady, and may be later still.
      const auto late_by = took - entry.expected;
      entry.expected = took + std::clamp<Clock::duration>(late_by, pace.smallest_margin, pace.largest_margin);
    } else if (++entry.late >= late_to_relearn) {
      entry.expected = Clock::duration::zero();
      entry.late = 0;
    }
    entry.last = took;
    follow_usual(entry, took);
  }

 private:
  struct Entry {
    Key question = 0;
    unsigned in_time = 0;    ///< answers in a row that were complete when they were expected
    unsigned late = 0;       ///< answers in a row that were far too late
    unsigned used = 0;       ///< when, in uses of the table
    Clock::duration last{};  ///< the last answer that was waited for
    Clock::duration expected{};
    Clock::duration usual{};
  };

  /// How an expectation moves.
  struct Pace {
    std::chrono::microseconds step, smallest_margin, largest_margin;
  };
  static constexpr Pace usual_pace{.step = std::chrono::microseconds(4),
                                   .smallest_margin = std::chrono::microseconds(300),
                                   .largest_margin = std::chrono::milliseconds(5)};
  // Of a board that talks by itself the time is measured from when it was last listened to. A look that was late makes
  // the next time shorter by as much, so what is added here adds up.
  static constexpr Pace pace_of_talkers{.step = std::chrono::microseconds(20),
                                        .smallest_margin = std::chrono::microseconds(200),
                                        .largest_margin = std::chrono::microseconds(200)};
  static const Pace& pace_of(Key question) { return question == key_of({}) ? pace_of_talkers : usual_pace; }

  static constexpr std::chrono::milliseconds not_worth_a_sleep{1};
  // Nobody waits for an answer that comes so much later than others now and then.
  static constexpr std::chrono::milliseconds far{30};
  static constexpr unsigned late_to_relearn = 4;
  static constexpr unsigned run_to_double = 32;
  static constexpr unsigned most_doublings = 12;

  static void follow_usual(Entry& entry, Clock::duration took) {
    entry.usual = std::max(took, entry.usual - (entry.usual - took) / 8);
  }

  Entry& entry_for(Key question) {
    ++uses_;
    auto entry = std::ranges::find(entries_, question, &Entry::question);
    if (entry == entries_.end()) {
      entry = std::ranges::min_element(entries_, {}, &Entry::used);
      *entry = Entry{.question = question};
    }
    entry->used = uses_;
    return *entry;
  }

  // Enough for everything that is asked again and again; what is asked once must not push that out.
  std::array<Entry, 16> entries_{};
  unsigned uses_ = 0;
};

}  // namespace bms::line
