// JBD, also sold as LLT Power, Overkill Solar, Xiaoxiang and under many other names.
#include "jbd/jbd.hpp"

#include <algorithm>

#include "jbd/jbd_commands.hpp"
#include "jbd/jbd_identify.hpp"
#include "jbd/jbd_parameters.hpp"
#include "jbd/jbd_plain_probe.hpp"
#include "jbd/jbd_probe.hpp"
#include "jbd/jbd_up.hpp"
#include "jbd/jbd_up_parameters.hpp"
#include "parameters.hpp"

namespace bms::jbd {
namespace {

constexpr Bounds jbd_bounds{
    // 0 V is a broken sense wire, 4.5 to 5 V its neighbour: real readings, which the model deals with.
    .cell_min_v = 0,
    .cell_max_v = 5,
    .pack_min_v = 0.5,
    .pack_max_v = 4.6,
    // In 12 captured pairs of registers 03 and 04 pack and sum agree within 13 mV.
    .sum_tolerance_v = 0.2,
    .sum_tolerance_ratio = 0.01,
    // The wire format with the unit flag set, without its ends: a measurement that has run out of range.
    .current_max_a = 3276.6,
    // A healthy Supervolt pack reports 105.79 of 100 Ah.
    .remaining_max_ratio = 1.2,
};

}  // namespace

Jbd::Jbd(BoardAddress address, bool expected) : expected_(expected) { board_.address = address; }

Query<Reading>& Jbd::poll() {
  poll_.start();
  return poll_;
}

std::unique_ptr<Query<std::string>> Jbd::probe() {
  if (board_.address || expected_) return std::make_unique<Probe>(board_);
  return std::make_unique<PlainProbe>(board_);
}

std::unique_ptr<Query<DeviceInfo>> Jbd::identify() { return std::make_unique<Identify>(board_); }

Result<std::unique_ptr<Query<CommandResult>>> Jbd::command(const Command& command) {
  if (board_.address)
    return failure(ErrorKind::rejected, "a JBD board that is spoken to by its address can only be read");
  return make_command(command, board_);
}

bool Jbd::mode_open() const { return board_.factory.open(); }

void Jbd::leave_mode() {
  // A board that is spoken to by its address is never brought into it.
  if (!board_.address) board_.factory.end_batch();
}

const Bounds& Jbd::bounds() const { return jbd_bounds; }

ParameterList parameters_of(const Variant& variant) {
  if (variant.dialect == dialects::plain) return parameters_in(config_registers());
  if (variant.dialect == dialects::up) return parameters_in(up::block_parameters());
  return {};
}

std::unique_ptr<Protocol> make(const BoardOptions& options) {
  const auto address = static_cast<std::uint8_t>(options.variant.address);
  if (options.variant.dialect == dialects::up)
    return std::make_unique<up::Up>(std::clamp<std::uint8_t>(address, 1, up::last_address), jbd_bounds);
  if (options.variant.dialect == dialects::addressed) return std::make_unique<Jbd>(address, options.expected);
  return std::make_unique<Jbd>(BoardAddress(), options.expected);
}

}  // namespace bms::jbd
