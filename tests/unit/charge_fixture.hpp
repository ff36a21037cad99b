// A battery for tests of charge control: frames are made from a few numbers, and time passes by hand.
#pragma once

#include <cstddef>
#include <limits>

#include "charge/control.hpp"
#include "charge/situation.hpp"

namespace bms::charge::test {

constexpr std::size_t cells = 16;

/// 16 even cells at rest on a warm day, of which everything is known.
inline Frame even_frame(double cell_v = 3.300, double current_a = 0) {
  Frame frame;
  frame.cells_v.assign(cells, cell_v);
  frame.current_a = current_a;
  frame.capacity_ah = 280;
  frame.temperatures_c = {25};
  frame.sensors_expected = true;
  frame.soc_pct = 50;
  frame.charge_fet = true;
  frame.discharge_fet = true;
  return frame;
}

/// The same with one cell apart.
inline Frame frame_with_cell(double cell_v, double others_v = 3.300, double current_a = 0) {
  Frame frame = even_frame(others_v, current_a);
  frame.cells_v[3] = cell_v;
  return frame;
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

  const Limits& step(const Frame& frame, double dt_s = 1) {
    last = charge::step(config, state, frame, started ? dt_s : 0);
    started = true;
    transitions += last.transition ? 1 : 0;
    return last.limits;
  }

  /// The same frame for so long.
  const Limits& steps(const Frame& frame, double seconds, double dt_s = 1) {
    for (double passed_s = 0; passed_s < seconds; passed_s += dt_s) step(frame, dt_s);
    return last.limits;
  }

  /// As steps(), until another state is entered.
  bool steps_until(ChargeState wanted, const Frame& frame, double at_most_s) {
    for (double passed_s = 0; passed_s < at_most_s; ++passed_s) {
      if (step(frame).state == wanted) return true;
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

// What is allowed in the first frame: nothing is rounded or slowed down.
[[nodiscard]] inline double charge_limit(const Config& config, const Frame& frame) {
  Driven run{.config = config};
  run.step(frame);
  return run.charge_a();
}

[[nodiscard]] inline double discharge_limit(const Config& config, const Frame& frame) {
  Driven run{.config = config};
  run.step(frame);
  return run.discharge_a();
}

}  // namespace bms::charge::test
