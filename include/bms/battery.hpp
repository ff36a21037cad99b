// What is known of the battery now: the last complete reading, how fresh it is, and what follows from it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "bms/reading.hpp"

namespace bms {

/// Points in time and spans of the monotonic clock; rooms that reason about time get them as arguments.
using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;

/// How far contact with the BMS has been lost. The order is that of the stages after the last valid reading.
enum class Contact : std::uint8_t {
  never,      ///< no complete reading yet
  fresh,      ///< readings come as they should
  stale,      ///< T1 has passed: measurements are no longer true
  releasing,  ///< T2 has passed: both currents are 0 for one cycle of the consumers
  lost,       ///< the battery is no longer a managed one
  returning,  ///< readings come again, trust grows
};

/// What follows from one reading. Cell numbers count from 1.
struct Derived {
  std::optional<double> power_w;
  std::optional<double> consumed_ah;  ///< <= 0: what is missing to full
  std::optional<double> cell_sum_v, cell_diff_v;
  std::optional<double> min_cell_v, max_cell_v;
  std::optional<int> min_cell, max_cell;
  std::optional<double> min_temperature_c, max_temperature_c;
  std::optional<int> min_sensor, max_sensor;
  std::optional<double> mean_temperature_c;
};

/// One battery as every room behind the protocol sees it.
struct Battery {
  DeviceInfo device;
  Reading reading;  ///< the newest complete and plausible one; see `contact` for whether it still counts
  Derived derived;  ///< of `reading`
  Contact contact = Contact::never;
  TimePoint read_at{};         ///< when `reading` was complete
  std::size_t cell_count = 0;  ///< fixed by the first reading

  /// Whether the measurements may be shown as true.
  [[nodiscard]] bool measurements_valid() const { return contact == Contact::fresh || contact == Contact::returning; }
};

}  // namespace bms
