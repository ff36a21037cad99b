// What the battery is connected to: sun, loads, a charger, and the system that hands our limits on every three seconds.
#pragma once

#include <deque>
#include <optional>

#include "bms/limits.hpp"
#include "random.hpp"
#include "scenario.hpp"

namespace bms::model {

/// What a control lets out after a sample. Empty: no longer a managed battery.
struct Published {
  std::optional<double> cvl_v, ccl_a, dcl_a;
  ChargeState state = ChargeState::bulk;
};

/// One second of the world around the battery.
struct Surroundings {
  double sun_a = 0;
  double load_a = 0;
  bool feed_in = false;
};

/// Tells what each second is like. To be asked once for every second, in order.
class Weather {
 public:
  explicit Weather(const Scenario& scenario) : scenario_(scenario), random_(scenario.seed + 1000) {}

  Surroundings at(int second);

 private:
  [[nodiscard]] double wanted_load_a(int second) const;

  Scenario scenario_;
  Random random_;
  int changes_at_s_ = 0;
  double random_load_a_ = 0;
  double clearness_ = 1;
};

/// The charger and the consumers of the limits.
class Installation {
 public:
  explicit Installation(const Scenario& scenario) : scenario_(scenario) {}

  /// Lets one second pass. Returns the battery's current, positive while charging.
  double advance(int second, const Published& published, const Surroundings& around, double battery_v, bool charge_fet);

  /// What comes from the charger; negative: the inverter takes it out of the battery for the grid.
  [[nodiscard]] double charger_a() const { return charger_a_; }

 private:
  void hand_on_limits(int second, const Published& published);
  [[nodiscard]] double drawn_a(const Load& load, double wanted_a) const;
  void regulate(double low_a, double high_a, double battery_v);

  Scenario scenario_;
  std::deque<Published> on_their_way_;
  Published in_force_{};
  int managed_until_s_ = 0;
  double set_point_a_ = 0;
  double charger_a_ = 0;
};

}  // namespace bms::model
