#include "cli/console/columns.hpp"

#include <algorithm>
#include <ostream>

#include "cli/watch/text.hpp"

namespace bms::cli {

namespace {

/// Names and numbers are shorter.
constexpr std::size_t longest_counted = 44;

}  // namespace

void Columns::add(const std::vector<std::string>& texts) {
  std::vector<std::string>& row = rows_.emplace_back();
  for (const std::string& text : texts) row.push_back(clean(text, /*utf8=*/true));
}

std::vector<std::size_t> Columns::widths() const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t width = width_of(columns_[i].title);
    for (const auto& row : rows_) {
      const std::size_t needed = width_of(row[i]);
      if (needed <= longest_counted) width = std::max(width, needed);
    }
    widths.push_back(width);
  }
  return widths;
}

void Columns::print_row(const std::vector<std::string>& texts, const std::vector<std::size_t>& widths,
                        std::ostream& out) const {
  std::string line;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::size_t used = width_of(texts[i]);
    const std::string blanks(widths[i] > used ? widths[i] - used : 0, ' ');
    line += (i == 0 ? "" : "  ") + (columns_[i].align == Align::right ? blanks + texts[i] : texts[i] + blanks);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  out << line << "\n";
}

void Columns::print(std::ostream& out) const {
  const std::vector<std::size_t> all = widths();
  std::vector<std::string> titles;
  titles.reserve(columns_.size());
  for (const Column& column : columns_) titles.emplace_back(column.title);
  print_row(titles, all, out);
  for (const auto& row : rows_) print_row(row, all, out);
}

}  // namespace bms::cli
