// Which pack of a bank a battery service is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace bms::driver {

/// How sure it is, beginning with the least.
enum class Fit : std::uint8_t {
  ending,  ///< only the end of its name fits
  serial,  ///< its serial number
  named,   ///< its whole name, or it says so itself
};

/// What a service is known by.
struct PackNames {
  std::string_view end;        ///< of its name, behind com.victronenergy.battery.
  std::string_view member_as;  ///< what it says that its bank calls it; empty: nothing
  std::string_view serial;     ///< empty: unknown
};

struct PackFit {
  std::size_t member = 0;
  Fit fit = Fit::ending;
};

/// The member of these that it is: the one that fits best, of several ends of its name the longest. What says itself
/// which one it is can be no other. Empty: none of them.
[[nodiscard]] std::optional<PackFit> fit_of(std::span<const std::string> members, const PackNames& names);

}  // namespace bms::driver
