// REC: the 1Q and Q family, master and slave systems, and the ACTIVE BMS 4S ("ABMS"), over RS-485.
#include "rec/rec.hpp"

#include "parameters.hpp"
#include "rec/rec_commands.hpp"
#include "rec/rec_identify.hpp"
#include "rec/rec_plausible.hpp"
#include "rec/rec_probe.hpp"

namespace bms::rec {
namespace {

constexpr Bounds rec_bounds{
    .cell_min_v = cell_bounds_v.min,
    .cell_max_v = cell_bounds_v.max,
    .pack_min_v = cell_bounds_v.min,
    .pack_max_v = cell_bounds_v.max,
    // Cells and pack voltage come in two answers, and the load may change in between. Smaller misfits are an error when
    // they last; see check_sum().
    .sum_tolerance_v = 0.4,
    .sum_tolerance_ratio = 0.02,
    .current_max_a = current_bounds_a.max,
    // Remaining is computed from capacity and state of charge.
    .remaining_max_ratio = 1.02,
};

}  // namespace

std::unique_ptr<Query<std::string>> Rec::probe() { return std::make_unique<Probe>(board_); }

Query<Reading>& Rec::poll() {
  poll_.start();
  return poll_;
}

std::unique_ptr<Query<DeviceInfo>> Rec::identify() { return std::make_unique<Identify>(board_); }

Result<std::unique_ptr<Query<CommandResult>>> Rec::command(const Command& command) {
  return make_command(command, board_);
}

const Bounds& Rec::bounds() const { return rec_bounds; }

ParameterList parameters_of(const Variant& /*variant*/) { return parameters_in(instructions()); }

std::unique_ptr<Protocol> make(const BoardOptions& options) { return std::make_unique<Rec>(options); }

}  // namespace bms::rec
