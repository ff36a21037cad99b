#include "battery/soc.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace bms::battery {

namespace {

constexpr double slew_pct_per_s = 0.1;
constexpr double cap_pct = 99;         // before the full charge is qualified
constexpr double full_until_pct = 99;  // counted SoC below which a pack is no longer full
constexpr double empty_pct = 1;        // where the cells say "empty"; 0 is left to the cut-off
constexpr double empty_current_c = 0.02;
constexpr double empty_after_s = 60;
constexpr double saved_valid_s = 24 * 3600;
constexpr double saved_agrees_pct = 10;
constexpr double uncertain_share = 0.05;            // of the capacity, unseen, that makes SoC uncertain
constexpr double learnable_uncertain_share = 0.02;  // and that spoils a measurement of the capacity
constexpr double learnable_min_share = 0.5, learnable_max_share = 1.5;
constexpr double missed_source_s = 60;

/// Resting voltage of LiFePO4 cells, in %. It says little between 20 and 90 %.
const Curve lfp_soc_by_voltage{{2.60, 0},   {2.95, 2},   {3.10, 5},   {3.18, 10},  {3.235, 20}, {3.265, 30},
                               {3.285, 40}, {3.295, 50}, {3.305, 60}, {3.325, 70}, {3.332, 80}, {3.336, 90},
                               {3.340, 95}, {3.365, 98}, {3.43, 99},  {3.50, 100}};

double soc_by_voltage(double cell_v, const Config& config) {
  constexpr double lfp_lowest_v = 3.3;
  constexpr double lfp_highest_v = 3.7;
  if (config.absorption_cell_v > lfp_lowest_v && config.absorption_cell_v < lfp_highest_v) {
    return interpolate(lfp_soc_by_voltage, cell_v);
  }
  const double span_v = config.absorption_cell_v - config.min_cell_v;
  return span_v > 0 ? std::clamp((cell_v - config.min_cell_v) / span_v * 100, 0.0, 100.0) : 50;
}

void count(const Config& config, Kept& kept, const Flow& flow, std::optional<double> capacity_ah) {
  const double net_ah = flow.charged_ah * config.soc.charge_efficiency - flow.discharged_ah;
  kept.uncertain_ah += flow.missed_ah;
  if (kept.since_empty_ah) *kept.since_empty_ah = std::max(0.0, *kept.since_empty_ah + net_ah);
  if (!kept.charge_ah || !capacity_ah) return;
  kept.charge_ah = std::clamp(*kept.charge_ah + net_ah, 0.0, *capacity_ah);
  const double soc_pct = *kept.charge_ah / *capacity_ah * 100;
  if (soc_pct < full_until_pct) kept.full = false;
  if (soc_pct > empty_pct) kept.empty = false;
  if (kept.uncertain_ah > uncertain_share * *capacity_ah) kept.uncertain = true;
  if (kept.uncertain_ah > learnable_uncertain_share * *capacity_ah) kept.since_empty_ah.reset();
}

}  // namespace

double counted_current_a(double current_a, const SocConfig& config) {
  return (std::abs(current_a) < config.deadband_a ? 0 : current_a) - config.self_consumption_a;
}

void StateOfCharge::restored(std::optional<double> down_s) {
  started_ = false;
  restored_ = true;
  down_s_ = down_s;
}

bool StateOfCharge::start(const Config& config, Kept& kept, const Facts& facts) const {
  const double capacity_ah = *facts.capacity_ah;
  if (restored_ && kept.charge_ah) {
    const double saved_pct = *kept.charge_ah / capacity_ah * 100;
    const bool agrees = facts.soc_pct && std::abs(saved_pct - *facts.soc_pct) <= saved_agrees_pct;
    const bool fresh = down_s_.value_or(0) <= saved_valid_s;
    if (fresh && (agrees || config.soc.source != SocSource::bms || !facts.soc_pct)) {
      if (!down_s_ && !agrees) kept.uncertain = true;
      return true;
    }
  }
  kept.uncertain = !facts.soc_pct;
  kept.uncertain_ah = 0;
  kept.full = kept.empty = false;
  kept.since_empty_ah.reset();
  if (facts.soc_pct) {
    kept.charge_ah = *facts.soc_pct / 100 * capacity_ah;
  } else if (facts.cells) {
    kept.charge_ah = soc_by_voltage(facts.cells->mean_v, config) / 100 * capacity_ah;
  } else {
    kept.charge_ah.reset();
  }
  return false;
}

void StateOfCharge::watch_current_source(const Config& config, Kept& kept, const External& external, double dt_s) {
  const bool missing = config.soc.current_source == CurrentSource::external && !external.current_a;
  if (current_source_missing_.follow(missing, dt_s) >= missed_source_s) kept.uncertain = true;
}

void StateOfCharge::watch_empty(const Config& config, Kept& kept, const Facts& facts, double dt_s) {
  const bool empty = facts.cells && facts.current_a && facts.capacity_ah &&
                     facts.cells->lowest_v <= config.min_cell_v &&
                     *facts.current_a < -empty_current_c * *facts.capacity_ah;
  if (empty_.follow(empty, dt_s) < empty_after_s || !kept.charge_ah) return;
  const double empty_ah = empty_pct / 100 * *facts.capacity_ah;
  if (!kept.since_empty_ah) kept.since_empty_ah = std::min(*kept.charge_ah, empty_ah);
  if (*kept.charge_ah <= empty_ah) return;  // never raised by that
  kept.charge_ah = kept.since_empty_ah = empty_ah;
  kept.uncertain_ah = 0;
  kept.full = false;
  put_right();
}

