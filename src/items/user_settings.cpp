#include "items/user_settings.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace bms::items {
namespace {

constexpr Kind wished_amperes{Type::real, {1, "A"}, {.counts_per_unit = 10}};
constexpr Kind cell_volts{Type::real, {3, "V"}, {.counts_per_unit = 1000}};
constexpr Kind days{Type::real, {1, "d"}, {.counts_per_unit = 10}};
constexpr Kind choice{Type::integer};

template <auto Member>
std::optional<double> get(const UserSettings& user) {
  const auto& value = user.*Member;
  return value ? std::optional<double>{static_cast<double>(*value)} : std::nullopt;
}

template <auto Member>
void put(UserSettings& user, std::optional<double> number) {
  using Place = std::remove_reference_t<decltype(user.*Member)>;
  user.*Member = number ? Place{static_cast<typename Place::value_type>(*number)} : Place{};
}

/// From nothing to what is configured.
template <auto Member>
Range up_to(const UserBounds& bounds) {
  return {0, bounds.*Member, bounds.*Member};
}

/// The configured voltage and a little less. Far less would make a system that may feed in empty the battery into the
/// grid.
template <auto Member>
Range just_below(const UserBounds& bounds) {
  constexpr double least_share = 0.95;
  constexpr double per_volt = 1000;
  const double configured_v = bounds.*Member;
  return {std::ceil(configured_v * least_share * per_volt) / per_volt, configured_v, configured_v};
}

Range sources(const UserBounds& bounds) {
  return {0, static_cast<double>(bounds.last_soc_source), static_cast<double>(bounds.soc_source)};
}

/// What the configuration blocks stays blocked.
template <auto Member>
Range block_range(const UserBounds& bounds) {
  const double least = bounds.*Member ? 1 : 0;
  return {least, 1, least};
}

Range full_charge_days(const UserBounds& bounds) { return {0, 365, bounds.full_charge_days}; }

using User = UserSettings;
using Bounds = UserBounds;

constexpr UserSetting setting_table[] = {
    {"/Settings/MaxChargeCurrent", wished_amperes, get<&User::max_charge_current_a>, put<&User::max_charge_current_a>,
     up_to<&Bounds::max_charge_current_a>, "at most what is configured"},
    {"/Settings/MaxDischargeCurrent", wished_amperes, get<&User::max_discharge_current_a>,
     put<&User::max_discharge_current_a>, up_to<&Bounds::max_discharge_current_a>, "at most what is configured"},
    {"/Settings/AbsorptionCellVoltage", cell_volts, get<&User::absorption_cell_v>, put<&User::absorption_cell_v>,
     just_below<&Bounds::absorption_cell_v>, "95 to 100 % of what is configured"},
    {"/Settings/FloatCellVoltage", cell_volts, get<&User::float_cell_v>, put<&User::float_cell_v>,
     just_below<&Bounds::float_cell_v>, "95 to 100 % of what is configured"},
    {"/Settings/SocSource", choice, get<&User::soc_source>, put<&User::soc_source>, sources,
     "0 the BMS, 1 counted by this driver, 2 another battery service, where one is configured"},
    {"/Settings/ChargeBlocked", choice, get<&User::charge_blocked>, put<&User::charge_blocked>,
     block_range<&Bounds::charge_blocked>, "1: nothing is charged"},
    {"/Settings/DischargeBlocked", choice, get<&User::discharge_blocked>, put<&User::discharge_blocked>,
     block_range<&Bounds::discharge_blocked>, "1: nothing is discharged"},
    {"/Settings/FullChargeDays", days, get<&User::full_charge_days>, put<&User::full_charge_days>, full_charge_days,
     "from one balancing charge to the next, 0 to 365; 0: never"},
};

}  // namespace

std::span<const UserSetting> user_setting_rows() { return setting_table; }

double in_force(const UserSetting& row, const UserSettings& user, const UserBounds& bounds) {
  const Range range = row.range(bounds);
  const auto wanted = row.get(user);
  return wanted && !std::isnan(*wanted) ? std::clamp(*wanted, range.min, range.max) : range.initial;
}

UserSettings bounded(UserSettings user, const UserBounds& bounds) {
  for (const UserSetting& row : setting_table)
    if (row.get(user)) row.put(user, in_force(row, user, bounds));
  return user;
}

Value as_value(const UserSetting& row, double number) {
  using Limits = std::numeric_limits<std::int32_t>;
  if (row.kind.type == Type::real) return number;
  return static_cast<std::int32_t>(
      std::clamp(number, static_cast<double>(Limits::min()), static_cast<double>(Limits::max())));
}

std::string_view stored_name(const UserSetting& row) { return row.path.substr(row.path.rfind('/') + 1); }

Range stored_range(const UserSetting& row, const UserBounds& bounds) {
  constexpr double any_current_a = 100'000;
  const bool current = std::string_view(row.kind.format.unit) == wished_amperes.format.unit;
  return {as_configured, current ? any_current_a : row.range(bounds).max, as_configured};
}

Value to_stored(const UserSetting& row, const UserSettings& user) {
  return as_value(row, row.get(user).value_or(as_configured));
}

std::string in_words(const UserSetting& row, const UserSettings& user) {
  const std::string said = std::string(row.path) + " is now ";
  const auto number = row.get(user);
  if (!number) return said + "as configured";
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), *number).ptr;
  return said + std::string(digits.data(), end);
}

void from_stored(const UserSetting& row, const Value& stored, UserSettings& user) {
  const auto number = number_in(stored);
  const bool meant = number && *number >= 0;  // false for NaN as well
  row.put(user, meant ? number : std::nullopt);
}

}  // namespace bms::items
