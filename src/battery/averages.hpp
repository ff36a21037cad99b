// What the last minutes foretell: average current, time to go, time to points of SoC.
#pragma once

#include "battery/config.hpp"
#include "battery/facts.hpp"
#include "bms/battery.hpp"
#include "bms/external.hpp"
#include "bms/low_pass.hpp"

namespace bms::battery {

class Averages {
 public:
  /// Fills the average current and the times of `estimate`, from its SoC.
  void follow(const SocConfig& config, const Facts& facts, const External& external, Estimate& estimate, double dt_s);

 private:
  LowPass current_a_;
};

}  // namespace bms::battery
