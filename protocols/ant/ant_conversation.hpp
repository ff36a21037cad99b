// What conversations with ANT boards have in common.
#pragma once

#include <boost/container/static_vector.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "ant/ant_board.hpp"
#include "ant/ant_new_frame.hpp"
#include "ant/ant_old_frame.hpp"
#include "conversation.hpp"

namespace bms::ant {

/// Replies are complete 30 to 312 ms after the question in captures (syssi/esphome-ant-bms, docs/), half of them by
/// 155 ms. A frame is over after a silence of 50 ms; adapters on USB add up to 16, a busy machine some more.
inline constexpr Patience usual_patience{.attempts = 3,
                                         .first_byte = std::chrono::milliseconds(500),
                                         .whole = std::chrono::milliseconds(800),
                                         .gap = std::chrono::milliseconds(120),
                                         .pause = std::chrono::milliseconds(100)};

/// For looking whether somebody is there at all.
inline constexpr Patience probing_patience{.attempts = 1,
                                           .first_byte = std::chrono::milliseconds(400),
                                           .whole = std::chrono::milliseconds(700),
                                           .gap = std::chrono::milliseconds(120),
                                           .pause = std::chrono::milliseconds(0)};

/// Only listening, for so long.
[[nodiscard]] constexpr Patience listening_for(std::chrono::milliseconds time) {
  return {.attempts = 1, .first_byte = time, .whole = time, .gap = time, .pause = std::chrono::milliseconds(0)};
}

template <class T>
class NewConversation : public Conversation<T, NewRequest, NewExpectation> {
 protected:
  void ask(const NewRequest& bytes, std::size_t reply_size, const Patience& patience = usual_patience) {
    this->exchange().ask(bytes, new_expectation_of(bytes), reply_size, patience);
  }
  /// Says nothing and waits. Any sound frame ends it.
  void listen(std::chrono::milliseconds time) {
    this->exchange().ask({}, NewExpectation{}, new_frame_overhead, listening_for(time));
  }
};

/// A request of the old protocol as it goes out, or none.
using OldBytes = boost::container::static_vector<std::uint8_t, word_size>;

template <class T>
class OldConversation : public Conversation<T, OldBytes, OldExpectation> {
 protected:
  explicit OldConversation(OldBoard& board) : board_(board) {}

  [[nodiscard]] OldBoard& board() { return board_; }

  void ask(const OldRequest& request, const Patience& patience = usual_patience) {
    OldExpectation expected{.request = request, .line_echoes = &board_.line_echoes};
    expected.echo_due = board_.line_echoes && !expected.wants_status();
    this->exchange().ask(OldBytes(request.begin(), request.end()), expected,
                         expected.wants_status() ? old_status_size : word_size, patience);
  }
  /// Says nothing and waits. Any sound status ends it.
  void listen(std::chrono::milliseconds time) {
    this->exchange().ask({}, OldExpectation{.line_echoes = nullptr}, old_status_size, listening_for(time));
  }

 private:
  OldBoard& board_;
};

}  // namespace bms::ant
