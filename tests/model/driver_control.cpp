#include <algorithm>
#include <numeric>
#include <string>

#include "battery/plausibility.hpp"
#include "control_on_bench.hpp"

namespace bms::model {
namespace {

Reading reading_of(const charge::Sample& sample) {
  Reading reading;
  reading.cells_v = sample.cells_v;
  reading.voltage_v = std::accumulate(sample.cells_v.begin(), sample.cells_v.end(), 0.0);
  reading.current_a = sample.current_a;
  reading.soc_pct = sample.soc_pct;
  reading.design_capacity_ah = sample.capacity_ah;
  if (sample.sensors_expected) reading.temperatures_c.resize(1);
  std::ranges::copy(sample.temperatures_c, reading.temperatures_c.begin());
  reading.charge_fet = sample.charge_fet;
  reading.discharge_fet = sample.discharge_fet;
  return reading;
}

Published published(const Limits& limits) {
  return {limits.charge_voltage_v, limits.charge_current_a, limits.discharge_current_a,
          limits.state.value_or(ChargeState::bulk)};
}

Clock::duration seconds(double amount) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(amount));
}

}  // namespace

std::string AlarmsRaised::text() const {
  std::string text;
  for (const AlarmEffect& effect : alarm_effects) {
    const AlarmLevel level = highest[effect.alarm].value_or(AlarmLevel::ok);
    if (level == AlarmLevel::ok) continue;
    text += (text.empty() ? "" : ", ") + std::string(effect.venus_name) + " " + std::to_string(static_cast<int>(level));
  }
  return text;
}

DriverControl::DriverControl(const driver::PipelineConfig& config) : pipeline_(battery::any_battery, config) {}

Published DriverControl::sample(const charge::Sample& sample, double dt_s) {
  read_at_ += seconds(dt_s);
  const auto taken = pipeline_.take(reading_of(sample), /*line_noisy=*/false, read_at_);
  if (!taken) ++refused_;
  note_alarms();
  return published(pipeline_.limits());
}

Published DriverControl::silence(double age_s, const Published& held) {
  pipeline_.note_failure(read_at_ + seconds(age_s));
  pipeline_.time_passes(read_at_ + seconds(age_s));
  note_alarms();
  return pipeline_.battery().measurements_valid() ? held : published(pipeline_.limits());
}

void DriverControl::note_alarms() {
  const Alarms& now = pipeline_.battery().alarms;
  for (const AlarmEffect& effect : alarm_effects) {
    const AlarmLevel level = now[effect.alarm].value_or(AlarmLevel::ok);
    if (level > before_[effect.alarm].value_or(AlarmLevel::ok)) ++raised_.begun;
    if (effect.alarm == Alarm::low_cell_voltage && level != AlarmLevel::ok && !raised_.lowest_when_low_v) {
      raised_.lowest_when_low_v = pipeline_.battery().derived.min_cell_v;
    }
    raised_.highest.raise(effect.alarm, level);
  }
  before_ = now;
}

}  // namespace bms::model
