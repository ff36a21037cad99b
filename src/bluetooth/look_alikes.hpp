// Other makes that offer the same services. They are named so that nobody connects to the wrong one; a board of ours
// that looks like one of them is only proposed with less certainty.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace bms::bluetooth {

struct Advertisement;

struct LookAlike {
  std::string_view make;
  std::uint16_t service;                       ///< which of ours they offer
  std::span<const std::string_view> names{};   ///< patterns as of fits_pattern()
  std::span<const std::uint16_t> companies{};  ///< that they write their manufacturer data under
};

[[nodiscard]] std::span<const LookAlike> look_alikes();

/// The make that it looks like; nullptr: none that is known.
[[nodiscard]] const LookAlike* look_alike_of(const Advertisement& advertisement);

}  // namespace bms::bluetooth
