// The newer Daly protocol as a Protocol.
#include "daly/daly_modbus.hpp"

#include "daly/daly_bounds.hpp"
#include "daly/daly_modbus_commands.hpp"
#include "daly/daly_modbus_queries.hpp"

namespace bms::daly {

DalyModbus::DalyModbus(Map map, ModbusAddress address, std::size_t cells, std::size_t sensors) {
  board_.map = map;
  board_.address = address;
  board_.user_cells = cells;
  board_.user_sensors = sensors;
}

Query<Reading>& DalyModbus::poll() {
  poll_.start();
  return poll_;
}

std::unique_ptr<Query<std::string>> DalyModbus::probe() { return std::make_unique<ModbusProbe>(board_); }

std::unique_ptr<Query<DeviceInfo>> DalyModbus::identify() { return std::make_unique<ModbusIdentify>(board_); }

Result<std::unique_ptr<Query<CommandResult>>> DalyModbus::command(const Command& command) {
  return make_modbus_command(command, board_);
}

const Bounds& DalyModbus::bounds() const { return daly_bounds; }

}  // namespace bms::daly
