// Where the bytes of a board pass, once it is connected.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "bluetooth/objects.hpp"
#include "on_air.hpp"

namespace bms::bluetooth {

struct Route {
  std::string notifies, written;  ///< paths of the two characteristics, which may be one
  bool without_response = true;   ///< how it may be written to
  bool with_response = false;

  friend bool operator==(const Route&, const Route&) = default;
};

/// The characteristics of a device by their role, in the first service of `layouts` that it has: the numbers in the
/// layout only decide between several of one role. Empty: it has no such service, or not both of them.
[[nodiscard]] std::optional<Route> route_to(const Objects& objects, std::string_view device,
                                            std::span<const GattLayout> layouts);

/// The services of a device, for a message: "180a, fff0".
[[nodiscard]] std::string services_in_words(const Objects& objects, std::string_view device);

}  // namespace bms::bluetooth
