// What is not believed, and how often it has to be said until it is.
#pragma once

#include <string>
#include <utility>

#include "bms/error.hpp"

namespace bms::battery {

/// So many readings in a row that say the same unlikely thing are believed: what a board keeps saying in sound frames
/// is not damage.
inline constexpr int insisting = 3;

[[nodiscard]] inline std::unexpected<Error> implausible(std::string what) {
  return failure(ErrorKind::implausible, std::move(what));
}

}  // namespace bms::battery
