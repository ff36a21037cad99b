#include "bluetooth/recognition.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include "bluetooth/look_alikes.hpp"
#include "bluetooth/pattern.hpp"
#include "bms/words.hpp"
#include "registry.hpp"

namespace bms::bluetooth {

namespace {

constexpr std::array<std::string_view, 3> certainties{"none", "maybe", "certain"};

/// What speaks for a family.
struct Evidence {
  const Family* family = nullptr;
  std::optional<std::size_t> layout{};  ///< which of its services is offered
  const NameOnAir* name = nullptr;
  const MarkOnAir* mark = nullptr;
  bool mark_says_it = false;  ///< with the text that is enough
  std::string_view prefix{};  ///< of the address

  [[nodiscard]] bool name_is_enough() const {
    return name != nullptr && name->telling == Telling::enough && (layout == 0U || name->by_itself);
  }
  [[nodiscard]] bool prefix_is_enough() const { return !prefix.empty() && layout == 0U; }
  [[nodiscard]] bool enough() const {
    return mark_says_it || name_is_enough() || prefix_is_enough() || (name != nullptr && mark != nullptr);
  }
  /// A name that others give as well means nothing where no service is offered, nor does an address.
  [[nodiscard]] bool some() const {
    return enough() || layout || mark != nullptr ||
           (name != nullptr && (name->by_itself || name->telling == Telling::enough));
  }
  /// For the order of those that are suspected: strong before weak, then the family's usual service before its rarer.
  [[nodiscard]] unsigned weight() const {
    return (enough() ? 8U : 0U) + (name != nullptr ? 4U : 0U) + (layout == 0U ? 2U : 0U) + (layout ? 1U : 0U);
  }
};

std::optional<std::size_t> layout_offered(const OnAir& on_air, const Advertisement& advertisement) {
  for (std::size_t i = 0; i < on_air.layouts.size(); ++i)
    if (advertises(advertisement, on_air.layouts[i].service)) return i;
  return std::nullopt;
}

bool holds(const ByteVector& data, std::string_view text) {
  return !std::ranges::search(data, text, {}, {}, [](char c) { return static_cast<std::uint8_t>(c); }).empty();
}

Evidence evidence_for(const Family& family, const Advertisement& advertisement) {
  const OnAir& on_air = family.on_air;
  Evidence found{.family = &family, .layout = layout_offered(on_air, advertisement)};
  const std::string name = shown_name(advertisement);
  for (const NameOnAir& row : on_air.names)
    if (fits_pattern(name, row.pattern) && (found.name == nullptr || row.telling == Telling::enough)) found.name = &row;
  for (const MarkOnAir& row : on_air.marks) {
    const auto data = advertisement.manufacturer_data.find(row.company);
    if (data == advertisement.manufacturer_data.end() || found.mark_says_it) continue;
    found.mark = &row;
    found.mark_says_it =
        std::ranges::any_of(row.texts, [&data](std::string_view text) { return holds(data->second, text); });
  }
  for (const std::string_view prefix : on_air.address_prefixes)
    if (advertisement.address.starts_with(prefix)) found.prefix = prefix;
  return found;
}

std::string hex_of(std::uint16_t service) {
  constexpr std::size_t leading = 4;
  return long_uuid(service).substr(leading, 4);
}

std::string why(const Evidence& evidence) {
  const std::string title(evidence.family->title);
  if (evidence.mark_says_it) return "its manufacturer data are those of a " + title + " module";
  if (evidence.name_is_enough()) return "its name is one that " + title + " gives";
  if (evidence.prefix_is_enough())
    return "its address begins like those of " + title + " modules, and it offers their service";
  if (evidence.enough())
    return "its name and its manufacturer data look like those of " + with_article(title) + " board";
  if (evidence.name != nullptr) return "its name looks like that of " + with_article(title) + " board";
  if (!evidence.layout) return "its manufacturer data have a number that " + title + " modules use";
  return "it offers a service that " + title + " boards have, and so do other makes";
}

std::string why_a_look_alike(const LookAlike& other) {
  return "it looks like a battery of " + std::string(other.make) + ", which offers the same service, " +
         hex_of(other.service);
}

}  // namespace

std::string_view name_of(Certainty certainty) { return certainties[static_cast<std::size_t>(certainty)]; }

Recognition recognise(const Advertisement& advertisement) {
  std::vector<Evidence> all;
  for (const Family& family : families()) {
    Evidence evidence = evidence_for(family, advertisement);
    if (evidence.some()) all.push_back(evidence);
  }
  if (all.empty())
    return {.why = "it offers no service that a board of ours has, and neither its name nor its data say more"};
  std::ranges::stable_sort(all, std::ranges::greater{}, &Evidence::weight);
  Recognition result;
  for (const Evidence& evidence : all) result.suspects.push_back(evidence.family);
  const LookAlike* const other = look_alike_of(advertisement);
  const bool one_alone = std::ranges::count_if(all, &Evidence::enough) == 1;
  result.certainty = one_alone && other == nullptr ? Certainty::certain : Certainty::maybe;
  if (other != nullptr) result.look_alike = other->make;
  result.why = other != nullptr ? why_a_look_alike(*other) : why(all.front());
  return result;
}

}  // namespace bms::bluetooth
