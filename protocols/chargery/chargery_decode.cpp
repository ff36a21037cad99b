// What whole frames with a right checksum mean. Byte order is mixed: cells, current and temperatures come high byte
// first, counters and everything about impedances low byte first (documents V1.25 and V1.26; frames of commands 58 and
// 57 that hold the same current, TheSmartGerman/SolarShed).
#include "chargery/chargery_decode.hpp"

#include <algorithm>

namespace bms::chargery {
namespace {

constexpr std::size_t header_size = 4;

std::unexpected<Error> implausible(std::string what) { return failure(ErrorKind::garbage, std::move(what)); }

std::uint16_t u16_le(Bytes bytes, std::size_t offset) {
  return static_cast<std::uint16_t>(bytes[offset] | (bytes[offset + 1] << 8U));
}

std::uint32_t u32_le(Bytes bytes, std::size_t offset) {
  return u16_le(bytes, offset) | (static_cast<std::uint32_t>(u16_le(bytes, offset + 2)) << 16U);
}

/// Integers as long as possible, so that there is no -0.0.
double signed_current_a(unsigned amount_da, Mode mode) {
  const int amount = static_cast<int>(amount_da);
  return (mode == Mode::discharge ? -amount : amount) / 10.0;
}

std::optional<double> temperature_c(Bytes frame, std::size_t offset) {
  const int raw_dc = s16_be(frame, offset);
  if (raw_dc < limits::temperature_min_dc || raw_dc > limits::temperature_max_dc) return std::nullopt;
  return raw_dc / 10.0;
}

Result<void> take_end_voltages(System& to, const LayoutRule& rule, Bytes frame) {
  to.charge_end_mv = u16_be(frame, 4);
  if (to.charge_end_mv < limits::charge_end_min_mv || to.charge_end_mv > limits::charge_end_max_mv)
    return implausible("charge end voltage of " + std::to_string(to.charge_end_mv) + " mV");
  if (rule.layout != Layout::system_v126) return {};
  to.discharge_end_mv = u16_be(frame, 14);
  if (*to.discharge_end_mv < limits::discharge_end_min_mv || *to.discharge_end_mv >= to.charge_end_mv)
    return implausible("discharge end voltage of " + std::to_string(*to.discharge_end_mv) + " mV");
  return {};
}

Result<void> take_current(System& to, Bytes frame, std::size_t offset) {
  const unsigned amount_da = u16_be(frame, offset);
  if (amount_da > limits::current_da) return implausible("current of " + std::to_string(amount_da) + " times 0.1 A");
  to.current_a = to.mode ? signed_current_a(amount_da, *to.mode) : amount_da / 10.0;
  return {};
}

Result<void> take_states(System& to, Bytes frame) {
  for (std::size_t i = 0; i < to.active.size(); ++i) {
    const std::uint8_t status = frame[16 + i];
    if (status > 1) return implausible("status byte of " + std::to_string(status));
    to.active[i] = status == 1;
  }
  return {};
}

/// The oldest layout, which has neither mode nor state of charge.
Result<Message> decode_old_system(System system, Bytes frame) {
  if (auto taken = take_current(system, frame, 6); !taken) return std::unexpected(taken.error());
  system.temperatures_c = {temperature_c(frame, 8), temperature_c(frame, 10)};
  return system;
}

Result<Message> decode_system(const LayoutRule& rule, Bytes frame) {
  System system{.layout = rule.layout,
                .charge_end_mv = 0,
                .mode = {},
                .temperatures_c = {},
                .soc_pct = {},
                .discharge_end_mv = {},
                .active = {}};
  if (auto taken = take_end_voltages(system, rule, frame); !taken) return std::unexpected(taken.error());
  if (rule.layout == Layout::system_v120) return decode_old_system(system, frame);

  if (frame[6] > static_cast<std::uint8_t>(Mode::storage)) return implausible("mode " + std::to_string(frame[6]));
  system.mode = static_cast<Mode>(frame[6]);
  if (auto taken = take_current(system, frame, 7); !taken) return std::unexpected(taken.error());
  system.temperatures_c = {temperature_c(frame, 9), temperature_c(frame, 11)};
  if (frame[13] > limits::soc_pct) return implausible("state of charge of " + std::to_string(frame[13]) + " %");
  system.soc_pct = frame[13];
  if (rule.layout != Layout::system_v126) return system;

  if (auto taken = take_states(system, frame); !taken) return std::unexpected(taken.error());
  return system;
}

Result<Message> decode_cells(const LayoutRule& rule, Bytes frame) {
  Cells cells;
  cells.layout = rule.layout;
  std::size_t at = header_size;
  for (std::size_t left = rule.cells(frame.size()); left > 0; --left, at += 2) {
    const std::uint16_t slot_mv = u16_be(frame, at);
    if (slot_mv > limits::slot_mv) return implausible("cell at " + std::to_string(slot_mv) + " mV");
    cells.slots_mv.push_back(slot_mv);
  }
  if (rule.layout == Layout::cells_v122) {
    if (frame[at] > limits::soc_pct) return implausible("state of charge of " + std::to_string(frame[at]) + " %");
    cells.soc_pct = frame[at];
    return cells;
  }
  // What remains, not what fits in: 922.7 Ah at 91 % in document V1.25. Whether the counters can run below zero and
  // wrap is not known.
  const std::uint32_t energy_mwh = u32_le(frame, at);
  const std::uint32_t charge_mah = u32_le(frame, at + 4);
  if (energy_mwh <= limits::energy_mwh) cells.remaining_wh = energy_mwh / 1000.0;
  if (charge_mah <= limits::charge_mah) cells.remaining_ah = charge_mah / 1000.0;
  return cells;
}

Result<Message> decode_impedances(const LayoutRule& rule, Bytes frame) {
  Impedances impedances;
  if (frame[4] > static_cast<std::uint8_t>(Mode::charge)) return implausible("mode " + std::to_string(frame[4]));
  impedances.mode = static_cast<Mode>(frame[4]);
  const unsigned amount_da = u16_le(frame, 5);
  if (amount_da > limits::current_da) return implausible("current of " + std::to_string(amount_da) + " times 0.1 A");
  impedances.current_a = signed_current_a(amount_da, impedances.mode);
  for (std::size_t cell = 0; cell < rule.cells(frame.size()); ++cell)
    impedances.tenth_mohm.push_back(u16_le(frame, 7 + 2 * cell));
  return impedances;
}

}  // namespace

Result<Message> decode(const LayoutRule& rule, Bytes frame) {
  switch (rule.command) {
    case commands::cells: return decode_cells(rule, frame);
    case commands::system: return decode_system(rule, frame);
    default: return decode_impedances(rule, frame);
  }
}

std::size_t connected_slots(const Cells& cells) {
  std::size_t count = cells.slots_mv.size();
  while (count > 0 && cells.slots_mv[count - 1] < connected_mv) --count;
  return count;
}

}  // namespace bms::chargery
