// Values in the variants of sdbus-c++.
#pragma once

#include <sdbus-c++/Types.h>

#include "items/value.hpp"

namespace bms::bus {

/// A number of any type, a flag or a text. Everything else, such as Victron's "invalid", is empty.
[[nodiscard]] items::Incoming from_variant(const sdbus::Variant& variant);

/// Precondition: the value is valid.
[[nodiscard]] sdbus::Variant to_variant(const items::Value& value);

}  // namespace bms::bus
