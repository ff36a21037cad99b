// How many polls fail, over the last five minutes of contact.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "bms/time.hpp"

namespace bms::battery {

/// Polls and failures in slices of time, the oldest of which make room. Failures count once the BMS has answered again
/// in time: those with which an outage begins belong to the outage, which has an alarm of its own.
class FailureRate {
 public:
  void failed() { ++failures_in_a_row_; }

  void answered(TimePoint now) {
    const std::int64_t slice = now.time_since_epoch() / slice_time;
    Slice& present = slices_[static_cast<std::size_t>(slice) % slices_.size()];
    if (present.number != slice) present = {.number = slice};
    present.polls += failures_in_a_row_ + 1;
    present.failures += failures_in_a_row_;
    failures_in_a_row_ = 0;
  }

  /// Contact was lost: the failures that led there are not those of a bad line.
  void contact_lost() { failures_in_a_row_ = 0; }

  /// The share that failed, 0..1; 0 while there are too few polls to say.
  [[nodiscard]] double share(TimePoint now) const {
    const std::int64_t oldest = now.time_since_epoch() / slice_time - static_cast<std::int64_t>(slices_.size());
    unsigned polls = 0;
    unsigned failures = 0;
    for (const Slice& slice : slices_) {
      if (slice.number <= oldest) continue;
      polls += slice.polls;
      failures += slice.failures;
    }
    return polls < enough_polls ? 0.0 : static_cast<double>(failures) / polls;
  }

 private:
  static constexpr std::chrono::seconds slice_time{30};
  static constexpr unsigned enough_polls = 30;

  struct Slice {
    std::int64_t number = -1;
    unsigned polls = 0, failures = 0;
  };
  std::array<Slice, 10> slices_;
  unsigned failures_in_a_row_ = 0;
};

}  // namespace bms::battery
