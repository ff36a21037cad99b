// What an owner changes in daily life, without touching the configuration.
#pragma once

#include <optional>

namespace bms {

/// Every member is empty as long as the owner leaves it as configured. None allows more than the configuration does.
struct UserSettings {
  std::optional<double> max_charge_current_a{};
  std::optional<double> max_discharge_current_a{};
  std::optional<double> absorption_cell_v{};
  std::optional<double> float_cell_v{};
  std::optional<int> soc_source{};  ///< 0 what the BMS says, 1 counted by us, 2 another battery service
  std::optional<bool> charge_blocked{};
  std::optional<bool> discharge_blocked{};
  std::optional<double> full_charge_days{};  ///< from one balancing charge to the next; 0: never

  friend bool operator==(const UserSettings&, const UserSettings&) = default;
};

/// What the configuration says of each: in force until the owner says otherwise, and never to be exceeded by them.
struct UserBounds {
  double max_charge_current_a = 0;     ///< >= 0
  double max_discharge_current_a = 0;  ///< >= 0
  double absorption_cell_v = 0;
  double float_cell_v = 0;
  int soc_source = 0;       ///< as in UserSettings
  int last_soc_source = 1;  ///< the highest there is: 2 where another battery service is configured
  double full_charge_days = 0;
  bool charge_blocked = false, discharge_blocked = false;  ///< for good: the owner cannot undo it

  friend bool operator==(const UserBounds&, const UserBounds&) = default;
};

}  // namespace bms
