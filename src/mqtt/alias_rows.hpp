// The topics of other programs, as tables: what a dashboard that was made for them reads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "bms/battery.hpp"
#include "mqtt/config.hpp"

namespace bms::mqtt {

/// How a value is written.
enum class AliasForm : std::uint8_t {
  real,          ///< as Python writes one: 3.3, 52.0
  shortest,      ///< 3.3, 52
  whole,         ///< 52
  ten_decimals,  ///< 0.0012000000
  mode_name,     ///< of a Chargery board: Discharge, Charge, Storage
};

/// How many there are of a topic.
enum class AliasCount : std::uint8_t { one, cells, temperatures };

/// One topic, or one for each of several.
struct AliasRow {
  std::string_view topic;  ///< after the prefix; "<n>" is the number, from 1
  AliasForm form;
  int decimals;  ///< it is rounded to
  /// `number`: from 1, or 0 where there is one.
  std::optional<double> (*source)(const Battery& battery, std::size_t number);
  AliasCount count = AliasCount::one;
};

struct AliasSet {
  std::string_view prefix;  ///< empty: none
  std::span<const AliasRow> rows;
};

/// The topics of that program; nullptr: of none.
[[nodiscard]] const AliasSet* alias_set(Aliases whose);

/// A value as that program writes it.
[[nodiscard]] std::string alias_text(const AliasRow& row, double value);

}  // namespace bms::mqtt
