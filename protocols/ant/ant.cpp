// ANT boards, of either protocol.
#include "ant/ant.hpp"

#include "ant/ant_identify.hpp"
#include "ant/ant_new_commands.hpp"
#include "ant/ant_old_commands.hpp"
#include "ant/ant_probe.hpp"
#include "ant/ant_settings.hpp"
#include "parameters.hpp"

namespace bms::ant {
namespace {

constexpr Bounds ant_bounds{
    // 0 V is a broken sense wire.
    .cell_min_v = 0,
    .cell_max_v = 5,
    .pack_min_v = 0.0625,
    .pack_max_v = 150,
    // The poll has compared pack and cells already, and knows when a board reports a loose wire and they need not
    // agree.
    .sum_tolerance_v = 150,
    .sum_tolerance_ratio = 1,
    .current_max_a = 1500,
    // The capacity is what the owner has typed in; the remaining one may grow beyond.
    .remaining_max_ratio = 2,
};

}  // namespace

Query<Reading>& NewAnt::poll() {
  poll_.start();
  return poll_;
}

std::unique_ptr<Query<std::string>> NewAnt::probe() { return std::make_unique<NewProbe>(board_); }

std::unique_ptr<Query<DeviceInfo>> NewAnt::identify() { return std::make_unique<NewIdentify>(); }

Result<std::unique_ptr<Query<CommandResult>>> NewAnt::command(const Command& command) {
  return make_new_command(command, board_);
}

const Bounds& NewAnt::bounds() const { return ant_bounds; }

Query<Reading>& OldAnt::poll() {
  poll_.start();
  return poll_;
}

std::unique_ptr<Query<std::string>> OldAnt::probe() { return std::make_unique<OldProbe>(board_); }

std::unique_ptr<Query<DeviceInfo>> OldAnt::identify() { return std::make_unique<OldIdentify>(); }

Result<std::unique_ptr<Query<CommandResult>>> OldAnt::command(const Command& command) {
  return make_old_command(command, board_);
}

const Bounds& OldAnt::bounds() const { return ant_bounds; }

ParameterList parameters_of(const Variant& variant) {
  return parameters_in(variant.dialect == "old" ? old_settings() : new_settings());
}

std::unique_ptr<Protocol> make(const BoardOptions& options) {
  if (options.variant.dialect == "old") return std::make_unique<OldAnt>(options.temperature_sensors);
  return std::make_unique<NewAnt>();
}

}  // namespace bms::ant
