// The sections that config.ini may have, as a table.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "config/options.hpp"
#include "config/values.hpp"

namespace bms::config {

/// A kind of section: a row of the table.
struct SectionKind {
  std::string_view word;            ///< what is in the brackets, or comes first there
  std::string_view names;           ///< what the name behind it is, in words; empty: there is none
  const OptionTable& (*options)();  ///< what may be set there
  Values (*defaults)();             ///< what it is read into
  bool is_for_a_battery = false;    ///< lies upon [default], or is that; others stand for themselves

  /// "[battery <identity, port or Bluetooth address>]", "[bridge]".
  [[nodiscard]] std::string in_words() const;
};

/// The table. A message names them in this order.
[[nodiscard]] std::span<const SectionKind> section_kinds();

/// The kind of section that is read into such a struct.
template <class Struct>
[[nodiscard]] const SectionKind& section_kind_of() {
  std::span<const SectionKind> kinds = section_kinds();
  while (!std::holds_alternative<Struct>(kinds.front().defaults())) kinds = kinds.subspan(1);
  return kinds.front();
}

/// One section of a file.
struct Section {
  const SectionKind* kind = nullptr;
  std::string name{};  ///< where its kind has names

  /// What is in the brackets; for two ways to write the same name it is the same.
  [[nodiscard]] std::string title() const;
};

/// What is configured for every battery, and for one.
[[nodiscard]] Section default_section();
[[nodiscard]] Section battery_section(std::string_view name);

/// What is between the brackets. Empty: there is no such section.
[[nodiscard]] std::optional<Section> section_titled(std::string_view title);

/// "expected [default], [battery <identity, port or Bluetooth address>], [bridge], [mqtt], [bluetooth] or [bank
/// <name>]".
[[nodiscard]] std::string expected_sections();

/// What to do about a name that no option of a section has: "; did you mean ...?", "; it is called ... now", or where
/// it belongs.
[[nodiscard]] std::string advice_on_option(std::string_view name, const SectionKind& kind);

}  // namespace bms::config
