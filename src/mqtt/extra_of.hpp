// Finds what a board has said besides by its name.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "bms/extra.hpp"

namespace bms::mqtt {

/// The value of that name, and of that cell where each has one. Empty: it was not said.
[[nodiscard]] inline std::optional<double> extra_of(std::span<const Extra> extras, std::string_view name,
                                                    std::size_t number = 0) {
  const auto found =
      std::ranges::find_if(extras, [&](const Extra& extra) { return extra.number == number && extra.name == name; });
  return found == extras.end() ? std::nullopt : std::optional(found->value);
}

}  // namespace bms::mqtt
