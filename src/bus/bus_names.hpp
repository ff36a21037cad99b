// Who is on the bus: questions to the bus itself, and its announcements.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bus/bus_calls.hpp"
#include "bus/bus_connection.hpp"

namespace bms::bus {

/// Calls `handler` whenever a name gets another owner. `which`: the part of a match rule that says which names,
/// "arg0='com.victronenergy.system'". `owner`: a unique name; empty: nobody has it any more. Throws sdbus::Error.
[[nodiscard]] Pending watch_owners(BusConnection& bus, const std::string& which,
                                   std::function<void(const std::string& name, const std::string& owner)> handler);

/// Asks for all names that begin with `prefix`. No answer within 5 s counts as no names.
[[nodiscard]] Pending list_names(BusConnection& bus, std::string_view prefix,
                                 std::function<void(std::vector<std::string> names)> handler);

/// Asks who owns a name. Empty `owner`: nobody, or no answer within 5 s.
[[nodiscard]] Pending ask_owner(BusConnection& bus, const std::string& name,
                                std::function<void(const std::string& owner)> handler);

/// Whose program a client of the bus is.
struct Caller {
  std::optional<std::uint32_t> user{};  ///< empty: the bus does not say
  std::uint32_t process = 0;            ///< 0: likewise
};

/// Asks whose program a client is. No answer within 5 s counts as not known.
[[nodiscard]] Pending ask_caller(BusConnection& bus, const std::string& unique_name,
                                 std::function<void(const Caller& caller)> handler);

}  // namespace bms::bus
