// How much charge and energy flowed between two readings.
#pragma once

#include <optional>

namespace bms::battery {

/// What one interval brought. All >= 0.
struct Flow {
  double charged_ah = 0, discharged_ah = 0;
  double charged_kwh = 0, discharged_kwh = 0;
  double missed_ah = 0;  ///< what may have flowed in a gap that was too long to be counted
};

/// Trapezoids between readings. A gap of up to 15 s is counted; one of up to 120 s if the current kept its direction.
class ChargeCounter {
 public:
  /// Takes current and voltage of a reading, `dt_s` after the one before.
  Flow follow(std::optional<double> current_a, std::optional<double> voltage_v, double dt_s);

 private:
  std::optional<double> last_current_a_, last_voltage_v_;
};

}  // namespace bms::battery
