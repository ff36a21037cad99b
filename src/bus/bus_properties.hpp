// Properties of objects as programs have them that are none of Venus's: of more types than items have.
#pragma once

#include <systemd/sd-bus.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "bms/bytes.hpp"

namespace bms::bus {

/// Bytes by a number.
using NumberedBytes = std::map<std::uint16_t, std::vector<std::uint8_t>>;

/// A property: yes or no, a whole number, a text or a path, texts, numbered bytes. monostate: of another type.
using Property = std::variant<std::monostate, bool, std::int64_t, std::string, std::vector<std::string>, NumberedBytes>;

using PropertyHandler = std::function<void(std::string_view name, const Property& value)>;

// Each returns whether the message had the form that was expected; what came before the fault has been handled.

/// a{sv}, each entry.
bool read_object_properties(sd_bus_message* message, const PropertyHandler& handler);

/// a{sa{sv}}: the interfaces of an object, and the properties of each. `on_interface` is called before those.
bool read_interfaces(
    sd_bus_message* message, const std::function<void(std::string_view interface)>& on_interface,
    const std::function<void(std::string_view interface, std::string_view name, const Property& value)>& on_property);

/// a{oa{sa{sv}}}, the answer to GetManagedObjects. `on_object` reads the interfaces of one, or passes them over by
/// skip_interfaces().
bool read_objects(sd_bus_message* message, const std::function<bool(std::string_view path)>& on_object);
bool skip_interfaces(sd_bus_message* message);

/// as, each text.
bool read_texts(sd_bus_message* message, const std::function<void(std::string_view text)>& handler);

/// The next argument, a path of an object; nullptr: it is not one. Valid as long as the message.
[[nodiscard]] const char* read_path(sd_bus_message* message);

/// Of a{sv} the bytes under this name; valid as long as the message. Empty optional: there are none.
[[nodiscard]] std::optional<Bytes> find_bytes(sd_bus_message* message, std::string_view name);

}  // namespace bms::bus
