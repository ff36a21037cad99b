// One poll of a JBD board: register 03, then register 04, make a Reading.
#include "jbd/jbd_poll.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "jbd/jbd_tables.hpp"

namespace bms::jbd {
namespace {

/// A sleeping board swallows the first request and answers a repetition (vendor text V11, section 1).
constexpr int wake_up_attempts = 5;

void raise(Alarms& alarms, const std::array<std::optional<Alarm>, 2>& which, AlarmLevel level) {
  for (const auto& alarm : which)
    if (alarm) alarms.raise(*alarm, level);
}

Alarms alarms_of(const BasicInfo& info) {
  const auto active = [](std::uint16_t word, std::size_t bit, AlarmLevel level) {
    return (word >> bit & 1U) != 0 ? level : AlarmLevel::ok;
  };
  Alarms alarms;
  const auto& protections = info.addressed ? addressed_protection_bits : protection_bits;
  for (std::size_t bit = 0; bit < protections.size(); ++bit)
    raise(alarms, protections[bit].alarms, active(info.protection, bit, AlarmLevel::alarm));
  if (info.addressed) {
    for (std::size_t bit = 0; bit < addressed_warning_bits.size(); ++bit)
      raise(alarms, addressed_warning_bits[bit].alarms, active(info.addressed->alarm_word, bit, AlarmLevel::warning));
  }
  if (info.tail) {
    for (std::size_t bit = 0; bit < warning_bits.size(); ++bit)
      alarms.raise(warning_bits[bit], active(info.tail->alarm_status, bit, AlarmLevel::warning));
  }
  return alarms;
}

/// Why a sound frame cannot be true; the limits of single values are the business of Bounds.
std::optional<Error> implausible(const BasicInfo& info) {
  const auto because = [](std::string message) {
    return Error{ErrorKind::implausible, std::move(message), std::nullopt};
  };
  if (info.cell_count == 0 || info.cell_count > max_jbd_cells)
    return because("expected 1 to 32 cells, the BMS counts " + std::to_string(info.cell_count));
  // Captured from a board whose measuring chip did not run.
  if (info.voltage_v == 0 && info.remaining_ah == 0) return because("0 V and 0 Ah: the BMS does not measure");
  return std::nullopt;
}

}  // namespace

double state_of_charge_pct(const BasicInfo& info) {
  return info.tail ? finer_soc_pct(info.soc_pct, info.remaining_ah, info.tail->full_ah) : info.soc_pct;
}

Reading reading_of(const BasicInfo& info) {
  Reading reading;
  reading.voltage_v = info.voltage_v;
  reading.current_a = info.current_a;
  reading.soc_pct = state_of_charge_pct(info);
  reading.remaining_ah = info.remaining_ah;
  reading.design_capacity_ah = info.design_capacity_ah;
  if (info.tail && info.tail->full_ah > 0) reading.full_ah = info.tail->full_ah;
  reading.cycles = info.cycles;
  // Bits of cells that do not exist mean nothing.
  const std::size_t cells = std::min<std::size_t>(info.cell_count, max_jbd_cells);
  reading.balancing = std::bitset<max_cells>(info.balancing & ((std::uint64_t{1} << cells) - 1));
  // Some boards have their first sensor on the MOSFETs, some on a cell, and none says so: all count as cell sensors.
  // Only boards with an address list those of the cells alone.
  const std::size_t sensors = std::min(info.temperatures_c.size(), max_temperatures);
  reading.temperatures_c.assign(info.temperatures_c.begin(),
                                info.temperatures_c.begin() + static_cast<std::ptrdiff_t>(sensors));
  if (info.addressed) reading.mos_temperature_c = info.addressed->mosfet_c;
  reading.charge_fet = info.charge_fet;
  reading.discharge_fet = info.discharge_fet;
  reading.alarms = alarms_of(info);
  reading.raw_protection = info.protection;
  if (info.addressed) reading.raw_protection |= std::uint64_t{info.addressed->alarm_word} << 16U;
  return reading;
}

void Poll::start() {
  result_ = Reading{};
  board().factory.poll_begins();
  // A batch is over, or a command could not leave factory mode, because the line failed. It comes before anything else.
  board().factory.exit_due() ? leave_factory_mode() : ask_basic_info();
}

void Poll::leave_factory_mode() {
  step_ = Step::leave_factory_mode;
  ask(write_request(registers::leave_factory_mode, board().factory.leaving_word()), frame_overhead,
      usual_patience.with_attempts(1));
}

void Poll::take_leaving(const Result<Reply>& answer) {
  const bool heard = answer || answer.error().kind == ErrorKind::status;
  heard ? board().factory.left() : board().factory.exit_unanswered();
  ask_basic_info();
}

void Poll::ask_basic_info() {
  step_ = Step::basic_info;
  ask_for_basic_info(usual_patience.with_attempts(board().heard ? usual_patience.attempts : wake_up_attempts));
}

void Poll::take(Result<Reply> answer) {
  if (step_ == Step::leave_factory_mode) return take_leaving(answer);
  // Registers 03 and 04 are never refused by a board that is well. An earlier run of this program, or somebody else,
  // may have left it in factory mode, and no note of that outlives a reboot. Boards with an address are written
  // nothing.
  const bool refused = !answer && answer.error().kind == ErrorKind::status;
  if (refused && !board().address && !std::exchange(board().refusal_met, true)) {
    if (board().factory.open()) board().factory.leave_soon();
    return leave_factory_mode();
  }
  step_ == Step::basic_info ? take_basic_info(answer) : take_cell_voltages(answer);
}

void Poll::take_basic_info(const Result<Reply>& answer) {
  board().heard = true;
  if (!answer) return end(answer.error());
  const Result<BasicInfo> info = decode_basic_info(*answer);
  if (!info) return end(info.error());
  if (auto error = implausible(*info)) return end(*std::move(error));

  board().basic_info_size = answer->payload.size() + overhead();
  // The other answer of this poll must agree, so that a reading never rests on a checksum that damage made right.
  if (answer->sum != SumCovers::unknown) board().sum = answer->sum;
  board().learn(*info);
  result_ = reading_of(*info);
  cell_count_ = info->cell_count;
  step_ = Step::cell_voltages;
  ask_to_read(registers::cell_voltages, 2 * cell_count_);
}

void Poll::take_cell_voltages(const Result<Reply>& answer) {
  if (!answer) return end(answer.error());
  const Result<CellVoltages> cells = decode_cell_voltages(answer->payload);
  if (!cells) return end(cells.error());
  // The smaller of the two counts is right: a reply may have room for cells that the pack does not use. Where cells are
  // missing instead, the pack is no longer the sum of its cells, and the reading is refused and logged for that.
  const std::size_t count = std::min(cells->size(), cell_count_);
  result_->cells_v.assign(cells->begin(), cells->begin() + static_cast<std::ptrdiff_t>(count));
  exchange().close();
}

void Poll::end(Error why) {
  board().sum = SumCovers::unknown;
  result_ = std::unexpected(std::move(why));
  exchange().close();
}

}  // namespace bms::jbd