// The BMS's own steps are shown as they come; that a full battery may be shown as one is not the BMS's own word.
void StateOfCharge::move_cap(const Config& config, bool full, double dt_s) {
  const double cap = full ? 100 : cap_pct;
  const double step_pct = slew_pct_per_s * dt_s;
  highest_bms_pct_ =
      std::clamp(cap, highest_bms_pct_.value_or(cap) - step_pct, highest_bms_pct_.value_or(cap) + step_pct);
  if (!config.soc.cap_until_full) highest_bms_pct_ = 100;
}

std::optional<StateOfCharge::Target> StateOfCharge::target(const Config& config, const Kept& kept, const Facts& facts,
                                                           const External& external) const {
  const auto external_pct = sane(external.soc_pct, 0, 100);
  if (config.soc.source == SocSource::external && external_pct) return Target{*external_pct, SocSource::external};
  const bool counted = kept.charge_ah && facts.capacity_ah;
  if (facts.soc_pct && (config.soc.source == SocSource::bms || !counted)) {
    return Target{std::min(*facts.soc_pct, highest_bms_pct_.value_or(100)), SocSource::bms};
  }
  if (!counted) return std::nullopt;
  const double highest_pct = config.soc.cap_until_full && !kept.full ? cap_pct : 100;
  const double lowest_pct = kept.empty ? 0 : empty_pct;
  return Target{std::clamp(*kept.charge_ah / *facts.capacity_ah * 100, lowest_pct, highest_pct), SocSource::own};
}

void StateOfCharge::show(Kept& kept, const Target& target, double dt_s) {
  if (source_ && source_ != target.source) keep_shown_ = true;
  source_ = target.source;
  if (std::exchange(keep_shown_, false) && shown_pct_) correction_pct_ = *shown_pct_ - target.soc_pct;
  const double left_pct = std::max(0.0, std::abs(correction_pct_) - slew_pct_per_s * dt_s);
  const double moved_pct = target.soc_pct + std::copysign(left_pct, correction_pct_);
  // When the source itself makes a step on the way, it may overtake what is shown, but must not push it away.
  const double before_pct = shown_pct_.value_or(target.soc_pct);
  const auto [low_pct, high_pct] = std::minmax(before_pct, target.soc_pct);
  shown_pct_ = std::clamp(moved_pct, low_pct, high_pct);
  correction_pct_ = *shown_pct_ - target.soc_pct;
  kept.shown_soc_pct = shown_pct_;
}

void StateOfCharge::follow(const Config& config, Kept& kept, const Facts& facts, const External& external,
                           const Flow& flow, Estimate& estimate, double dt_s) {
  if (!started_ && facts.capacity_ah) {
    started_ = true;
    const bool goes_on = start(config, kept, facts);
    if (goes_on && !shown_pct_ && config.soc.source != SocSource::bms) {
      shown_pct_ = kept.shown_soc_pct;
      keep_shown_ = true;
    }
  }
  const bool was_full = kept.full;
  count(config, kept, flow, facts.capacity_ah);
  watch_current_source(config, kept, external, dt_s);
  watch_empty(config, kept, facts, dt_s);
  const bool measured_anew = std::exchange(capacity_ah_, facts.capacity_ah) != facts.capacity_ah;
  if (was_full != kept.full || measured_anew) put_right();
  move_cap(config, kept.full, dt_s);

  const auto target_now = target(config, kept, facts, external);
  if (target_now) {
    show(kept, *target_now, dt_s);
    // What another service counts is where our own counting would go on.
    if (source_ == SocSource::external && facts.capacity_ah) {
      kept.charge_ah = target_now->soc_pct / 100 * *facts.capacity_ah;
    }
  } else {
    source_.reset();
    shown_pct_.reset();
    kept.shown_soc_pct.reset();
    correction_pct_ = 0;
  }
  estimate.soc_pct = shown_pct_;
  const bool fallen_back = config.soc.source == SocSource::external && source_ != SocSource::external;
  estimate.soc_uncertain = source_ == SocSource::own && (kept.uncertain || current_source_missing_.frames() > 0);
  if (fallen_back && target_now) estimate.soc_uncertain = true;
}

void StateOfCharge::became_full(Kept& kept, std::optional<double> nominal_ah) {
  if (nominal_ah) {
    const auto learned_ah =
        sane(kept.since_empty_ah, learnable_min_share * *nominal_ah, learnable_max_share * *nominal_ah);
    if (learned_ah) kept.learned_capacity_ah = learned_ah;
    // Whichever of them counts as the capacity: the next reading cuts off what is beyond it.
    kept.charge_ah = std::max(*nominal_ah, kept.learned_capacity_ah.value_or(0));
  }
  kept.since_empty_ah.reset();
  kept.uncertain = false;
  kept.uncertain_ah = 0;
  kept.full = true;
  put_right();
}

void StateOfCharge::cut_off(Kept& kept) {
  kept.charge_ah = kept.since_empty_ah = 0;
  kept.uncertain_ah = 0;
  kept.empty = true;
  kept.full = false;
  put_right();
}

void StateOfCharge::set(Kept& kept, double soc_pct, double capacity_ah, Estimate& estimate) {
  const double wanted_pct = std::clamp(soc_pct, 0.0, 100.0);
  kept.charge_ah = wanted_pct / 100 * capacity_ah;
  kept.since_empty_ah.reset();
  kept.uncertain = false;
  kept.uncertain_ah = 0;
  kept.full = wanted_pct > full_until_pct;
  kept.empty = wanted_pct < empty_pct;
  keep_shown_ = false;
  if (source_ != SocSource::own) return;
  correction_pct_ = 0;
  shown_pct_ = wanted_pct;
  kept.shown_soc_pct = wanted_pct;
  estimate.soc_pct = wanted_pct;
}

}  // namespace bms::battery
