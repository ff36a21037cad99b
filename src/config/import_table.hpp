// What becomes of each key of dbus-serialbattery's config.ini.
#pragma once

#include <array>
#include <expected>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace bms::config {

/// The other file: its keys and their values, as they stand there.
using ForeignValues = std::map<std::string, std::string, std::less<>>;

/// A value for our option, or the reason why there is none.
using Converted = std::expected<std::string, std::string_view>;

/// The value of a key; what that driver uses when the key is not in the file.
[[nodiscard]] std::string_view value_of(const ForeignValues& values, std::string_view key);

inline constexpr std::size_t most_keys = 3;

/// One option of ours and what it is made from. Keys of which at least one is in the file make the option.
struct ImportRow {
  std::string_view option;
  std::array<std::string_view, most_keys> keys;  ///< unused ones are empty
  Converted (*convert)(const ForeignValues& values, const ImportRow& row);
};

[[nodiscard]] std::span<const ImportRow> import_rows();

/// Keys that become nothing.
struct NoCounterpart {
  std::string_view key;  ///< a "*" at the end stands for any ending
  std::string_view reason;
};

[[nodiscard]] std::span<const NoCounterpart> keys_without_counterpart();

/// What that driver uses for keys that only mean something together with others.
struct ForeignDefault {
  std::string_view key, value;
};

[[nodiscard]] std::span<const ForeignDefault> foreign_defaults();

}  // namespace bms::config
