// What an owner should put right, in config.ini or in the settings of the BMS, as only the battery itself can show.
#pragma once

#include <boost/container/static_vector.hpp>

#include "bms/short_text.hpp"

namespace bms {

struct Notice {
  ShortText text;
  bool fault = false;  ///< something that is configured is not in force because of it

  friend bool operator==(const Notice&, const Notice&) = default;
};

using Notices = boost::container::static_vector<Notice, 16>;

}  // namespace bms
