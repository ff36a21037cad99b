// The classic Daly protocol as a Protocol.
#include "daly/daly_a5.hpp"

#include "daly/daly_a5_commands.hpp"
#include "daly/daly_a5_identify.hpp"
#include "daly/daly_a5_probe.hpp"
#include "daly/daly_bounds.hpp"

namespace bms::daly {

DalyA5::DalyA5(std::uint8_t host, std::size_t cells, std::size_t sensors) {
  board_.host = host;
  board_.user_cells = cells;
  board_.user_sensors = sensors;
}

Query<Reading>& DalyA5::poll() {
  poll_.start();
  return poll_;
}

std::unique_ptr<Query<std::string>> DalyA5::probe() { return std::make_unique<A5Probe>(board_); }

std::unique_ptr<Query<DeviceInfo>> DalyA5::identify() { return std::make_unique<A5Identify>(board_); }

Result<std::unique_ptr<Query<CommandResult>>> DalyA5::command(const Command& command) {
  return make_a5_command(command, board_);
}

const Bounds& DalyA5::bounds() const { return daly_bounds; }

}  // namespace bms::daly
