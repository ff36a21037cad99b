// Settings that owners change while the battery is in use: a table of paths on the battery service, each of which is
// kept in localsettings. Knows no D-Bus.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "bms/user_settings.hpp"
#include "items/item_tree.hpp"
#include "items/value.hpp"

namespace bms::items {

/// Of a battery's name, in bytes; the GUI offers 32 characters.
inline constexpr std::size_t longest_custom_name = 128;

/// One setting. All of them are kept as numbers; a flag is 0 or 1.
// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): in this order rows can be read
struct UserSetting {
  std::string_view path;
  Kind kind;
  std::optional<double> (*get)(const UserSettings& user);
  void (*put)(UserSettings& user, std::optional<double> number);
  Range (*range)(const UserBounds& bounds);  ///< `initial` is what is configured
  std::string_view meaning;
};

[[nodiscard]] std::span<const UserSetting> user_setting_rows();

/// What is in force: the owner's number as far as the configuration allows it, else what is configured.
[[nodiscard]] double in_force(const UserSetting& row, const UserSettings& user, const UserBounds& bounds);

/// `user` with every number inside its range, which is what the driver is to apply; NaN counts as left as configured.
[[nodiscard]] UserSettings bounded(UserSettings user, const UserBounds& bounds);

/// A number as a value of the row's type.
[[nodiscard]] Value as_value(const UserSetting& row, double number);

// In localsettings every setting is a number, and "left as configured" is one outside every range.
inline constexpr double as_configured = -1;

/// The last part of the setting's path in localsettings: "MaxChargeCurrent".
[[nodiscard]] std::string_view stored_name(const UserSetting& row);

/// Which numbers localsettings is to keep. A current may be configured as a multiple of a capacity that comes later,
/// and localsettings forgets a number that does not fit: what is too much is left out when it is read.
[[nodiscard]] Range stored_range(const UserSetting& row, const UserBounds& bounds);

/// What localsettings keeps of it.
[[nodiscard]] Value to_stored(const UserSetting& row, const UserSettings& user);

/// What the owner wants of it, for the log: "/Settings/ChargeBlocked is now 1".
[[nodiscard]] std::string in_words(const UserSetting& row, const UserSettings& user);

/// Takes over what localsettings has kept. Anything negative is "left as configured".
void from_stored(const UserSetting& row, const Value& stored, UserSettings& user);

}  // namespace bms::items
