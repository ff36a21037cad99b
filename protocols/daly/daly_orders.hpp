// What both Daly protocols check before they send an order.
#pragma once

#include <chrono>
#include <string_view>

#include "bms/command.hpp"
#include "bms/error.hpp"

namespace bms::daly {

/// Whether a time may be given to the board's clock. Errors: rejected.
[[nodiscard]] inline Result<void> check_time(const CivilTime& now) {
  constexpr int first_year = 2024;  // before that the own clock has not been set
  constexpr int last_year = 2099;
  const bool valid = now.year >= first_year && now.year <= last_year && now.month >= 1 && now.month <= 12 &&
                     now.day >= 1 && now.day <= 31 && now.hour >= 0 && now.hour <= 23 && now.minute >= 0 &&
                     now.minute <= 59 && now.second >= 0 && now.second <= 59;
  if (valid) return {};
  return failure(ErrorKind::rejected,
                 "the same order sets the board's clock, and the time here is not known yet; try again when it is");
}

inline constexpr std::string_view this_board = "this Daly board";

/// How far the state of charge may be from what was ordered to count as set: it is counted on meanwhile.
inline constexpr double soc_tolerance_pct = 0.5;

/// A board needs a moment until what was ordered shows.
inline constexpr std::chrono::milliseconds order_delay{200};

/// How often a FET is ordered before it counts as refused, and how often a state of charge is read back.
inline constexpr int fet_orders = 3;
inline constexpr int soc_checks = 3;

}  // namespace bms::daly
