#include "console/battery_names.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace bms::console {

namespace {

constexpr std::string_view service = "com.victronenergy.battery.";

char plain(char c) {
  const auto code = static_cast<unsigned char>(c);
  constexpr unsigned char first_beyond_ascii = 0x80;
  if (code >= first_beyond_ascii) return c;  // letters of other languages are told apart
  return std::isalnum(code) != 0 ? static_cast<char>(std::tolower(code)) : '_';
}

/// Six pairs of hexadecimal digits with colons between.
bool is_bluetooth_address(std::string_view text) {
  constexpr std::size_t length = 17, step = 3;
  if (text.size() != length) return false;
  for (std::size_t i = 0; i < length; ++i) {
    const bool fits = i % step == step - 1 ? text[i] == ':' : std::isxdigit(static_cast<unsigned char>(text[i])) != 0;
    if (!fits) return false;
  }
  return true;
}

bool ends_so(std::string_view name, std::string_view end) {
  return name.size() >= end.size() && is_same_name(name.substr(name.size() - end.size()), end);
}

template <class Fits>
std::vector<std::size_t> with_a_name_that(std::span<const BatteryNames> batteries, const Fits& fits) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < batteries.size(); ++i) {
    const BatteryNames& names = batteries[i];
    const std::array<std::string_view, 4> all = {names.place, names.battery, names.serial, names.name};
    if (std::ranges::any_of(all, [&](std::string_view name) { return !name.empty() && fits(name); }))
      found.push_back(i);
  }
  return found;
}

}  // namespace

bool is_same_name(std::string_view one, std::string_view other) {
  return std::ranges::equal(one, other, {}, plain, plain);
}

std::string plain_name(std::string_view typed) {
  if (typed.starts_with('/')) typed.remove_prefix(typed.rfind('/') + 1);
  if (typed.starts_with(service)) typed.remove_prefix(service.size());
  if (!is_bluetooth_address(typed)) return std::string(typed);
  std::string place = "ble_";
  for (const char c : typed) {
    if (c != ':') place += plain(c);
  }
  return place;
}

std::vector<std::size_t> batteries_meant(std::span<const BatteryNames> batteries, std::string_view typed, Ends ends) {
  if (typed.empty()) return with_a_name_that(batteries, [](std::string_view) { return true; });
  const std::string wanted = plain_name(typed);
  if (wanted.empty()) return {};  // "/dev/" of a script whose variable is empty
  auto called = with_a_name_that(batteries, [&](std::string_view name) { return is_same_name(name, wanted); });
  if (!called.empty() || ends == Ends::do_not_count) return called;
  return with_a_name_that(batteries, [&](std::string_view name) { return ends_so(name, wanted); });
}

std::string in_words(const BatteryNames& battery) {
  std::string more = battery.battery;
  if (!battery.name.empty()) more += (more.empty() ? "\"" : ", \"") + battery.name + "\"";
  if (battery.place.empty() || more.empty()) return battery.place + more;
  return battery.place + " (" + more + ")";
}

std::string listed(std::span<const BatteryNames> batteries) {
  std::string all;
  for (const BatteryNames& battery : batteries) all += (all.empty() ? "" : ", ") + in_words(battery);
  return all;
}

}  // namespace bms::console
