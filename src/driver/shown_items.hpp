// A battery as it is shown on D-Bus, for somebody who asks for it by hand. It is put together for each answer, so that
// nothing is kept where nobody asks.
#pragma once

#include <vector>

#include "bms/battery.hpp"
#include "bms/face.hpp"
#include "bms/limits.hpp"
#include "bms/user_settings.hpp"
#include "console/answer.hpp"

namespace bms::driver {

/// Every item, in the order of the tables.
[[nodiscard]] std::vector<console::ShownItem> shown_items(const Introduction& who, const Battery& battery,
                                                          const Limits& limits, const UserBounds& bounds,
                                                          const UserSettings& user);

}  // namespace bms::driver
