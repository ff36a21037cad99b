// A battery for tests of charge control: samples are made from a few numbers, and time passes by hand.
#pragma once

#include <cstddef>
#include <limits>

#include "charge/control.hpp"
#include "charge/situation.hpp"
#include "charge/staleness.hpp"

namespace bms::charge::test {

constexpr std::size_t cells = 16;

/// 16 even cells at rest on a warm day, of which everything is known.
inline Sample even_frame(double cell_v = 3.300, double current_a = 0) {
  Sample sample;
  sample.cells_v.assign(cells, cell_v);
  sample.current_a = current_a;
  sample.capacity_ah = 280;
  sample.temperatures_c = {25};
  sample.sensors_expected = true;
  sample.soc_pct = 50;
  sample.charge_fet = true;
  sample.discharge_fet = true;
  return sample;
}

/// The same with one cell apart.
inline Sample sample_with_cell(double cell_v, double others_v = 3.300, double current_a = 0) {
  Sample sample = even_frame(others_v, current_a);
  sample.cells_v[3] = cell_v;
  return sample;
}

inline Config big_config() {
  Config config;
  config.max_charge_current = {140};
  config.max_discharge_current = {140};
  return config;
}

/// One control with its state.
struct Driven {
  Config config = big_config();
  State state{};
  Outcome last{};
  bool started = false;
  int transitions = 0;

  const Limits& step(const Sample& sample, double dt_s = 1) {
    last = charge::step(config, state, sample, started ? dt_s : 0);
    started = true;
    transitions += last.transition ? 1 : 0;
    return last.limits;
  }

  /// The same sample for so long.
  const Limits& steps(const Sample& sample, double seconds, double dt_s = 1) {
    for (double passed_s = 0; passed_s < seconds; passed_s += dt_s) step(sample, dt_s);
    return last.limits;
  }

  /// As steps(), until another state is entered.
  bool steps_until(ChargeState wanted, const Sample& sample, double at_most_s) {
    for (double passed_s = 0; passed_s < at_most_s; ++passed_s) {
      if (step(sample).state == wanted) return true;
    }
    return false;
  }

  /// As after a restart of the program.
  void restart(std::optional<double> down_s = 0) {
    const Kept kept = state.kept;
    state = State();
    state.kept = kept;
    resume(state, down_s);
    started = false;
  }

  [[nodiscard]] double charge_a() const { return *state.charge.allowed_a; }
  [[nodiscard]] double discharge_a() const { return *state.discharge.allowed_a; }
};

[[nodiscard]] inline Config usual(Profile profile) {
  Config config;
  config.profile = profile;
  return config;
}

// What is allowed in the first sample: nothing is rounded or slowed down.
[[nodiscard]] inline double charge_limit(const Config& config, const Sample& sample) {
  Driven run{.config = config};
  run.step(sample);
  return run.charge_a();
}

[[nodiscard]] inline double discharge_limit(const Config& config, const Sample& sample) {
  Driven run{.config = config};
  run.step(sample);
  return run.discharge_a();
}

}  // namespace bms::charge::test
