// What conversations with a board of the newer protocol have in common.
#pragma once

#include <chrono>
#include <string>

#include "conversation.hpp"
#include "daly/daly_modbus_board.hpp"
#include "daly/daly_modbus_frame.hpp"

namespace bms::daly {

/// An answer does not say to which question it belongs. So a late one must have passed before the next is asked.
inline constexpr Patience modbus_patience{.attempts = 3,
                                          .first_byte = std::chrono::milliseconds(500),
                                          .whole = std::chrono::milliseconds(1000),
                                          .gap = std::chrono::milliseconds(100),
                                          .pause = std::chrono::milliseconds(50),
                                          .quiet = std::chrono::milliseconds(50)};

/// A run of registers that is asked for at once. Different ones have different sizes, so that an answer to one of them
/// cannot be taken for that to another.
struct Block {
  std::uint16_t first;
  std::uint16_t count;
};

namespace blocks {
// The reads that applications of the vendor were seen to make; other ones need not be known to a board.
inline constexpr Block d2_live{0x00, 62};
inline constexpr Block d2_more{0x3E, 9};
inline constexpr Block d2_settings{0x80, 41};
inline constexpr Block d2_versions{0xA9, 32};
inline constexpr Block p81_live{0x00, 64};
inline constexpr Block p81_status{0x41, 62};
inline constexpr Block p81_settings{0x100, 81};
inline constexpr Block p81_versions{0x178, 74};
}  // namespace blocks

template <class T>
class ModbusConversation : public Conversation<T, ModbusBytes, ModbusExpectation> {
 protected:
  explicit ModbusConversation(ModbusBoard& board) : board_(board) {}

  void ask(const Block& block, const Patience& patience = modbus_patience) {
    send(modbus_read(board_.address, block.first, block.count), patience);
  }
  void order(std::uint16_t address, std::uint16_t value) {
    send(modbus_write(board_.address, address, value), modbus_patience.with_attempts(1));
  }
  void close() { this->exchange().close(); }

  [[nodiscard]] ModbusBoard& board() { return board_; }

  [[nodiscard]] Result<ModbusReply> accepted(const ModbusReply& reply) const final {
    if (!reply.refusal) return reply;
    return failure(ErrorKind::status, "the BMS refused with code " + std::to_string(*reply.refusal), reply.refusal);
  }

 private:
  void send(const ModbusBytes& bytes, const Patience& patience) {
    const ModbusExpectation expected{.request = bytes, .answer_address = board_.address.answer};
    this->exchange().ask(bytes, expected, expected.size(), patience);
  }

  ModbusBoard& board_;
};

}  // namespace bms::daly
