// One poll of a board of the UP series.
#include "jbd/jbd_up_poll.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "jbd/jbd_up_tables.hpp"

namespace bms::jbd::up {
namespace {

constexpr int wake_up_attempts = 5;
constexpr unsigned turns_between_own_limits = 4;
constexpr unsigned turns_between_counters = 60;
constexpr unsigned most_packs = 16;

template <class Table>
void raise(Alarms& alarms, std::uint32_t word, const Table& table, AlarmLevel level) {
  for (std::size_t bit = 0; bit < table.size(); ++bit)
    for (const auto& alarm : table[bit].alarms)
      if (alarm) alarms.raise(*alarm, (word >> bit & 1U) != 0 ? level : AlarmLevel::ok);
}

Alarms alarms_of(const PackStatus& status) {
  Alarms alarms;
  raise(alarms, status.faults, fault_bits, AlarmLevel::alarm);
  raise(alarms, status.warnings, warning_bits, AlarmLevel::warning);
  if (status.faults >> fault_bits.size() != 0) alarms.raise(unknown_fault, AlarmLevel::warning);
  return alarms;
}

/// What cannot be a temperature of a battery is what an absent sensor sends; the plain protocol of these boards sends
/// the same.
std::optional<double> measured(double temperature_c) {
  constexpr double absent_c = 150;
  return temperature_c < absent_c ? std::optional(temperature_c) : std::nullopt;
}

std::optional<double> if_positive(double value) { return value > 0 ? std::optional(value) : std::nullopt; }

/// Packs whose current limits the status adds up; empty: it does not say, as older firmware.
std::optional<unsigned> packs_of(const PackStatus& status) {
  return status.packs ? std::optional(std::clamp(status.packs->count, 1U, most_packs)) : std::nullopt;
}

CurrentLimits lower(const CurrentLimits& one, const CurrentLimits& other) {
  return {.charge_a = std::min(one.charge_a, other.charge_a),
          .discharge_a = std::min(one.discharge_a, other.discharge_a)};
}

CurrentLimits even_share(const CurrentLimits& told, unsigned packs) {
  return {.charge_a = told.charge_a / packs, .discharge_a = told.discharge_a / packs};
}

}  // namespace

std::optional<Error> implausible(const PackStatus& status) {
  const auto because = [](std::string message) {
    return Error{ErrorKind::implausible, std::move(message), std::nullopt};
  };
  if (status.soc_pct > 100) return because("state of charge of " + std::to_string(status.soc_pct) + " %");
  if (status.voltage_v == 0 && status.remaining_ah == 0) return because("0 V and 0 Ah: the BMS does not measure");
  return std::nullopt;
}

CurrentLimits limits_of_pack(const CurrentLimits& told, unsigned packs, const std::optional<CurrentLimits>& own) {
  return own ? lower(*own, told) : even_share(told, packs);
}

Reading reading_of(const PackStatus& status) {
  Reading reading;
  reading.voltage_v = status.voltage_v;
  reading.current_a = status.current_a;
  // Of the other packs that it reports, a master knows whole percentages only.
  const bool whole = status.soc_pct == std::floor(status.soc_pct);
  reading.soc_pct = whole ? finer_soc_pct(status.soc_pct, status.remaining_ah, status.full_ah) : status.soc_pct;
  reading.soh_pct = std::min(status.soh_pct, 100U);
  reading.remaining_ah = status.remaining_ah;
  reading.full_ah = if_positive(status.full_ah);
  reading.design_capacity_ah = if_positive(status.rated_ah);
  reading.cycles = status.cycles;
  reading.cells_v.assign(status.cells_v.begin(), status.cells_v.end());
  if (status.balancing)
    reading.balancing = std::bitset<max_cells>(*status.balancing & ((std::uint64_t{1} << status.cells_v.size()) - 1));
  for (const double temperature_c : status.temperatures_c) reading.temperatures_c.push_back(measured(temperature_c));
  reading.mos_temperature_c = measured(status.mosfet_c);
  reading.charge_fet = status.switches.charge;
  reading.discharge_fet = status.switches.discharge;
  reading.heating = status.switches.heater;
  reading.max_charge_voltage_v = if_positive(status.charge_voltage_limit_v);
  reading.alarms = alarms_of(status);
  reading.raw_protection = std::uint64_t{status.warnings} << 32U | status.faults;
  return reading;
}

void Poll::start() {
  result_ = Reading{};
  board().batch.poll_begins();
  step_ = Step::status;
  ask_for_status(usual_patience.with_attempts(attempts()));
}

int Poll::attempts() {
  if (!board().heard) return wake_up_attempts;
  // Of who said nothing the next poll is the repetition.
  return board().silent ? 1 : usual_patience.attempts;
}

void Poll::take(Result<Reply> answer) {
  switch (step_) {
    case Step::status: return take_status(answer);
    case Step::own_status: take_own_limits(answer); return next_after(Step::own_status);
    case Step::counters:
      if (answer) board().counted = decode_counters(answer->payload);
      board().counters.note(answer.has_value());
      return finish();
  }
}

void Poll::take_status(const Result<Reply>& answer) {
  board().heard = true;
  board().silent = !answer && answer.error().kind == ErrorKind::silent;
  if (!answer) return end(answer.error());
  const PackStatus status = decode_pack_status(answer->payload);
  if (auto error = implausible(status)) return end(*std::move(error));

  board().status_size = answer->payload.size() + frame_overhead;
  if (status.firmware) board().firmware = status.firmware;
  result_ = reading_of(status);
  told_ = status.limits;
  packs_ = packs_of(status);
  next_after(Step::status);
}

void Poll::take_own_limits(const Result<Reply>& answer) {
  const auto own = answer ? decode_own_limits(answer->payload, *result_->voltage_v) : std::nullopt;
  board().own_status.note(own.has_value());
  // What it said earlier may be more than it says now, and an even share more than it said.
  const bool kept = !own && board().own_limits && board().own_status.missed_lately();
  board().own_limits = kept ? lower(*board().own_limits, even_share(told_, packs_.value_or(1))) : own;
}

/// Whether the limits in its status may be those of several packs.
bool Poll::speaks_for_others() {
  constexpr std::uint8_t master = 1;
  return packs_ ? *packs_ > 1 : board().address == master;
}

/// What is asked in turn.
void Poll::next_after(Step step) {
  constexpr Patience once = usual_patience.with_attempts(1);
  if (!speaks_for_others()) board().own_limits.reset();
  const bool own_due = speaks_for_others() && turn_ % turns_between_own_limits == 0;
  if (step < Step::own_status && own_due && board().own_status.worth_asking()) {
    step_ = Step::own_status;
    return ask(blocks::own_status, frame_overhead, once);
  }
  if (turn_ % turns_between_counters == 1 && board().counters.worth_asking()) {
    step_ = Step::counters;
    return ask(blocks::counters, frame_overhead, once);
  }
  finish();
}

void Poll::finish() {
  ++turn_;
  const CurrentLimits limits = limits_of_pack(told_, packs_.value_or(1), board().own_limits);
  result_->max_charge_current_a = limits.charge_a;
  // Some firmware reports 0 for a moment: then it is as if it had said nothing, and the FET shows what is meant.
  result_->max_discharge_current_a = if_positive(limits.discharge_a);
  // Boards that do not fill in the limits report 0 for all of them. Where a voltage is reported, 0 A forbids charging.
  if (limits.charge_a <= 0 && result_->max_charge_voltage_v) result_->charge_fet = false;
  if (board().counted) {
    result_->total_charged_ah = board().counted->charged_ah;
    result_->total_discharged_ah = board().counted->discharged_ah;
  }
  close();
}

void Poll::end(Error why) {
  result_ = std::unexpected(std::move(why));
  close();
}

}  // namespace bms::jbd::up
