// What dbus-serialbattery was shipped with, and how its keys were called from version to version.
#pragma once

#include <span>
#include <string_view>

namespace bms::config {

/// Versions are dates, as in its names of versions: 1.0.20230531 is 20230531.
inline constexpr int first_version = 20230114;
inline constexpr int today = 99'999'999;

/// 2.0 has other tables and other names than 1.6.
inline constexpr int first_of_version_2 = 20250207;

/// The value of a key in the file that came with some versions.
struct ShippedValue {
  std::string_view key, value;
  int since, until;
  bool beta_only = false;  ///< counts only when the file must be from one of them
};

/// In the order of keys.
[[nodiscard]] std::span<const ShippedValue> shipped_values();

/// A key that later versions call otherwise, and mean the same by it.
struct OlderName {
  std::string_view older, newest;
};

/// The newer of two older names first.
[[nodiscard]] std::span<const OlderName> older_names();

/// What a key is called by the newest version.
[[nodiscard]] std::string_view newest_name(std::string_view key);

/// Whether two values mean the same: numbers, lists of them, words in any case.
[[nodiscard]] bool same_value(std::string_view a, std::string_view b);

}  // namespace bms::config
