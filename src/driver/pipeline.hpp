// The way of a reading behind the protocol: vote, plausibility, model, limits. No I/O; time is an argument.
#pragma once

#include "battery/consensus.hpp"
#include "battery/model.hpp"
#include "bms/limits.hpp"
#include "charge/limits_control.hpp"

namespace bms::driver {

/// What became of a reading.
enum class Verdict : std::uint8_t {
  believed,   ///< battery and limits are those of this reading
  undecided,  ///< the line is noisy and the vote needs more readings
};

/// From readings to a battery and its limits.
class Pipeline {
 public:
  Pipeline(const Bounds& bounds, const battery::Staleness& staleness, const charge::Config& charge)
      : model_(bounds, staleness), control_(charge) {}

  /// Takes a reading. `line_noisy`: the line has damaged frames lately, so one reading alone proves nothing.
  /// Errors: ErrorKind::implausible; battery and limits are as before.
  [[nodiscard]] Result<Verdict> take(const Reading& reading, bool line_noisy, TimePoint now);

  /// A new poll cycle begins: what was said in the last one no longer counts in votes.
  void begin_cycle() { consensus_.clear(); }

  /// Lets time pass without a reading: contact ages, and limits fall with it.
  void time_passes(TimePoint now);

  /// When time_passes() has something to do next. Empty: not before the next reading.
  [[nodiscard]] std::optional<TimePoint> next_change(TimePoint now) const;

  /// Replaces the configuration, once it is known which battery this is. Limits follow at once.
  void configure(const battery::Staleness& staleness, const charge::Config& charge, TimePoint now);

  void identify(DeviceInfo device) { model_.identify(std::move(device)); }

  [[nodiscard]] const Battery& battery() const { return model_.battery(); }
  [[nodiscard]] const Limits& limits() const { return control_.limits(); }

 private:
  battery::Consensus consensus_;
  battery::Model model_;
  charge::LimitsControl control_;
};

}  // namespace bms::driver
