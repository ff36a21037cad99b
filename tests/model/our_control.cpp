#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <string>

#include "charge/staleness.hpp"
#include "config/config.hpp"
#include "control_on_bench.hpp"
#include "driver/owner_config.hpp"

namespace bms::model {
namespace {

constexpr double lost_s = 60;
constexpr double withdrawn_s = lost_s + 4;
constexpr int trusted_frames = 3;
constexpr double trusted_after_s = 5;

Published published(const Limits& limits, ChargeState state) {
  return {limits.charge_voltage_v, limits.charge_current_a, limits.discharge_current_a, limits.state.value_or(state)};
}

}  // namespace

driver::PipelineConfig pipeline_config_for(const Scenario& scenario, double sample_s) {
  std::istringstream lines("[default]\npoll_interval = " + std::to_string(sample_s) + "\n" +
                           std::string(scenario.config) + "\n");
  const config::Config read = config::Config::read(lines);
  if (!read.faults().empty()) throw std::runtime_error(read.faults().front().text());
  driver::PipelineConfig config = driver::pipeline_config_of(read.settings_for({}));
  config.charge.max_charge_current = {scenario.max_charge_a};
  config.charge.max_discharge_current = {scenario.max_discharge_a};
  config.charge.full_charge_requested = scenario.full_charge_requested;
  return config;
}

charge::Config config_for(const Scenario& scenario, double sample_s) {
  return pipeline_config_for(scenario, sample_s).charge;
}

bool OurControl::trusted(double dt_s) {
  returning_s_ += returning_frames_ > 0 ? dt_s : 0;
  ++returning_frames_;
  return returning_frames_ > trusted_frames && returning_s_ >= trusted_after_s;
}

Published OurControl::sample(const charge::Sample& sample, double dt_s) {
  if (returning_ && trusted(dt_s)) returning_ = false;
  if (returning_) charge::returning(state_);
  outcome_ = charge::step(config_, state_, sample, dt_s);
  return published(outcome_.limits, ChargeState::bulk);
}

Published OurControl::silence(double age_s, const Published& held) {
  if (age_s < std::max(10.0, 3 * config_.poll_interval_s)) return held;
  returning_ = true;
  returning_s_ = 0;
  returning_frames_ = 0;
  const Contact contact = age_s < lost_s ? Contact::stale : age_s < withdrawn_s ? Contact::releasing : Contact::lost;
  return published(charge::without_contact(config_, state_, contact, age_s), held.state);
}

void OurControl::restart() {
  const charge::Kept kept = state_.kept;
  state_ = {};
  state_.kept = kept;
}

}  // namespace bms::model
