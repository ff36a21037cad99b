#include "driver/charge_log.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace bms::driver {

void ChargeLog::follow(const charge::Outcome& outcome, const std::string& prefix) {
  if (const auto& moved = outcome.transition) {
    spdlog::info("{}charging: {} -> {}: {}", prefix, name_of(moved->from), name_of(moved->to), moved->reason.view());
  }
  if (outcome.bounded_by_bms && !std::exchange(bounded_, true)) {
    spdlog::warn(
        "{}absorption_cell_voltage or min_cell_voltage is too close to where the BMS itself switches off; another one "
        "is kept to, which `dbus-bms watch` shows as CVL, and nothing need be done",
        prefix);
  }
  const bool is_short = outcome.charger_short_v > 0;
  if (is_short && !std::exchange(short_, is_short)) {
    spdlog::warn("{}the charger has stayed {:.2f} V below the charge voltage for an hour; see cable_drop", prefix,
                 outcome.charger_short_v);
  }
  short_ = is_short;
}

}  // namespace bms::driver
