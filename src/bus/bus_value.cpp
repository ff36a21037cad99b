#include "bus/bus_value.hpp"

#include <cstdint>
#include <string>

namespace bms::bus {

items::Incoming from_variant(const sdbus::Variant& variant) {
  const std::string type = variant.peekValueType();
  if (type.size() != 1) return {};
  switch (type[0]) {
    case 'i': return std::int64_t{variant.get<std::int32_t>()};
    case 'u': return std::int64_t{variant.get<std::uint32_t>()};
    case 'x': return variant.get<std::int64_t>();
    case 't': return static_cast<double>(variant.get<std::uint64_t>());  // nothing here needs more than 53 bits
    case 'n': return std::int64_t{variant.get<std::int16_t>()};
    case 'q': return std::int64_t{variant.get<std::uint16_t>()};
    case 'y': return std::int64_t{variant.get<std::uint8_t>()};
    case 'b': return std::int64_t{variant.get<bool>() ? 1 : 0};
    case 'd': return variant.get<double>();
    case 's': return variant.get<std::string>();
    default: return {};
  }
}

sdbus::Variant to_variant(const items::Value& value) {
  if (const auto* count = std::get_if<std::int32_t>(&value)) return sdbus::Variant{*count};
  if (const auto* number = std::get_if<double>(&value)) return sdbus::Variant{*number};
  return sdbus::Variant{std::get<std::string>(value)};
}

}  // namespace bms::bus
