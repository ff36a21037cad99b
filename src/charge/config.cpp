#include "charge/config.hpp"

namespace bms::charge {

Curve usual_charge_temperature_curve() {
  return {{0, 0}, {2, .25}, {5, .5}, {10, 1}, {40, 1}, {45, .5}, {50, .25}, {55, 0}};
}

Curve usual_discharge_temperature_curve() {
  return {{-10, 0}, {0, .25}, {5, .5}, {10, 1}, {40, 1}, {45, .5}, {50, .25}, {55, 0}};
}

Curve usual_mos_curve() { return {{70, 1}, {80, .25}, {90, 0}}; }

}  // namespace bms::charge
