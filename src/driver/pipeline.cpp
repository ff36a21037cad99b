#include "driver/pipeline.hpp"

#include <algorithm>
#include <utility>

#include "battery/seconds.hpp"
#include "charge/staleness.hpp"
#include "driver/charge_sample.hpp"

namespace bms::driver {

namespace {

using namespace std::chrono_literals;

// Without contact limits depend on the time since the last reading alone; this is how closely they follow it.
constexpr auto silent_step = 5s;

bool is_silent(Contact contact) {
  return contact == Contact::stale || contact == Contact::kept || contact == Contact::releasing;
}

}  // namespace

Pipeline::Pipeline(const Bounds& bounds, const PipelineConfig& config)
    : config_(config), model_(bounds, config.staleness, config.battery), estimator_(config.battery) {}

Result<Verdict> Pipeline::take(const Reading& reading, bool line_noisy, TimePoint now) {
  std::optional<Reading> believed = reading;
  if (line_noisy || consensus_.undecided()) {
    believed = consensus_.add(reading);
  } else {
    consensus_.clear();
  }
  if (!believed) return Verdict::undecided;
  if (auto accepted = model_.accept(*believed, now, external_); !accepted) return std::unexpected(accepted.error());
  raw_ = *believed;
  const double dt_s = believed_at_ ? battery::seconds(now - *believed_at_) : 0;
  believed_at_ = now;
  take_sample(dt_s);
  return Verdict::believed;
}

void Pipeline::take_sample(double dt_s) {
  Battery& battery = model_.battery();
  estimator_.before_charge(battery, external_, dt_s);
  battery.endures_less = battery::endures_less(config_.battery, battery.reading);
  notices_.follow(config_.battery, *raw_, model_.left_out(), battery, dt_s);
  decide(dt_s);
  estimator_.after_charge(battery, findings_of(outcome_), dt_s);
  cells_.follow(config_.battery, battery, external_.unix_s, dt_s);
  sum_up_cells(dt_s);
}

void Pipeline::sum_up_cells(double dt_s) {
  Battery& battery = model_.battery();
  summarizer_.follow(cells_.record(), battery.reading.modules, dt_s, battery.cells);
}

void Pipeline::decide(double dt_s) {
  if (battery().contact == Contact::returning) charge::returning(state_);
  outcome_ = charge::step(config_.charge, state_, sample_of(battery()), dt_s);
  limits_ = outcome_.limits;
}

void Pipeline::learn_thresholds(const Thresholds& thresholds) {
  DeviceInfo& device = model_.battery().device;
  device.cell_over_voltage_v = thresholds.cell_over_voltage_v;
  device.cell_under_voltage_v = thresholds.cell_under_voltage_v;
}

void Pipeline::note_failure(TimePoint now) { model_.note_failure(now); }

void Pipeline::time_passes(TimePoint now) {
  model_.time_passes(now);
  Battery& battery = model_.battery();
  // While readings come, limits move with them alone: values of one moment belong together.
  if (battery.measurements_valid() || battery.contact == Contact::never) return;
  estimator_.contact_changed(battery, external_);
  limits_ = charge::without_contact(config_.charge, state_, battery.contact, battery::seconds(now - battery.read_at));
}

std::optional<TimePoint> Pipeline::next_change(TimePoint now) const {
  const auto contact_change = model_.next_change();
  if (!contact_change || !is_silent(battery().contact)) return contact_change;
  return std::min(*contact_change, now + silent_step);
}

void Pipeline::configure(const PipelineConfig& config, TimePoint now) {
  config_ = config;
  model_.configure(config.staleness, config.battery);
  estimator_.configure(config.battery);
  if (battery().measurements_valid()) {
    decide(0);  // the same sample, seen with other eyes: no time has passed
  } else {
    time_passes(now);
  }
}

void Pipeline::adopt(DeviceInfo device, const PipelineConfig& config, const std::optional<Recalled>& recalled,
                     TimePoint now) {
  model_.identify(std::move(device));
  estimator_ = battery::Estimator(config.battery);
  notices_ = {};
  cells_ = {};
  summarizer_.forget();
  model_.battery().cells = {};
  state_ = {};
  if (recalled) {
    estimator_.restore(recalled->what.battery, recalled->down_s);
    state_.kept = recalled->what.charge;
    charge::resume(state_, recalled->down_s);
  }
  config_ = config;
  model_.configure(config.staleness, config.battery);
  // To ask who it is takes its time, in which the reading has grown no younger.
  if (raw_ && model_.accept(*raw_, *believed_at_, external_)) take_sample(0);
  time_passes(now);
}

}  // namespace bms::driver
