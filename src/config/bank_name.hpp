// Under which names a bank, its packs and its shunt are known on D-Bus.
#pragma once

#include <string>
#include <string_view>

namespace bms::config {

/// What the name of every battery service begins with.
inline constexpr std::string_view battery_service = "com.victronenergy.battery.";

/// The end of the name of a bank's service: letters, digits, '-' and '_', never a digit first. "House 1" -> "House_1".
[[nodiscard]] std::string service_end_of(std::string_view bank);

/// Whether two banks of these names cannot run side by side: their services or the files that they keep are the same.
[[nodiscard]] bool share_a_name(std::string_view bank, std::string_view other);

/// Whether one battery service can fit both names. A name is the whole name of a service, or the end of one.
[[nodiscard]] bool may_be_one_service(std::string_view name, std::string_view other);

}  // namespace bms::config
