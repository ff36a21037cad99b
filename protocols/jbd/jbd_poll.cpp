// One poll of a JBD board: register 03, then register 04, make a Reading.
#include "jbd/jbd_poll.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "jbd/jbd_tables.hpp"

namespace bms::jbd {
namespace {

/// A sleeping board swallows the first request and answers a repetition (vendor text V11, section 1).
constexpr int wake_up_attempts = 5;

Alarms alarms_of(const BasicInfo& info) {
  Alarms alarms;
  for (std::size_t bit = 0; bit < protection_bits.size(); ++bit) {
    const bool active = (info.protection >> bit & 1U) != 0;
    for (const auto& alarm : protection_bits[bit].alarms)
      if (alarm) alarms.raise(*alarm, active ? AlarmLevel::alarm : AlarmLevel::ok);
  }
  if (!info.tail) return alarms;
  for (std::size_t bit = 0; bit < warning_bits.size(); ++bit) {
    const bool active = (info.tail->alarm_status >> bit & 1U) != 0;
    alarms.raise(warning_bits[bit], active ? AlarmLevel::warning : AlarmLevel::ok);
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
  const double whole = info.soc_pct;
  if (!info.tail || info.tail->full_ah <= 0) return whole;
  const double fine = 100 * info.remaining_ah / info.tail->full_ah;
  if (std::abs(std::round(fine) - whole) > 1) return whole;
  return std::min(fine, 100.0);
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
  const std::size_t sensors = std::min(info.temperatures_c.size(), max_temperatures);
  reading.temperatures_c.assign(info.temperatures_c.begin(),
                                info.temperatures_c.begin() + static_cast<std::ptrdiff_t>(sensors));
  reading.charge_fet = info.charge_fet;
  reading.discharge_fet = info.discharge_fet;
  reading.alarms = alarms_of(info);
  reading.raw_protection = info.protection;
  return reading;
}

void Poll::start() {
  result_ = Reading{};
  if (board_.factory_exits_due == 0) return ask_basic_info();
  // A command could not leave factory mode, because the line failed. It is tried again before anything else.
  step_ = Step::leave_factory_mode;
  ask(write_request(registers::leave_factory_mode, 0), frame_overhead, usual_patience.with_attempts(1));
}

void Poll::ask_basic_info() {
  step_ = Step::basic_info;
  ask(read_request(registers::basic_info), board_.basic_info_size,
      usual_patience.with_attempts(board_.heard ? usual_patience.attempts : wake_up_attempts));
}

void Poll::take(Result<Reply> answer) {
  switch (step_) {
    case Step::leave_factory_mode:
      board_.factory_exits_due = answer || answer.error().kind == ErrorKind::status ? 0 : board_.factory_exits_due - 1;
      return ask_basic_info();
    case Step::basic_info: return take_basic_info(answer);
    case Step::cell_voltages: return take_cell_voltages(answer);
  }
}

void Poll::take_basic_info(const Result<Reply>& answer) {
  board_.heard = true;
  if (!answer) return end(answer.error());
  const Result<BasicInfo> info = decode_basic_info(answer->payload);
  if (!info) return end(info.error());
  if (auto error = implausible(*info)) return end(*std::move(error));

  board_.basic_info_size = answer->payload.size() + frame_overhead;
  board_.learn(*info);
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
  result_ = std::unexpected(std::move(why));
  exchange().close();
}

}  // namespace bms::jbd
