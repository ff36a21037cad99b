// A limit that the BMS tells: when it counts, and for how long after the BMS has told it last.
#pragma once

#include <cstdint>
#include <optional>

namespace bms::charge {

inline constexpr double silence_counts_after_s = 60;  // what is not told any more is still true for so long

struct ToldLimit {
  std::optional<double> value{};  ///< the last one above 0
  bool nothing = false;           ///< it has been taken down to 0 since
  bool ever = false;              ///< one above 0 has been told at least once
  double silent_s = 0;            ///< for how long nothing has been told

  [[nodiscard]] bool counts() const { return value || nothing; }
};

/// What a BMS means by 0. Many boards do not fill in a limit.
enum class Zero : std::uint8_t {
  unsaid,         ///< it says nothing
  once_told,      ///< nothing is allowed, if it has told a limit before
  always_nothing  ///< nothing is allowed
};

/// The limit after a sample in which the BMS `says` it. What cannot be true (negative, above `largest`) changes
/// nothing.
[[nodiscard]] ToldLimit heard(ToldLimit before, std::optional<double> says, Zero zero, double largest,
                              double counted_s);

}  // namespace bms::charge
