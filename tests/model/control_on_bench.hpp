// What can be put on the bench: our control, alone and within the driver, and two others to check the bench itself
// with.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "charge/control.hpp"
#include "driver/pipeline.hpp"
#include "installation.hpp"

namespace bms::model {

/// Decides limits from samples.
class Control {
 public:
  Control() = default;
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;
  virtual ~Control() = default;

  /// A sample that came, `dt_s` after the one before.
  virtual Published sample(const charge::Sample& sample, double dt_s) = 0;
  /// One that did not, `age_s` after the last one that did. `held`: what was published last.
  virtual Published silence(double /*age_s*/, const Published& held) { return held; }
};

/// Ours, with the stages of a silent board as the driver runs them.
class OurControl final : public Control {
 public:
  explicit OurControl(const charge::Config& config) : config_(config) {}

  Published sample(const charge::Sample& sample, double dt_s) override;
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

/// The configuration that fits a scenario, as the driver makes it out of the owner's lines.
[[nodiscard]] driver::PipelineConfig pipeline_config_for(const Scenario& scenario, double sample_s);
[[nodiscard]] charge::Config config_for(const Scenario& scenario, double sample_s);

/// What a run has raised: the highest level of each alarm, and how often one has begun.
struct AlarmsRaised {
  Alarms highest{};
  int begun = 0;
  std::optional<double> lowest_when_low_v{};  ///< the lowest cell in the sample that first raised its alarm

  /// "HighCellVoltage 1, CellImbalance 1"; empty when there was none.
  [[nodiscard]] std::string text() const;
};

/// Ours with all that is around it in the driver, from a reading to the alarms.
class DriverControl final : public Control {
 public:
  explicit DriverControl(const driver::PipelineConfig& config);

  Published sample(const charge::Sample& sample, double dt_s) override;
  Published silence(double age_s, const Published& held) override;

  [[nodiscard]] const AlarmsRaised& raised() const { return raised_; }
  [[nodiscard]] int refused() const { return refused_; }  ///< samples that were not believed
  [[nodiscard]] const Battery& battery() const { return pipeline_.battery(); }

 private:
  void note_alarms();

  driver::Pipeline pipeline_;
  TimePoint read_at_{std::chrono::hours(1)};
  Alarms before_{};
  AlarmsRaised raised_{};
  int refused_ = 0;
};

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

  Published sample(const charge::Sample& sample, double dt_s) override;

 private:
  void limit_voltage(const charge::Sample& sample, double sum_v, double highest_v, double dt_s);
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
