// What conversations with an 0xA5 board have in common.
#pragma once

#include <chrono>

#include "conversation.hpp"
#include "daly/daly_a5_board.hpp"
#include "daly/daly_a5_frame.hpp"

namespace bms::daly {

/// Boards answer some 20 to 120 ms after a question; readers that work wait half a second. Without 20 ms of silence
/// before a question it goes unanswered now and then (mr-manuel/venus-os_dbus-serialbattery, bms/daly.py).
inline constexpr Patience a5_patience{.attempts = 3,
                                      .first_byte = std::chrono::milliseconds(500),
                                      .whole = std::chrono::milliseconds(1000),
                                      .gap = std::chrono::milliseconds(100),
                                      .pause = std::chrono::milliseconds(50),
                                      .quiet = std::chrono::milliseconds(20)};

template <class T>
class A5Conversation : public Conversation<T, FrameBytes, Expectation> {
 protected:
  explicit A5Conversation(A5Board& board) : board_(board) {}

  /// Asks a question whose answer has so many frames.
  void ask(std::uint8_t command, const Patience& patience = a5_patience, std::size_t frames = 1) {
    send(read_request(board_.host, command), command, patience, frames);
  }
  void order(std::uint8_t command, const Data& data, const Patience& patience) {
    send(write_request(board_.host, command, data), command, patience, 1);
  }
  void close() { this->exchange().close(); }

  [[nodiscard]] A5Board& board() { return board_; }

 private:
  void send(const FrameBytes& bytes, std::uint8_t command, const Patience& patience, std::size_t frames) {
    this->exchange().ask(bytes, {.board = board_behind(board_.host), .command = command, .frames = frames},
                         frames * frame_size, patience);
  }

  A5Board& board_;
};

}  // namespace bms::daly
