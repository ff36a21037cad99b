#include "venus/device_id.hpp"

namespace bms::venus {
namespace {

constexpr std::size_t longest_id = 100;  // a bus name has room for 255 bytes

// Not std::isalnum: what is a letter must not depend on the locale.
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_letter(char c) { return is_upper(c) || (c >= 'a' && c <= 'z'); }

/// Appends what is allowed; one '_' stands for anything else in a row.
void append_allowed(std::string& id, std::string_view text) {
  for (const char c : text) {
    if (is_letter(c) || is_digit(c))
      id += c;
    else if (!id.empty() && id.back() != '_')
      id += '_';
  }
}

std::string lower(std::string_view text) {
  std::string result{text};
  for (char& c : result)
    if (is_upper(c)) c = static_cast<char>(c - 'A' + 'a');
  return result;
}

}  // namespace

std::string settings_id(std::string_view family, std::string_view identity) {
  std::string id;
  append_allowed(id, family.empty() ? "battery" : lower(family));
  append_allowed(id, "_");
  append_allowed(id, identity);
  id.resize(std::min(id.size(), longest_id));
  while (!id.empty() && id.back() == '_') id.pop_back();
  return id.empty() ? "battery" : id;
}

bool claim_device(bus::BusConnection& bus, const std::string& device_id) {
  // A part of a bus name may begin with '_', but not with a digit.
  const char* guard = !device_id.empty() && is_digit(device_id.front()) ? "_" : "";
  return bus.request_name(std::string{"org.dbus_bms.Device."} + guard + device_id);
}

}  // namespace bms::venus
