// The protocol of the UP series as a Protocol.
#include "jbd/jbd_up.hpp"

#include "jbd/jbd_up_commands.hpp"
#include "jbd/jbd_up_queries.hpp"

namespace bms::jbd::up {

std::unique_ptr<Query<std::string>> Up::probe() { return std::make_unique<Probe>(board_); }

Query<Reading>& Up::poll() {
  poll_.start();
  return poll_;
}

std::unique_ptr<Query<DeviceInfo>> Up::identify() { return std::make_unique<Identify>(board_); }

Result<std::unique_ptr<Query<CommandResult>>> Up::command(const Command& command) {
  return make_command(command, board_);
}

}  // namespace bms::jbd::up
