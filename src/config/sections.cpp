#include "config/sections.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "bluetooth/address.hpp"
#include "bms/utf8.hpp"
#include "config/bank_name.hpp"
#include "config/text.hpp"

namespace bms::config {

namespace {

template <class Struct>
Values defaults_of() {
  return Struct{};
}

// The first two of these are looked for by their places.
constexpr std::array kinds{
    SectionKind{"default", "", battery_options, defaults_of<Settings>, true},
    SectionKind{"battery", "identity, port or Bluetooth address", battery_options, defaults_of<Settings>, true},
    SectionKind{"bridge", "", bridge_options, defaults_of<bridge::Config>},
    SectionKind{"mqtt", "", mqtt_options, defaults_of<mqtt::Config>},
    SectionKind{"bluetooth", "", bluetooth_options, defaults_of<bluetooth::Config>},
    SectionKind{"bank", "name", bank_options, defaults_of<BankOptions>},
};

constexpr std::string_view device_directory = "/dev/";  // a port may be named by its path

/// Options that had another name in an earlier version.
struct Renamed {
  std::string_view before, now;
};
constexpr Renamed renamed_options[] = {{"max_cell_voltage", "absorption_cell_voltage"}};

/// Options that other sections have under this name, and this one under another.
struct Namesake {
  const OptionTable& (*options)();
  std::string_view name, advice;
};
constexpr Namesake namesakes[] = {
    {bank_options, "batteries", "the packs of a bank are its \"members\""},
    {mqtt_options, "password", "\"password_file\" names a file whose first line is the password"},
};

std::string in_quotes(std::string_view option) { return '"' + std::string(option) + '"'; }

std::string bracketed(std::string_view word, std::string_view name) {
  return "[" + std::string(word) + (name.empty() ? "" : " ") + std::string(name) + "]";
}

/// Where else there is such an option: "[default] or [battery ...]".
std::string homes_of(std::string_view option, const OptionTable& but_for) {
  std::string homes;
  for (const SectionKind& kind : kinds) {
    if (&kind.options() == &but_for || !kind.options().find(option)) continue;
    homes += (homes.empty() ? "" : " or ") + bracketed(kind.word, kind.names.empty() ? "" : "...");
  }
  return homes;
}

/// What comes behind the word of the kind; empty where that word is not the first one.
std::optional<std::string_view> behind_word(std::string_view title, const SectionKind& kind) {
  if (!title.starts_with(kind.word)) return std::nullopt;
  const std::string_view rest = title.substr(kind.word.size());
  if (kind.names.empty()) return rest.empty() ? std::optional(rest) : std::nullopt;
  if (!rest.starts_with(' ')) return std::nullopt;
  std::string_view name = trimmed(rest);
  if (name.starts_with(device_directory)) name.remove_prefix(device_directory.size());
  const bool slip = bluetooth::resembles_address(name);
  return name.empty() || slip || !is_clean_text(name) ? std::nullopt : std::optional(name);
}

/// As names are kept: ports and services may be written in full, and a Bluetooth address in several ways.
std::string kept_name(std::string_view name) {
  for (const std::string_view before : {std::string_view("/dev/"), battery_service}) {
    if (name.starts_with(before) && name.find('/', before.size()) == std::string_view::npos)
      name.remove_prefix(before.size());
  }
  return bluetooth::canonical_address(name).value_or(std::string(name));
}

}  // namespace

std::string SectionKind::in_words() const {
  return bracketed(word, names.empty() ? "" : "<" + std::string(names) + ">");
}

std::span<const SectionKind> section_kinds() { return kinds; }

std::string Section::title() const { return std::string(kind->word) + (name.empty() ? "" : " " + name); }

Section default_section() { return {.kind = kinds.data()}; }

Section battery_section(std::string_view name) { return {.kind = &kinds[1], .name = kept_name(name)}; }

std::optional<Section> section_titled(std::string_view title) {
  for (const SectionKind& kind : kinds) {
    if (const auto name = behind_word(title, kind)) return Section{.kind = &kind, .name = kept_name(*name)};
  }
  return std::nullopt;
}

std::string expected_sections() {
  std::string all = "expected ";
  for (const SectionKind& kind : kinds) {
    const bool last = &kind == &kinds.back();
    all += (&kind == kinds.data() ? "" : last ? " or " : ", ") + kind.in_words();
  }
  return all;
}

std::string advice_on_option(std::string_view name, const SectionKind& kind) {
  const auto renamed = std::ranges::find(renamed_options, name, &Renamed::before);
  if (renamed != std::end(renamed_options)) return "; it is called " + in_quotes(renamed->now) + " now";
  for (const Namesake& row : namesakes) {
    if (row.options == kind.options && row.name == name) return "; " + std::string(row.advice);
  }
  // Whoever has written the beginning of a name that is here means it, even if there is such a one elsewhere.
  const std::string nearest = kind.options().nearest(name);
  const bool begun = nearest.starts_with(name);
  if (const std::string homes = homes_of(name, kind.options()); !homes.empty() && !begun)
    return "; it belongs in " + homes;
  if (std::ranges::none_of(name, [](char c) { return c >= 'a' && c <= 'z'; }))
    return "; \"dbus-bms config import\" reads files of dbus-serialbattery";
  return "; did you mean " + in_quotes(nearest) + "?";
}

}  // namespace bms::config
