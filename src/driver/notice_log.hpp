// Log lines for what the owner should put right, and for a capacity that changes.
#pragma once

#include <optional>
#include <string>

#include "bms/battery.hpp"

namespace bms::driver {

class NoticeLog {
 public:
  /// Logs what changed since the last call. `prefix` begins each line.
  void follow(const Battery& battery, const std::string& prefix);

 private:
  void follow_capacity(const Estimate& estimate, const std::string& prefix);

  Notices logged_;
  std::optional<double> capacity_ah_, doubted_ah_;
};

}  // namespace bms::driver
