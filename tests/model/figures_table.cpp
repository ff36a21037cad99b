#include "figures_table.hpp"

#include <fstream>
#include <iomanip>
#include <sstream>

#include "scenarios.hpp"

namespace bms::model {
namespace {

constexpr std::string_view opening = "<!-- figures -->\n";
constexpr std::string_view closing = "<!-- end -->";
constexpr std::string_view heading =
    "| Scenario | Highest cell, V | Lowest cell, V | Done after, min | Exported, Ah |\n|---|---|---|---|---|\n";

std::string fixed(double value, int decimals) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(decimals) << value;
  return text.str();
}

std::vector<std::string> row_of(const Case& each) {
  const Figures figures = run_ours(each.scenario, 1);
  return {std::string(each.title), fixed(figures.peak_cell_v, 3), fixed(figures.lowest_cell_v, 2),
          figures.absorption_left_s ? fixed(*figures.absorption_left_s / 60.0, 0) : "–",
          fixed(figures.exported_before_ah + figures.exported_after_ah, 2)};
}

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream words(line.substr(2));
  for (std::string cell; std::getline(words, cell, '|');) cells.push_back(cell.substr(cell.starts_with(' ') ? 1 : 0));
  for (std::string& cell : cells) cell.erase(cell.find_last_not_of(' ') + 1);
  return cells;
}

struct Place {
  std::size_t begin = std::string::npos, end = std::string::npos;

  [[nodiscard]] bool found() const { return begin != std::string::npos && end != std::string::npos; }
};

Place place_in(const std::string& page) {
  const std::size_t mark = page.find(opening);
  if (mark == std::string::npos) return {};
  return {mark + opening.size(), page.find(closing, mark)};
}

}  // namespace

Rows measured_rows() {
  Rows rows;
  for (const Case& each : cases()) rows.push_back(row_of(each));
  return rows;
}

Rows rows_in(const std::string& page) {
  const Place place = place_in(page);
  if (!place.found()) return {};
  std::istringstream lines(page.substr(place.begin, place.end - place.begin));
  Rows rows;
  int number = 0;
  for (std::string line; std::getline(lines, line); ++number) {
    if (number >= 2 && line.starts_with("| ")) rows.push_back(cells_of(line));
  }
  return rows;
}

std::string with_rows(const std::string& page, const Rows& rows) {
  const Place place = place_in(page);
  if (!place.found()) return page;
  std::string table(heading);
  for (const auto& row : rows) {
    table += '|';
    for (const std::string& cell : row) table += ' ' + cell + " |";
    table += '\n';
  }
  return page.substr(0, place.begin) + table + page.substr(place.end);
}

std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace bms::model
