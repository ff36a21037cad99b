// Between the battery's room and charge control's: what each of them wants to know of the other.
#pragma once

#include "battery/estimator.hpp"
#include "bms/battery.hpp"
#include "charge/control.hpp"

namespace bms::driver {

/// What charge control looks at.
[[nodiscard]] charge::Sample sample_of(const Battery& battery);

/// What the estimator wants to know of charge control's decision.
[[nodiscard]] battery::ChargeFindings findings_of(const charge::Outcome& outcome);

}  // namespace bms::driver
