// What can be put on the bench: our control, and two others to check the bench itself with.
#pragma once

#include <functional>
#include <optional>

#include "charge/control.hpp"
#include "installation.hpp"

namespace bms::model {

/// Decides limits from frames.
class Control {
 public:
  Control() = default;
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;
  virtual ~Control() = default;

  /// A frame that came, `dt_s` after the one before.
  virtual Published frame(const charge::Frame& frame, double dt_s) = 0;
  /// One that did not, `age_s` after the last one that did. `held`: what was published last.
  virtual Published silence(double /*age_s*/, const Published& held) { return held; }
};

/// Ours, with the stages of a silent board as the driver runs them.
class OurControl final : public Control {
 public:
  explicit OurControl(const charge::Config& config) : config_(config) {}

  Published frame(const charge::Frame& frame, double dt_s) override;
  Published silence(double age_s, const Published& held) override;

  /// What a restart of the program leaves: what is kept, and nothing else.
  void restart();

  [[nodiscard]] const charge::Config& config() const { return config_; }
  [[nodiscard]] const charge::Outcome& outcome() const { return outcome_; }

 private:
  [[nodiscard]] bool trusted(double dt_s);

  charge::Config config_;
  charge::State state_{};
  charge::Outcome outcome_{};
  double returning_s_ = 0;
  int returning_frames_ = 0;
  bool returning_ = false;
};

/// The configuration that fits a scenario.
[[nodiscard]] charge::Config config_for(const Scenario& scenario, double frame_s);

/// How dbus-serialbattery keeps single cells below 3.450 V.
enum class SerialbatteryMode : std::uint8_t {
  penalty_sum,  ///< CVL is the sum of the cells less what each is too high
  integral,     ///< CVL goes down as long as a cell is too high
};

/// The law of dbus-serialbattery in a few lines, by its documented numbers: to compare, and to see that the bench shows
/// the faults that it is known for.
class SerialbatteryControl final : public Control {
 public:
  SerialbatteryControl(SerialbatteryMode mode, double max_charge_a) : mode_(mode), max_charge_a_(max_charge_a) {}

  Published frame(const charge::Frame& frame, double dt_s) override;

 private:
  void limit_voltage(const charge::Frame& frame, double sum_v, double highest_v, double dt_s);
  void follow_state(double cells, double sum_v, double spread_v, double dt_s);
  void limit_current(double highest_v, double dt_s);

  SerialbatteryMode mode_;
  double max_charge_a_;
  bool floating_ = false;
  std::optional<double> held_s_{};
  std::optional<double> cvl_v_{};
  double since_reduction_s_ = 1e9;
  double ccl_a_ = 0;
  double since_taken_over_s_ = 1e9;
  double recovering_s_ = 0;
};

}  // namespace bms::model
