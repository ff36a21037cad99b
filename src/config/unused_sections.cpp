#include "config/unused_sections.hpp"

#include <algorithm>

#include "bluetooth/address.hpp"
#include "config/text.hpp"

namespace bms::config {

namespace {

constexpr std::size_t most_slips = 2;  // letters that somebody gets wrong in a long number

/// The name that was probably meant. Names of ports differ by a single digit, so they count only with other capitals.
std::string_view meant(std::string_view section, std::span<const std::string_view> names) {
  for (const std::string_view name : names) {
    if (name.empty()) continue;
    if (equal_without_case(section, name)) return name;
    const std::size_t colon = name.find(':');
    if (colon == std::string_view::npos) continue;
    if (equal_without_case(section, name.substr(colon + 1))) return name;
    if (section.contains(':') && section.size() <= name.size() + most_slips && distance(section, name) <= most_slips) {
      return name;
    }
  }
  return {};
}

bool on_this_port(std::string_view section, std::string_view port) {
  return section.starts_with(port) && section.substr(port.size()).starts_with('_');
}

}  // namespace

std::vector<UnusedSection> unused_sections(const Config& config, std::span<const std::string_view> names,
                                           std::string_view port) {
  std::vector<UnusedSection> unused;
  for (const BatterySection& section : config.sections()) {
    // What is reached by Bluetooth is no matter of a port.
    if (bluetooth::is_address(section.name)) continue;
    if (std::ranges::find(names, section.name) != names.end()) continue;
    UnusedSection found{.line = section.line,
                        .message = "[battery " + section.name + "] fits no battery on " + std::string(port)};
    if (const std::string_view name = meant(section.name, names); !name.empty()) {
      found.message += "; did you mean [battery " + std::string(name) + "]?";
      found.mistaken = true;
    } else if (on_this_port(section.name, port)) {
      found.message += "; there is none with this address";
      found.mistaken = true;
    } else {
      found.message += ", which is right if it is meant for another port";
    }
    unused.push_back(std::move(found));
  }
  return unused;
}

}  // namespace bms::config
