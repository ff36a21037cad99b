// The classic Daly protocol as a Protocol: 0xA5 frames over UART or RS485.
#pragma once

#include <memory>

#include "daly/daly_a5_board.hpp"
#include "daly/daly_a5_poll.hpp"

namespace bms::daly {

/// One 0xA5 board; up to 16 can share a line.
class DalyA5 final : public Protocol {
 public:
  /// `host`: the address that the board answers. `cells`, `sensors`: as the user says; 0: as the board says.
  DalyA5(std::uint8_t host, std::size_t cells, std::size_t sensors);

  [[nodiscard]] std::unique_ptr<Query<std::string>> probe() override;
  [[nodiscard]] Query<Reading>& poll() override;
  [[nodiscard]] std::unique_ptr<Query<DeviceInfo>> identify() override;
  [[nodiscard]] Result<std::unique_ptr<Query<CommandResult>>> command(const Command& command) override;
  [[nodiscard]] const Bounds& bounds() const override;

 private:
  A5Board board_;
  A5Poll poll_{board_};
};

}  // namespace bms::daly
