// Chargery BMS8T, BMS16T and BMS24T, serial port COM3.
#include "chargery/chargery.hpp"

#include "chargery/chargery_commands.hpp"
#include "chargery/chargery_identify.hpp"
#include "chargery/chargery_probe.hpp"
#include "chargery/chargery_tables.hpp"

namespace bms::chargery {
namespace {

constexpr Bounds chargery_bounds{
    .cell_min_v = 0,  // a broken sense wire
    .cell_max_v = limits::slot_mv / 1000.0,
    .pack_min_v = 0,
    .pack_max_v = limits::slot_mv / 1000.0,
    // The pack's voltage is the sum of its cells: the board measures nothing else. The two differ only where each was
    // voted for by itself.
    .sum_tolerance_v = 0.2,
    .sum_tolerance_ratio = 0.01,
    .current_max_a = limits::current_da / 10.0,
    // The capacity is not reported, so there is nothing to compare with.
    .remaining_max_ratio = 1,
};

}  // namespace

Chargery::Chargery(const BoardOptions& options)
    : board_(options.cells, options.temperature_sensors), expected_(options.expected) {}

Query<Reading>& Chargery::poll() {
  poll_.start();
  return poll_;
}

std::unique_ptr<Query<std::string>> Chargery::probe() { return std::make_unique<Probe>(board_, expected_); }

std::unique_ptr<Query<DeviceInfo>> Chargery::identify() { return std::make_unique<Identify>(board_); }

Result<std::unique_ptr<Query<CommandResult>>> Chargery::command(const Command& command) {
  return make_command(command);
}

const Bounds& Chargery::bounds() const { return chargery_bounds; }

std::unique_ptr<Protocol> make(const BoardOptions& options) { return std::make_unique<Chargery>(options); }

}  // namespace bms::chargery
