// What can be said of a simulated ANT board on the command line.
#pragma once

#include <cstdint>
#include <string>

namespace bms::sim {

struct AntOptions {
  enum class Dialect : std::uint8_t { newer, older, both } dialect = Dialect::newer;
  std::string model = "16ZMB0TB120A";
  std::string firmware = "16ZMUB00-220501A";
  std::string chip_id;        ///< 24 hexadecimal digits; made from the seed unless given
  bool identity = true;       ///< function 04 is answered
  bool long_status = false;   ///< 14 bytes more, as newer firmware sends them
  bool trailer = true;        ///< a record after the CRC of settings
  bool capacity_told = true;  ///< in the status; the old board has it in two registers as well
  bool zero_probes = false;   ///< old: a probe that is not fitted reads 0 and not -40
  enum class StatusRequest : std::uint8_t { any, display, read } status_request = StatusRequest::any;  ///< old
  unsigned permission = 5;            ///< new: level without a password; old: 0 wants one
  std::string password = "12345678";  ///< the first 8 characters; settings of the new board have their own
  unsigned switching_frames = 1;      ///< status frames until a FET that is switched on is seen on
};

}  // namespace bms::sim
