// What cells are made of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bms {

enum class Chemistry : std::uint8_t {
  lfp,     ///< LiFePO4
  li_ion,  ///< NMC, NCA, LCO: 4.2 V at most
  lto,     ///< lithium titanate
};

/// "LFP", "Li-ion", "LTO".
[[nodiscard]] constexpr std::string_view name_of(Chemistry chemistry) {
  constexpr std::string_view names[] = {"LFP", "Li-ion", "LTO"};
  return names[static_cast<std::size_t>(chemistry)];
}

}  // namespace bms
