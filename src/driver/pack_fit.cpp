#include "driver/pack_fit.hpp"

#include "config/bank_name.hpp"

namespace bms::driver {

namespace {

std::optional<Fit> fit_of(const std::string& member, const PackNames& names) {
  if (!names.member_as.empty()) return names.member_as == member ? std::optional(Fit::named) : std::nullopt;
  if (member.starts_with(config::battery_service)) {
    return std::string_view(member).substr(config::battery_service.size()) == names.end ? std::optional(Fit::named)
                                                                                        : std::nullopt;
  }
  if (names.end == member) return Fit::named;
  if (!names.serial.empty() && names.serial == member) return Fit::serial;
  return names.end.ends_with(member) ? std::optional(Fit::ending) : std::nullopt;
}

}  // namespace

std::optional<PackFit> fit_of(std::span<const std::string> members, const PackNames& names) {
  std::optional<PackFit> best;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const auto fit = fit_of(members[i], names);
    if (!fit) continue;
    const bool longer = best && *fit == best->fit && members[i].size() > members[best->member].size();
    if (!best || *fit > best->fit || longer) best = PackFit{.member = i, .fit = *fit};
  }
  return best;
}

}  // namespace bms::driver
