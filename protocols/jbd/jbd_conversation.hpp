// What conversations with a JBD board have in common.
#pragma once

#include <chrono>
#include <cstddef>

#include "conversation.hpp"
#include "jbd/jbd_board.hpp"
#include "jbd/jbd_frame.hpp"

namespace bms::jbd {

/// Boards answer within 33 to 250 ms in captures, and once took 1.6 s. A receive time-out of 150 ms gave storms of
/// broken frames for one user, which 500 ms cured (syssi/esphome-jbd-bms#14).
inline constexpr Patience usual_patience{.attempts = 3,
                                         .first_byte = std::chrono::milliseconds(500),
                                         .whole = std::chrono::milliseconds(1000),
                                         .gap = std::chrono::milliseconds(200),
                                         .pause = std::chrono::milliseconds(200)};

/// The reply if its status is 0, else an error that carries the status.
[[nodiscard]] Result<Reply> status_checked(const Reply& reply);

template <class T>
class JbdConversation : public Conversation<T, RequestBytes, Expectation> {
 protected:
  /// The board must outlive the conversation.
  explicit JbdConversation(Board& board) : board_(board) {}

  [[nodiscard]] Board& board() { return board_; }

  void ask(const RequestBytes& bytes, std::size_t reply_size, const Patience& patience = usual_patience) {
    Expectation expected = expectation_of(bytes);
    expected.sum = board_.sum;
    this->exchange().ask(bytes, expected, reply_size, patience);
  }
  void ask_to_read(std::uint8_t address, std::size_t payload_size, const Patience& patience = usual_patience) {
    ask(read_request(address, board_.address), payload_size + overhead(), patience);
  }
  void ask_for_basic_info(const Patience& patience = usual_patience) {
    ask(read_request(registers::basic_info, board_.address), board_.basic_info_size, patience);
  }
  void ask_to_write(std::uint8_t address, std::uint16_t value) { ask(write_request(address, value), frame_overhead); }

  [[nodiscard]] std::size_t overhead() const { return frame_overhead + (board_.address ? address_size : 0); }

  [[nodiscard]] Result<Reply> accepted(const Reply& reply) const final { return status_checked(reply); }

 private:
  Board& board_;
};

/// Register 03 in the layout of the reply that holds it.
[[nodiscard]] inline Result<BasicInfo> decode_basic_info(const Reply& reply) {
  return decode_basic_info(reply.payload, reply.board ? Layout::addressed : Layout::plain);
}

}  // namespace bms::jbd
