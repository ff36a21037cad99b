// Log lines for what charge control does and what it misses.
#pragma once

#include <string>

#include "charge/control.hpp"

namespace bms::driver {

class ChargeLog {
 public:
  /// Logs what is new in the outcome of a reading. `prefix` begins each line.
  void follow(const charge::Outcome& outcome, const std::string& prefix);

 private:
  bool bounded_ = false;
  bool short_ = false;
};

}  // namespace bms::driver
