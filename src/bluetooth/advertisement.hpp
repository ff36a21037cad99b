// What a device says of itself to everybody, connected to nobody.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bluetooth/address.hpp"
#include "bluetooth/uuid.hpp"

namespace bms::bluetooth {

using ByteVector = std::vector<std::uint8_t>;

struct Advertisement {
  std::string address{};                                    ///< canonical; empty: not known
  std::string name{};                                       ///< as it came, padding and control characters included
  std::vector<std::string> service_uuids{};                 ///< short or long
  std::map<std::uint16_t, ByteVector> manufacturer_data{};  ///< by the number of the company
  std::optional<int> rssi_dbm{};                            ///< empty: not heard lately, or connected
  bool connected = false;                                   ///< by this machine; then it advertises no more

  friend bool operator==(const Advertisement&, const Advertisement&) = default;
};

/// Its name for people and for comparisons: without padding at either end, and with nothing that cannot be printed.
[[nodiscard]] std::string shown_name(const Advertisement& advertisement);

/// Whether the service is among those that it names.
[[nodiscard]] bool advertises(const Advertisement& advertisement, std::uint16_t service);

}  // namespace bms::bluetooth
