#include "config/bank_name.hpp"

#include <algorithm>
#include <cctype>

namespace bms::config {

namespace {

bool is_letter_or_digit(unsigned char c) { return c < 0x80 && std::isalnum(c) != 0; }

/// Files are named with letters, digits and one '_' for whatever else there is in a row.
std::string name_of_files(std::string_view bank) {
  std::string name;
  for (const char c : bank) {
    if (is_letter_or_digit(static_cast<unsigned char>(c)))
      name += c;
    else if (!name.ends_with('_'))
      name += '_';
  }
  while (name.ends_with('_')) name.pop_back();
  return name.starts_with('_') ? name.substr(1) : name;
}

}  // namespace

std::string service_end_of(std::string_view bank) {
  std::string name(bank);
  std::ranges::replace_if(name, [](unsigned char c) { return !is_letter_or_digit(c) && c != '_' && c != '-'; }, '_');
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name.front())) != 0) name.insert(name.begin(), '_');
  return name;
}

bool share_a_name(std::string_view bank, std::string_view other) {
  return service_end_of(bank) == service_end_of(other) || name_of_files(bank) == name_of_files(other);
}

bool may_be_one_service(std::string_view name, std::string_view other) {
  const bool whole = name.starts_with(battery_service);
  const bool other_whole = other.starts_with(battery_service);
  if (whole) name.remove_prefix(battery_service.size());
  if (other_whole) other.remove_prefix(battery_service.size());
  if (name.empty() || other.empty()) return false;
  return name == other || (!other_whole && name.ends_with(other)) || (!whole && other.ends_with(name));
}

}  // namespace bms::config
