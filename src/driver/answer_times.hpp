// Learns how long the answer to each question takes. A session that knows can sleep until an answer is due; one that
// does not wakes up for every piece that trickles in, and on a small machine waking up is what costs.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "bms/battery.hpp"
#include "bms/bytes.hpp"

namespace bms::driver {

/// Times from a question to its complete answer. Only answers that take the same time again and again are predicted.
/// A prediction feels its way down until it comes too early, and then stays a fraction of a millisecond above that.
class AnswerTimes {
 public:
  /// What a question is known by; outlives its bytes.
  using Key = std::uint32_t;
  [[nodiscard]] static Key key_of(Bytes question) {
    Key hash = 2166136261U;  // FNV-1a
    for (const std::uint8_t byte : question) hash = (hash ^ byte) * 16777619U;
    return hash;
  }

  /// How long the answer to `question` is expected to take. Zero: not known.
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

  /// The answer was complete when it was expected. It may have been so for a while: the next look is a little earlier.
  void came_in_time(Key question) {
    Entry& entry = entry_for(question);
    entry.proven = entry.expected;
    entry.expected = std::max(entry.expected - entry.step, Clock::duration::zero());
  }

  /// The answer was not complete when it was expected, or nothing was expected; it was after `took`.
  void took(Key question, Clock::duration took) {
    Entry& entry = entry_for(question);
    if (entry.proven > Clock::duration::zero()) {
      entry.expected = entry.proven + margin;
      entry.step = fine_step;
    } else {
      const bool as_before = took > entry.measured - steady && took < entry.measured + steady;
      entry.expected = as_before ? took + margin : Clock::duration::zero();
      entry.step = coarse_step;
    }
    entry.proven = {};
    entry.measured = took;
    entry.usual = std::max(took, entry.usual - (entry.usual - took) / 8);
  }

 private:
  struct Entry {
    Key question = 0;
    Clock::duration measured{};  ///< the last answer that was waited for
    Clock::duration expected{};
    Clock::duration proven{};  ///< the last expectation that was met; zero when the last was not
    Clock::duration step{};
    Clock::duration usual{};
  };

  static constexpr std::chrono::microseconds coarse_step{500};
  static constexpr std::chrono::microseconds fine_step{10};
  static constexpr std::chrono::microseconds margin{200};
  static constexpr std::chrono::microseconds steady{2000};

  Entry& entry_for(Key question) {
    const auto known = std::ranges::find(entries_, question, &Entry::question);
    if (known != entries_.end()) return *known;
    next_ = (next_ + 1) % entries_.size();
    return entries_[next_] = {
               .question = question, .measured = {}, .expected = {}, .proven = {}, .step = {}, .usual = {}};
  }

  // A poll plan has a few questions; what is asked once is forgotten again.
  std::array<Entry, 8> entries_{};
  std::size_t next_ = 0;
};

}  // namespace bms::driver
