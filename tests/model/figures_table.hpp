// What came of each scenario, as the table in docs/charge-control.md.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace bms::model {

/// The cells of each row but the first two lines of a Markdown table, one row for each case.
using Rows = std::vector<std::vector<std::string>>;

/// Runs all cases, with samples each second.
[[nodiscard]] Rows measured_rows();

/// The rows between the marks "<!-- figures -->" and "<!-- end -->" of a page; none if it has no such marks.
[[nodiscard]] Rows rows_in(const std::string& page);

/// The page with other rows in that place.
[[nodiscard]] std::string with_rows(const std::string& page, const Rows& rows);

[[nodiscard]] std::string read_text(const std::filesystem::path& path);

}  // namespace bms::model
