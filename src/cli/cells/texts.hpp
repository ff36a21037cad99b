// What is known of cells as text: a table for people, CSV and JSON for programs.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

#include "battery/cell_document.hpp"

namespace bms::cli {

/// "2026-11-29 12:30 UTC"; "at an unknown time" for 0.
[[nodiscard]] std::string date_text(double unix_s);

/// The cells, the weakest first, and what has happened to them, the newest first.
void print_cells(const battery::CellDocument& document, std::string_view name, std::ostream& out);

/// The trends: a row for every five minutes, in which each second one has the cells, too. What is not known is empty.
void print_cells_csv(const battery::CellRecord& record, std::ostream& out);

/// One object: everything but the trends.
void print_cells_json(const battery::CellDocument& document, std::string_view name, std::ostream& out);

}  // namespace bms::cli
