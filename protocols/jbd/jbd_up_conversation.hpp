// What conversations with a board of the UP series have in common.
#pragma once

#include <chrono>
#include <cstddef>

#include "conversation.hpp"
#include "jbd/jbd_up_board.hpp"

namespace bms::jbd::up {

/// Answers were seen whole after 0.15 to 0.6 s; a master that asks another pack first may take longer.
inline constexpr Patience usual_patience{.attempts = 3,
                                         .first_byte = std::chrono::milliseconds(700),
                                         .whole = std::chrono::milliseconds(1500),
                                         .gap = std::chrono::milliseconds(200),
                                         .pause = std::chrono::milliseconds(100)};

template <class T>
class UpConversation : public Conversation<T, RequestBytes, Expectation> {
 protected:
  /// The board must outlive the conversation.
  explicit UpConversation(Board& board) : board_(board) {}

  [[nodiscard]] Board& board() { return board_; }

  void ask(const Block& block, std::size_t reply_size, const Patience& patience = usual_patience) {
    send(read_request(board_.address, block), reply_size, patience);
  }
  void ask_for_status(const Patience& patience = usual_patience) {
    ask(blocks::pack_status, board_.status_size, patience);
  }
  /// An order goes out once.
  void order(const Block& block, std::uint16_t value) {
    send(write_request(board_.address, block, value), frame_overhead, usual_patience.with_attempts(1));
  }
  void close() { this->exchange().close(); }

 private:
  void send(const RequestBytes& bytes, std::size_t reply_size, const Patience& patience) {
    this->exchange().ask(bytes, expectation_of(bytes), reply_size, patience);
  }

  Board& board_;
};

}  // namespace bms::jbd::up
