// What happened to a cell, in the two forms in which it goes out: words for people, numbers for programs.
#pragma once

#include <optional>
#include <string_view>

#include "battery/cell_alerts.hpp"
#include "bms/short_text.hpp"

namespace bms::battery {

/// "warning: C4 too low, 2.871 V". `cell`: what the cell is called, where the event knows one.
[[nodiscard]] ShortText event_in_words(const CellAlert& event, std::string_view cell);

/// "1:1:4:2871:1:0:1764430000": the form of CellSummary::latest_alert_code.
[[nodiscard]] ShortText event_in_numbers(const CellAlert& event);

/// The event of such a text, which may be anybody's: empty unless it has exactly this form and can be true. The times
/// of the worst moment and of the end are not in it.
[[nodiscard]] std::optional<CellAlert> event_from_numbers(std::string_view text);

}  // namespace bms::battery
