// Commands to a Chargery board: there are none. COM3 has no receive pin, the BMS only sends (documents V1.25 and
// V1.26), and the manual of the BMS24T says that no data can be written from outside.
#include "chargery/chargery_commands.hpp"

#include <array>
#include <string>

namespace bms::chargery {
namespace {

/// In the order of Command.
constexpr std::array<std::string_view, std::variant_size_v<Command>> wishes{
    "switch a relay", "switch the balancer", "set the state of charge", "read a setting", "write a setting",
};

}  // namespace

Result<std::unique_ptr<Query<CommandResult>>> make_command(const Command& command) {
  return failure(ErrorKind::rejected, "cannot " + std::string(wishes[command.index()]) +
                                          ": a Chargery BMS only sends on its serial port and hears nothing there; "
                                          "use its display unit");
}

}  // namespace bms::chargery
