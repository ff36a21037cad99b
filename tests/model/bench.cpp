#include "bench.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

namespace bms::model {
namespace {

constexpr double meter_step_v = 0.001;

/// What control takes for the resistance of a pack that it knows nothing of.
double assumed_resistance_ohm(const PackDesign& pack) { return pack.cells * 0.001 * (150 / pack.capacity_ah) * 1.3; }

/// How far the target may be above the one that the curve of the computed limit is made for. Where an owner's own curve
/// allows more nothing is checked.
double target_raised_v(const Scenario& scenario) {
  const charge::Config config = config_for(scenario, 1);
  if (!config.charge_cell_curve.empty()) return 10;
  const double target_v = scenario.full_charge_requested ? config.balancing_cell_v : config.absorption_cell_v;
  return target_v - charge::Config().absorption_cell_v;
}

double temperature_c(const Warming& warming, int second) {
  const double share = std::min(1.0, second / warming.within_s);
  return warming.from_c + (warming.to_c - warming.from_c) * share;
}

bool is_sound(const Published& published) {
  const auto good = [](const std::optional<double>& value) { return value && std::isfinite(*value) && *value >= 0; };
  if (!published.cvl_v) return true;
  return good(published.cvl_v) && *published.cvl_v > 0 && good(published.ccl_a) && good(published.dcl_a);
}

}  // namespace

Bench::Bench(const Scenario& scenario, Control& control, int sample_s)
    : scenario_(scenario),
      control_(control),
      sample_s_(sample_s),
      pack_random_(scenario.seed),
      noise_random_(scenario.seed + 2000),
      pack_(scenario.pack, pack_random_),
      weather_(scenario),
      installation_(scenario),
      computed_(scenario.max_charge_a, target_raised_v(scenario)) {}

charge::Sample Bench::measure() {
  charge::Sample sample;
  for (const double cell_v : pack_.cells_v()) {
    sample.cells_v.push_back(std::round((cell_v + noise_random_.normal(scenario_.noise_v)) / meter_step_v) *
                             meter_step_v);
  }
  if (!scenario_.current_unknown.contains(second_)) sample.current_a = current_a_;
  sample.capacity_ah = scenario_.pack.capacity_ah;
  sample.sensors_expected = scenario_.has_sensors;
  if (scenario_.has_sensors && !scenario_.sensors_broken.contains(second_)) {
    sample.temperatures_c.push_back(temperature_c(scenario_.temperature, second_));
  }
  if (scenario_.soc_known) {
    sample.soc_pct = scenario_.false_soc_pct >= 0 ? scenario_.false_soc_pct : std::round(pack_.soc_pct());
  }
  sample.charge_fet = !scenario_.charge_fet_open.contains(second_);
  sample.discharge_fet = true;
  return sample;
}

bool Bench::lost() const {
  return any_frame_ && second_ % scenario_.lost_every_s >= scenario_.lost_every_s - scenario_.lost_s;
}

void Bench::poll() {
  const double dt_s = any_frame_ ? second_ - last_frame_s_ : 0;
  if (lost()) {
    published_ = control_.silence(dt_s, published_);
  } else {
    const charge::Sample sample = measure();
    published_ = control_.sample(sample, dt_s);
    judge(sample, dt_s);
    note_state(published_.state);
    note_cut_off(published_.dcl_a.value_or(0));
    last_frame_s_ = second_;
    any_frame_ = true;
  }
  figures_.sound = figures_.sound && is_sound(published_);
}

void Bench::judge(const charge::Sample& sample, double dt_s) {
  const double computed_a = computed_.follow(sample, dt_s);
  if (!published_.cvl_v) return;
  figures_.ccl_excess_a = std::max(figures_.ccl_excess_a, published_.ccl_a.value_or(1e9) - computed_a);
  // The lowest CVL that stopping the present current can need.
  const double sum_v = std::accumulate(sample.cells_v.begin(), sample.cells_v.end(), 0.0);
  const double drop_v = 1.5 * std::max(current_a_, 0.0) * assumed_resistance_ohm(scenario_.pack);
  figures_.cvl_slack_v = std::min(figures_.cvl_slack_v, *published_.cvl_v - (sum_v - drop_v));
}

// Silence is not a state of charging: what counts is from sample to sample.
void Bench::note_state(ChargeState state) {
  const ChargeState before = std::exchange(state_, state);
  if (state == before) return;
  ++figures_.transitions;
  const std::uint32_t bit = 1U << static_cast<unsigned>(state);
  if ((visited_ & bit) != 0) {
    returns_s_.push_back(second_);
    const auto within_hour = std::ranges::count_if(returns_s_, [this](int at_s) { return at_s > second_ - 3600; });
    figures_.most_returns_per_hour = std::max(figures_.most_returns_per_hour, static_cast<int>(within_hour));
  }
  visited_ |= bit;
  const bool full = state == ChargeState::float_transition || state == ChargeState::floating;
  if (full && !figures_.absorption_left_s) figures_.absorption_left_s = second_;
}

void Bench::note_cut_off(double dcl_a) {
  const double before_a = std::exchange(dcl_a_, dcl_a);
  if (before_a > 0 && dcl_a == 0) ++figures_.cut_offs;
}

void Bench::note_export(double exported_ah) {
  (figures_.absorption_left_s ? figures_.exported_after_ah : figures_.exported_before_ah) += exported_ah;
  if (published_.cvl_v.value_or(0) < pack_.resting_voltage_v()) figures_.sold_ah += exported_ah;
}

void Bench::note_current(double current_a, bool feed_in) {
  figures_.ripple_a += std::abs(current_a - current_a_);
  current_a_ = current_a;
  if (feed_in) note_export(std::max(0.0, -installation_.charger_a()) / 3600);
  const double highest_v = pack_.highest_v();
  figures_.peak_cell_v = std::max(figures_.peak_cell_v, highest_v);
  figures_.lowest_cell_v = std::min(figures_.lowest_cell_v, pack_.lowest_v());
  figures_.too_high_s += highest_v > too_high_cell_v ? 1 : 0;
}

bool Bench::advance() {
  if (second_ >= scenario_.hours * 3600) return false;
  const Surroundings around = weather_.at(second_);
  if (second_ % sample_s_ == 0) poll();
  const bool charge_fet = !scenario_.charge_fet_open.contains(second_);
  const double current_a = installation_.advance(second_, published_, around, pack_.voltage_v(), charge_fet);
  pack_.advance(current_a);
  note_current(current_a, around.feed_in);
  ++second_;
  return true;
}

const Figures& Bench::run() {
  while (advance()) {
  }
  return figures_;
}

}  // namespace bms::model
