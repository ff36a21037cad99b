// From a status to a Reading.
#pragma once

#include <cstddef>

#include "ant/ant_status.hpp"
#include "bms/reading.hpp"

namespace bms::ant {

/// Every alarm that boards of this protocol can raise, at the highest level of: protection bits, warning bits, reasons
/// of the two FETs, and of the balancer.
[[nodiscard]] Alarms alarms_of(const Status& status);

/// Which of the probes of the old frame to leave out, for boards that do not say it themselves.
class ProbeFilter {
 public:
  /// `fitted`: how many probes there are as the user says, the first ones; 0: found out.
  explicit ProbeFilter(std::size_t fitted) : fitted_(fitted) {}

  /// Takes out of `reading` what is not a probe. Older boards send exactly 0 for probes 3 and 4 that do not exist
  /// (captures with 13/13/0/0 and -5/21/0/0 degrees): those two count from the first reading on in which they are not
  /// 0.
  void apply(Reading& reading);

 private:
  std::size_t fitted_;
  bool alive_[2] = {false, false};  ///< probes 3 and 4
};

/// Of the cells, as the board is set; empty for a custom one.
[[nodiscard]] std::optional<Chemistry> chemistry_of(const NewDetails& details);

[[nodiscard]] Reading reading_of(const Status& status);

}  // namespace bms::ant
