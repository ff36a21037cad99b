#include "battery/estimator.hpp"

#include <algorithm>
#include <cmath>

#include "battery/last_errors.hpp"
#include "battery/midpoint.hpp"
#include "battery/seconds.hpp"

namespace bms::battery {

namespace {

constexpr double most_remaining_ah = 1e7;

void estimate_charge(const Facts& facts, std::optional<SocSource> source, Battery& battery) {
  Estimate& estimate = battery.estimate;
  estimate.capacity_ah = facts.capacity_ah;
  estimate.remaining_ah.reset();
  if (source == SocSource::bms) estimate.remaining_ah = sane(battery.reading.remaining_ah, 0, most_remaining_ah);
  if (!facts.capacity_ah || !estimate.soc_pct) return;
  if (!estimate.remaining_ah) estimate.remaining_ah = *estimate.soc_pct / 100 * *facts.capacity_ah;
  if (source != SocSource::bms) {
    battery.derived.consumed_ah = std::min(0.0, *estimate.remaining_ah - *facts.capacity_ah);
  }
}

void estimate_midpoint(const Config& config, const Facts& facts, Battery& battery) {
  const auto& cells_v = battery.reading.cells_v;
  const bool wanted = config.midpoint && facts.cells && (cells_v.size() % 2 == 0 || config.midpoint_of_odd);
  const auto midpoint = wanted ? midpoint_of(cells_v) : std::nullopt;
  battery.estimate.mid_voltage_v = midpoint ? std::optional(midpoint->voltage_v) : std::nullopt;
  battery.estimate.mid_deviation_pct = midpoint ? std::optional(midpoint->deviation_pct) : std::nullopt;
}

}  // namespace

void Estimator::before_charge(Battery& battery, const External& external, double dt_s) {
  const double passed_s = sane_seconds(dt_s);
  const double steady_s = pace_.counted_s(passed_s, config_.poll_interval_s);
  pace_.take(passed_s);
  capacity_.follow(battery.reading, config_.calibration.capacity_ah.has_value(), kept_, steady_s);
  const Facts facts = facts_now(battery);
  const auto counted_a =
      facts.current_a ? std::optional(counted_current_a(*facts.current_a, config_.soc)) : std::nullopt;
  const Flow flow = counter_.follow(counted_a, facts.voltage_v, passed_s);

  soc_.follow(config_, kept_, facts, external, flow, battery.estimate, steady_s);
  battery.estimate.sure_capacity_ah = capacity_.sure_ah();
  battery.estimate.doubted_capacity_ah = capacity_.doubted_ah();
  estimate_charge(facts, soc_.source(), battery);
  averages_.follow(config_.soc, facts, external, battery.estimate, passed_s);
  estimate_midpoint(config_, facts, battery);
  alarms_.follow(config_, facts, battery, steady_s);
  note_errors(kept_, battery.alarms, external.unix_s);
  history_.follow(config_, kept_, facts, flow, battery, passed_s);
  show_history(battery, facts);
}

void Estimator::after_charge(Battery& battery, const ChargeFindings& findings, double /*dt_s*/) {
  const Facts facts = facts_now(battery);
  alarms_.found(config_, findings);
  if (findings.became_full && !findings_.became_full) {
    soc_.became_full(kept_, capacity_.told_ah());
    HistoryCounter::became_full(kept_, facts.capacity_ah);
    show_history(battery, facts);
  }
  if (findings.cut_off && !findings_.cut_off) soc_.cut_off(kept_);
  findings_ = findings;
}

void Estimator::contact_changed(Battery& battery, const External& external) {
  alarms_.contact_changed(config_, battery);
  note_errors(kept_, battery.alarms, external.unix_s);
  battery.history.last_errors = last_errors(kept_);
  battery.history.shut_downs = kept_.shut_downs;
}

void Estimator::set_soc(Battery& battery, double soc_pct) {
  const Facts facts = facts_now(battery);
  if (!facts.capacity_ah || std::isnan(soc_pct)) return;
  soc_.set(kept_, soc_pct, *facts.capacity_ah, battery.estimate);
  estimate_charge(facts, soc_.source(), battery);
}

void Estimator::clear_history(Battery& battery, HistoryGroup group) {
  HistoryCounter::clear(kept_, group);
  show_history(battery, facts_now(battery));
}

void Estimator::restore(const Kept& kept, std::optional<double> down_s) {
  kept_ = kept;
  const auto sane_down_s = sane(down_s, 0, 1e10);
  if (kept_.since_full_s) *kept_.since_full_s += sane_down_s.value_or(0);
  soc_.restored(sane_down_s);
  alarms_.restarted(raised_before(kept_));
}

Facts Estimator::facts_now(const Battery& battery) const { return facts_of(battery, capacity_.believed_ah(kept_)); }

void Estimator::show_history(Battery& battery, const Facts& facts) const {
  battery.history = HistoryCounter::history_of(kept_, facts, battery.reading, config_.history);
}

}  // namespace bms::battery
