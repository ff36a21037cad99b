#include "bluetooth/advertisement.hpp"

#include <algorithm>

#include "bms/utf8.hpp"

namespace bms::bluetooth {

std::string shown_name(const Advertisement& advertisement) {
  constexpr std::string_view padding("\0\r\n\t ", 5);
  const std::string_view name = advertisement.name;
  const std::size_t first = name.find_first_not_of(padding);
  if (first == std::string_view::npos) return {};
  return clean_text(name.substr(first, name.find_last_not_of(padding) + 1 - first));
}

bool advertises(const Advertisement& advertisement, std::uint16_t service) {
  return std::ranges::any_of(advertisement.service_uuids,
                             [service](const std::string& uuid) { return short_uuid(uuid) == service; });
}

}  // namespace bms::bluetooth
