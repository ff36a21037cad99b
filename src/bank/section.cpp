#include "bank/section.hpp"

#include <algorithm>
#include <set>

namespace bms::bank {

namespace {

constexpr double unlimited_a = 10'000;  // the packs' own limits hold

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

std::vector<std::string> members_of(const Section& section) {
  std::vector<std::string> names;
  std::string_view rest = section.members;
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    if (const auto name = trimmed(rest.substr(0, comma)); !name.empty()) names.emplace_back(name);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return names;
}

std::optional<Objection> objection_to(const Section& section) {
  const std::vector<std::string> members = members_of(section);
  if (members.size() < 2 || members.size() > most_members) {
    return Objection{"members", "expected 2 to " + std::to_string(most_members) +
                                    " packs with commas in between, found " + std::to_string(members.size())};
  }
  std::set<std::string_view> seen;
  for (const std::string& name : members)
    if (!seen.insert(name).second) return Objection{"members", name + " is named twice"};
  if (!section.min_members) return std::nullopt;
  if (section.wiring == Wiring::series)
    return Objection{"min_members", "expected nothing with mode = series: a string needs every pack"};
  if (*section.min_members > static_cast<double>(members.size())) {
    return Objection{"min_members",
                     "expected at most " + std::to_string(members.size()) + ", as many as there are packs"};
  }
  return std::nullopt;
}

Config config_of(const Section& section, const charge::Config& usual) {
  Config config{.wiring = section.wiring, .has_shunt = !section.shunt.empty(), .charge = usual};
  const auto cells = section.cells ? std::optional(static_cast<std::size_t>(*section.cells)) : std::nullopt;
  for (const std::string& name : members_of(section)) config.members.push_back({.name = name, .cells = cells});
  if (section.min_members) config.min_members = static_cast<std::size_t>(*section.min_members);
  config.charge.max_charge_current = {.value = section.max_charge_a.value_or(unlimited_a)};
  config.charge.max_discharge_current = {.value = section.max_discharge_a.value_or(unlimited_a)};
  config.charge.poll_interval_s = 1;
  config.soc_of_lowest = section.soc_of_lowest;
  return config;
}

}  // namespace bms::bank
