#include "cli/watch/cells.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "cli/watch/format.hpp"
#include "cli/watch/layout.hpp"

namespace bms::cli {
namespace {

constexpr std::array<std::string_view, 8> eighths{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
constexpr std::size_t rows_wanted = 8;      // more cells than this go into a further column, if there is room
constexpr std::size_t least_bar = 8;        // columns
constexpr std::size_t longest_bar = 60;     // columns
constexpr std::size_t around_the_bar = 14;  // number, voltage, marks and the blanks between them
constexpr std::size_t indent = 1;
constexpr std::size_t gap = 2;

/// Lowest and highest cell; positions in the list.
struct Extremes {
  std::optional<std::size_t> low, high;
};

Extremes extremes_of(std::span<const WatchedCell> cells) {
  Extremes found;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (!cells[i].voltage_v) continue;
    if (!found.low || *cells[i].voltage_v < *cells[*found.low].voltage_v) found.low = i;
    if (!found.high || *cells[i].voltage_v > *cells[*found.high].voltage_v) found.high = i;
  }
  // All alike: nothing to mark.
  if (found.low && *cells[*found.low].voltage_v == *cells[*found.high].voltage_v) return {};
  return found;
}

struct Grid {
  std::size_t columns = 1, rows = 0, bar = least_bar;
};

Grid grid_for(std::size_t cells, std::size_t width) {
  const std::size_t room = width > indent ? width - indent : 0;
  const std::size_t fit = std::max<std::size_t>(1, (room + gap) / (around_the_bar + least_bar + gap));
  Grid grid;
  grid.columns = std::clamp<std::size_t>((cells + rows_wanted - 1) / rows_wanted, 1, fit);
  grid.rows = (cells + grid.columns - 1) / grid.columns;
  const std::size_t each = (room - std::min(room, gap * (grid.columns - 1))) / grid.columns;
  grid.bar = each > around_the_bar ? std::min(each - around_the_bar, longest_bar) : 0;
  return grid;
}

std::string padded_left(const std::string& text, std::size_t columns) {
  return text.size() < columns ? std::string(columns - text.size(), ' ') + text : text;
}

struct CellStyle {
  std::string_view mark;
  Style style;
};

CellStyle style_of(std::size_t index, const Extremes& extremes) {
  if (index == extremes.low) return {"min", Style::low};
  if (index == extremes.high) return {"max", Style::high};
  return {"   ", Style::plain};
}

/// One column; blank where there is nothing to say.
std::string_view arrow(std::optional<Heading> heading, bool utf8) {
  if (!heading || heading == Heading::level) return " ";
  if (heading == Heading::up) return utf8 ? "↑" : "^";
  return utf8 ? "↓" : "v";
}

Line cell_line(const WatchedCell& cell, std::string_view arrow, CellStyle look, const BarScale& scale,
               std::size_t bar_columns, bool utf8) {
  const double span_v = scale.high_v - scale.low_v;
  const double share = cell.voltage_v ? (*cell.voltage_v - scale.low_v) / span_v : 0;
  Line line;
  line.add(padded_left(std::to_string(cell.number), 2)).add(" ");
  line.add(bar(share, bar_columns, look.style == Style::plain ? Style::good : look.style, utf8));
  line.add(" ").add(padded_left(quantity(cell.voltage_v, 3, ""), 5), look.style);
  line.add(arrow).add(look.mark, look.style).add(cell.balancing ? "*" : " ", Style::warning);
  return line;
}

Line labelled(std::string_view label, const std::string& value) {
  return Line{}.add(label, Style::faint).add(" ").add(value);
}

std::string at_cell(std::optional<double> voltage_v, const std::string& where) {
  return quantity(voltage_v, 3, "V") + (where.empty() ? "" : " (" + where + ")");
}

/// The extremes as the service itself reports them; some report nothing else of their cells.
std::vector<Line> told_extremes(const WatchModel& model, bool utf8) {
  const auto where = [&](std::string_view path) { return clean(model.text(path).value_or(""), utf8); };
  const auto low = model.number("/System/MinCellVoltage");
  const auto high = model.number("/System/MaxCellVoltage");
  if (!low && !high) return {Line{}.add(unknown_text)};
  return {labelled("lowest", at_cell(low, where("/System/MinVoltageCellId"))),
          labelled("highest", at_cell(high, where("/System/MaxVoltageCellId")))};
}

std::vector<Line> summary(std::span<const WatchedCell> cells, const Extremes& extremes) {
  double sum_v = 0;
  bool complete = true;
  std::optional<double> low, high;
  for (const WatchedCell& cell : cells) {
    complete = complete && cell.voltage_v.has_value();
    if (!cell.voltage_v) continue;
    sum_v += *cell.voltage_v;
    low = std::min(low.value_or(*cell.voltage_v), *cell.voltage_v);
    high = std::max(high.value_or(*cell.voltage_v), *cell.voltage_v);
  }
  const auto number_of = [&](std::optional<std::size_t> i) { return i ? std::to_string(cells[*i].number) : ""; };
  const auto spread_mv = low ? std::optional((*high - *low) * 1000) : std::nullopt;
  return {labelled("lowest", at_cell(low, number_of(extremes.low))),
          labelled("highest", at_cell(high, number_of(extremes.high))),
          labelled("spread", quantity(spread_mv, 0, "mV")),
          labelled("sum", quantity(complete ? std::optional(sum_v) : std::nullopt, 3, "V"))};
}

Line legend(std::span<const WatchedCell> cells, const CellTrends* trends, const BarScale& scale, bool utf8) {
  Line line;
  line.add("bars from " + quantity(scale.low_v, 2, "") + " to " + quantity(scale.high_v, 2, "V"), Style::faint);
  const auto balancing = std::ranges::count_if(cells, &WatchedCell::balancing);
  if (balancing > 0) line.add("   * balancing", Style::warning);
  const auto moves = [trends](const WatchedCell& cell) {
    return trends != nullptr && trends->of(cell).value_or(Heading::level) != Heading::level;
  };
  if (std::ranges::any_of(cells, moves))
    line.add("   " + std::string(arrow(Heading::up, utf8)) + std::string(arrow(Heading::down, utf8)) +
                 " 2 mV or more in a minute",
             Style::faint);
  return line;
}

}  // namespace

std::optional<BarScale> bar_scale(std::span<const WatchedCell> cells) {
  constexpr double believable_min_v = 1.5, believable_max_v = 4.5;
  constexpr double steps_per_volt = 20;  // 50 mV
  std::optional<double> low, high;
  for (const WatchedCell& cell : cells) {
    if (!cell.voltage_v || *cell.voltage_v < believable_min_v || *cell.voltage_v > believable_max_v) continue;
    low = std::min(low.value_or(*cell.voltage_v), *cell.voltage_v);
    high = std::max(high.value_or(*cell.voltage_v), *cell.voltage_v);
  }
  if (!low) return std::nullopt;
  // 5 mV of air on both sides, so that the lowest cell still has a bar.
  double first = std::floor((*low - 0.005) * steps_per_volt);
  double last = std::ceil((*high + 0.005) * steps_per_volt);
  if (last - first < 2) first -= 1;
  return BarScale{first / steps_per_volt, last / steps_per_volt};
}

Line bar(double share, std::size_t columns, Style style, bool utf8) {
  const double clipped = std::clamp(share, 0.0, 1.0);
  const auto filled_eighths = static_cast<std::size_t>(std::lround(clipped * static_cast<double>(columns) * 8));
  std::string filled, empty;
  if (utf8) {
    for (std::size_t i = 0; i < filled_eighths / 8; ++i) filled += "█";
    filled += eighths[filled_eighths % 8];
  } else {
    filled.assign((filled_eighths + 4) / 8, '#');
  }
  for (std::size_t i = width_of(filled); i < columns; ++i) empty += utf8 ? "░" : ".";
  return Line{}.add(filled, style).add(empty, Style::faint);
}

std::vector<Line> cell_section(const WatchModel& model, const CellTrends* trends, std::size_t columns, bool utf8) {
  const auto cells = model.cells();
  const auto extremes = extremes_of(cells);
  Line label;
  label.add(" ").add("Cells", Style::strong);
  if (cells.empty()) return flow(label.pad_to(label_width), told_extremes(model, utf8), columns, gap);

  label.add(" " + std::to_string(cells.size())).pad_to(label_width);
  auto lines = flow(label, summary(cells, extremes), columns, gap);

  const auto scale = bar_scale(cells);
  const Grid grid = grid_for(cells.size(), columns);
  for (std::size_t row = 0; row < grid.rows; ++row) {
    Line line;
    for (std::size_t i = row, column = 0; i < cells.size(); i += grid.rows, ++column) {
      line.pad_to(indent + column * (around_the_bar + grid.bar + gap));
      const auto heading = trends ? trends->of(cells[i]) : std::nullopt;
      line.add(cell_line(cells[i], arrow(heading, utf8), style_of(i, extremes), scale.value_or(BarScale{0, 1}),
                         grid.bar, utf8));
    }
    lines.push_back(std::move(line));
  }
  if (scale) lines.push_back(Line{}.pad_to(indent).add(legend(cells, trends, *scale, utf8)));
  return lines;
}

}  // namespace bms::cli
