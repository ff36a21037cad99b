// The newer Daly protocol as a Protocol: registers at address D2, or at 80 + board.
#pragma once

#include <memory>

#include "daly/daly_modbus_board.hpp"
#include "daly/daly_modbus_poll.hpp"

namespace bms::daly {

/// One board of the H, K, M or S series.
class DalyModbus final : public Protocol {
 public:
  /// `cells`, `sensors`: as the user says; 0: as the board says.
  DalyModbus(Map map, ModbusAddress address, std::size_t cells, std::size_t sensors);

  [[nodiscard]] std::unique_ptr<Query<std::string>> probe() override;
  [[nodiscard]] Query<Reading>& poll() override;
  [[nodiscard]] std::unique_ptr<Query<DeviceInfo>> identify() override;
  [[nodiscard]] Result<std::unique_ptr<Query<CommandResult>>> command(const Command& command) override;
  [[nodiscard]] const Bounds& bounds() const override;

 private:
  ModbusBoard board_;
  ModbusPoll poll_{board_};
};

}  // namespace bms::daly
