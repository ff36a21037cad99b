// What may be changed by hand on a battery while its driver runs: option `writes` of the configuration.
#pragma once

#include <cstdint>
#include <string_view>

namespace bms {

/// Each permits what those before it permit.
enum class Writes : std::uint8_t {
  no,          ///< nothing
  limits,      ///< the driver's own settings for the owner
  switches,    ///< FETs, balancer and state of charge of the BMS as well
  parameters,  ///< parameters of the BMS as well
};

[[nodiscard]] constexpr std::string_view name_of(Writes writes) {
  switch (writes) {
    case Writes::no: return "no";
    case Writes::limits: return "limits";
    case Writes::switches: return "switches";
    case Writes::parameters: return "parameters";
  }
  return "no";
}

}  // namespace bms
