// A table for people: columns as wide as their longest entry.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace bms::cli {

/// How a column stands.
enum class Align : std::uint8_t { left, right };

struct Column {
  std::string_view title;
  Align align = Align::left;
};

/// Texts may come from anybody: what is no printable text is made harmless.
class Columns {
 public:
  explicit Columns(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// Precondition: as many texts as there are columns.
  void add(const std::vector<std::string>& texts);

  [[nodiscard]] bool empty() const { return rows_.empty(); }

  /// The titles and all rows, without blanks at the ends of lines. Lists of values may stick out.
  void print(std::ostream& out) const;

 private:
  [[nodiscard]] std::vector<std::size_t> widths() const;
  void print_row(const std::vector<std::string>& texts, const std::vector<std::size_t>& widths,
                 std::ostream& out) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace bms::cli
