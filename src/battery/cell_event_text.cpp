#include "battery/cell_event_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

#include "bms/reading.hpp"

namespace bms::battery {

namespace {

constexpr double peak_mv_per_v = 1000;

enum Field : std::size_t { kind, level, cell, peak_mv, lasts, acknowledged, begun_unix_s, field_count };
using Fields = std::array<std::uint64_t, field_count>;

constexpr Fields greatest{cell_alert_kinds - 1, cell_alert_levels - 1, max_cells, UINT16_MAX, 1, 1, 100'000'000'000};

/// Numbers of digits alone, as many as there are fields, with colons between them.
std::optional<Fields> fields_of(std::string_view text) {
  Fields fields{};
  for (std::size_t i = 0; i < field_count; ++i) {
    if (i > 0 && !text.starts_with(':')) return std::nullopt;
    if (i > 0) text.remove_prefix(1);
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), fields[i]);
    if (failed != std::errc{} || fields[i] > greatest[i]) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  }
  return text.empty() ? std::optional(fields) : std::nullopt;
}

}  // namespace

ShortText event_in_words(const CellAlert& event, std::string_view cell_name) {
  constexpr std::array<std::string_view, cell_alert_kinds> what{"cells apart", "too low", "too high"};
  const std::string_view said = what[static_cast<std::size_t>(event.kind)];
  ShortText text = ShortText(name_of(event.level)).append(": ");
  if (event.kind == CellAlertKind::spread) {
    text.append(said);
    if (event.peak_mv != 0) text.append(" ").append(event.peak_mv, 0).append(" mV");
    return event.cell != 0 ? text.append(", ").append(cell_name) : text;
  }
  text.append(event.cell != 0 ? cell_name : std::string_view("a cell")).append(" ").append(said);
  return event.peak_mv != 0 ? text.append(", ").append(event.peak_mv / peak_mv_per_v, 3).append(" V") : text;
}

ShortText event_in_numbers(const CellAlert& event) {
  ShortText text;
  for (const double number :
       {static_cast<double>(event.kind), static_cast<double>(event.level), static_cast<double>(event.cell),
        static_cast<double>(event.peak_mv), event.lasts ? 1.0 : 0.0, event.acknowledged ? 1.0 : 0.0,
        std::floor(event.begun_unix_s)}) {
    if (!text.empty()) text.append(":");
    text.append(number, 0);
  }
  return text;
}

std::optional<CellAlert> event_from_numbers(std::string_view text) {
  const auto fields = fields_of(text);
  if (!fields) return std::nullopt;
  return CellAlert{.kind = static_cast<CellAlertKind>((*fields)[kind]),
                   .level = static_cast<CellAlertLevel>((*fields)[level]),
                   .cell = static_cast<std::uint8_t>((*fields)[cell]),
                   .peak_mv = static_cast<std::uint16_t>((*fields)[peak_mv]),
                   .begun_unix_s = static_cast<double>((*fields)[begun_unix_s]),
                   .lasts = (*fields)[lasts] == 1,
                   .acknowledged = (*fields)[acknowledged] == 1};
}

}  // namespace bms::battery
