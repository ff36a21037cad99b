// What becomes of each key of dbus-serialbattery's config.ini.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "config/import/file.hpp"

namespace bms::config {

/// What a row makes of its keys. All may be empty: what the file says is what this driver does anyway.
struct Converted {
  std::optional<std::string> value{};  ///< for our option
  std::string question{};              ///< what the owner has to decide
  std::string meaningless{};           ///< why nothing comes of some of the keys
};

inline constexpr std::size_t most_keys = 10;

/// One option of ours and what it is made from. When the owner has changed at least one of the keys, they make the
/// option.
struct ImportRow {
  std::string_view option;
  std::array<std::string_view, most_keys> keys;  ///< by their newest names; unused ones are empty
  Converted (*convert)(const ForeignFile& file, const ImportRow& row);
};

[[nodiscard]] std::span<const ImportRow> import_rows();

/// A key that counts for some types of BMS only. For the others, and where the file does not say which it is, it is a
/// question.
struct KeyOfSomeTypes {
  std::string_view key;
  std::array<std::string_view, 6> types;  ///< as BMS_TYPE names them; unused ones are empty
};

[[nodiscard]] std::span<const KeyOfSomeTypes> scoped_keys();

/// A type of BMS that this driver knows.
struct KnownType {
  std::string_view theirs, ours;
};

[[nodiscard]] std::span<const KnownType> known_types();

/// Keys that become nothing.
struct NoCounterpart {
  std::string_view key;  ///< a "*" at the end means any ending
  std::string_view reason;
  Remark::Group group = Remark::Group::meaningless;
};

[[nodiscard]] std::span<const NoCounterpart> keys_without_counterpart();

/// Keys that name batteries which would not be there at all; they come first.
[[nodiscard]] bool concerns_a_whole_battery(std::string_view key);

}  // namespace bms::config
