// Log lines for alarms that come and go.
#pragma once

#include <string>

#include "bms/battery.hpp"

namespace bms::driver {

class AlarmLog {
 public:
  /// Logs what changed since the last call, each with its cause. `prefix` begins each line.
  void follow(const Battery& battery, const std::string& prefix);

 private:
  Alarms logged_;
};

}  // namespace bms::driver
