// Batteries and installations that nobody has thought of.
#pragma once

#include <cstdint>
#include <string>

#include "scenario.hpp"

namespace bms::model {

/// One of each number, always the same: 4 to 24 cells of 20 to 600 Ah with 0.5 to 2.6 times the resistance that control
/// assumes, any charger, loads, feed-in, noise up to 3 mV, lost samples, failing sensors.
[[nodiscard]] Scenario random_scenario(std::uint32_t number);

/// What is special about a scenario, for the message of a test that failed.
[[nodiscard]] std::string describe(const Scenario& scenario);

}  // namespace bms::model
