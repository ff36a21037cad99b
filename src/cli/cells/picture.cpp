#include "cli/cells/picture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "battery/cell_ranking.hpp"
#include "bms/short_text.hpp"
#include "cli/cells/svg.hpp"
#include "cli/cells/texts.hpp"

namespace bms::cli {

namespace {

using battery::CellTrend;
using battery::CellVerdict;
using battery::RankedCell;

constexpr double width = 800, left = 60, right = 20;
constexpr double trend_top = 60, trend_height = 240;
constexpr double bars_top = trend_top + trend_height + 80, bar_height = 16;
constexpr double names_left = left + 46, bars_left = left + 50, bars_width = 380;
constexpr double verdicts_left = bars_left + bars_width + 70;
constexpr std::string_view grid_color = "#e0e0e0", axis_color = "#888", usual_color = "#b0bec5";
// What is even is to look even.
constexpr double least_trend_mv = 10, least_bar_mv = 20;
constexpr double colored_mv = 5;  // less is hardly more than noise
constexpr std::array<std::string_view, 3> weak_colors{"#c62828", "#ef6c00", "#6a1b9a"};  // the weakest first

std::string rounded(double value, int decimals) { return std::string(ShortText().append(value, decimals).view()); }

double median_of(std::span<const std::uint16_t> cells_mv) {
  std::vector<std::uint16_t> known;
  std::ranges::copy_if(cells_mv, std::back_inserter(known), [](std::uint16_t cell_mv) { return cell_mv != 0; });
  std::ranges::sort(known);
  const std::size_t half = known.size() / 2;
  return known.size() % 2 != 0 ? known[half] : (known[half - 1] + known[half]) / 2.0;
}

/// Row by row how far the cells were from the median; empty: not known.
std::vector<std::vector<std::optional<double>>> deviations_of(const CellTrend& trend) {
  std::vector<std::vector<std::optional<double>>> rows;
  for (std::size_t i = 0; i < trend.cells_mv.size(); ++i) {
    const auto cells_mv = trend.cells_mv[i];
    std::vector<std::optional<double>>& row = rows.emplace_back(cells_mv.size());
    if (std::ranges::all_of(cells_mv, [](std::uint16_t cell_mv) { return cell_mv == 0; })) continue;
    const double median_mv = median_of(cells_mv);
    for (std::size_t cell = 0; cell < cells_mv.size(); ++cell)
      if (cells_mv[cell] != 0) row[cell] = cells_mv[cell] - median_mv;
  }
  return rows;
}

/// A step between lines of a grid that leaves at most five of them up to `most`.
double step_for(double most) {
  for (const double step : {2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0})
    if (step * 5 >= most) return step;
  return 500;
}

std::string_view color_of(std::size_t cell, const std::vector<RankedCell>& cells) {
  for (std::size_t i = 0; i < std::min(cells.size(), weak_colors.size()); ++i)
    if (cells[i].cell == cell && cells[i].weakness_mv >= colored_mv) return weak_colors[i];
  return usual_color;
}

/// The diagram over days.
class TrendPanel {
 public:
  TrendPanel(const CellTrend& trend, const std::vector<RankedCell>& cells)
      : deviations_(deviations_of(trend)), width_(trend.cells_mv.width()), cells_(cells) {
    double most_mv = least_trend_mv;
    for (const auto& row : deviations_)
      for (const auto& each_mv : row) most_mv = std::max(most_mv, std::abs(each_mv.value_or(0)));
    step_mv_ = step_for(most_mv);
    limit_mv_ = std::ceil(most_mv / step_mv_) * step_mv_;
  }

  void draw(Svg& svg) const {
    svg.text({left, trend_top - 12}, Svg::Anchor::start, "Distance of each cell from the median of all, in mV");
    draw_grid(svg);
    if (deviations_.empty()) {
      svg.text({width / 2, trend_top + trend_height / 3}, Svg::Anchor::middle, "nothing has been recorded yet");
    }
    // The weakest come last, on top of the others.
    for (std::size_t cell = 0; cell < width_; ++cell)
      if (color_of(cell + 1, cells_) == usual_color) draw_cell(svg, cell);
    for (std::size_t cell = 0; cell < width_; ++cell)
      if (color_of(cell + 1, cells_) != usual_color) draw_cell(svg, cell);
  }

 private:
  static constexpr double span_h = static_cast<double>(CellTrend::cell_rows) * CellTrend::cell_row_s / 3600;

  /// `ago_h`: hours before the newest row.
  [[nodiscard]] static double x(double ago_h) { return width - right - (width - left - right) * ago_h / span_h; }
  [[nodiscard]] double y(double mv) const { return trend_top + trend_height / 2 * (1 - mv / limit_mv_); }

  void draw_grid(Svg& svg) const {
    const int steps = static_cast<int>(std::lround(limit_mv_ / step_mv_));
    for (int step = -steps; step <= steps; ++step) {
      const double mv = step * step_mv_;
      svg.line({left, y(mv)}, {width - right, y(mv)}, step == 0 ? axis_color : grid_color);
      svg.text({left - 8, y(mv) + 4}, Svg::Anchor::end, (step > 0 ? "+" : "") + rounded(mv, 0));
    }
    constexpr double bottom = trend_top + trend_height;
    for (int ago_h = 0; ago_h <= static_cast<int>(span_h); ago_h += 6) {
      svg.line({x(ago_h), trend_top}, {x(ago_h), bottom}, grid_color);
      svg.text({x(ago_h), bottom + 16}, Svg::Anchor::middle, ago_h > 0 ? "−" + std::to_string(ago_h) + " h" : "last");
    }
  }

  void draw_cell(Svg& svg, std::size_t cell) const {
    const std::string_view color = color_of(cell + 1, cells_);
    std::vector<Svg::Point> points;
    const auto end_line = [&] {
      if (!points.empty()) svg.polyline(points, color, color == usual_color ? 1 : 2);
      points.clear();
    };
    for (std::size_t row = 0; row < deviations_.size(); ++row) {
      const auto deviation_mv = deviations_[row][cell];
      if (!deviation_mv) {
        end_line();
        continue;
      }
      const double ago_h = static_cast<double>(deviations_.size() - 1 - row) * CellTrend::cell_row_s / 3600;
      points.push_back({x(ago_h), y(*deviation_mv)});
    }
    end_line();
  }

  std::vector<std::vector<std::optional<double>>> deviations_;
  std::size_t width_;
  const std::vector<RankedCell>& cells_;
  double step_mv_ = 0, limit_mv_ = 0;
};

/// The cells as bars, the weakest first.
void draw_bars(Svg& svg, const std::vector<RankedCell>& cells) {
  svg.text({left, bars_top - 16}, Svg::Anchor::start,
           cells.empty() ? "The cells have not been compared yet: that takes a rest of ten minutes, or a full charge"
                         : "Weakness in mV: how far a cell is ahead of the others on the way to full and to empty");
  double most_mv = least_bar_mv;
  double least_mv = 0;
  for (const RankedCell& cell : cells) {
    most_mv = std::max(most_mv, cell.weakness_mv);
    least_mv = std::min(least_mv, cell.weakness_mv);
  }
  const double scale = bars_width / (most_mv - least_mv);
  const double zero = bars_left - least_mv * scale;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const RankedCell& cell = cells[i];
    const double top = bars_top + static_cast<double>(i) * (bar_height + 4);
    const double base = top + bar_height - 4;
    svg.text({names_left, base}, Svg::Anchor::end, "cell " + std::to_string(cell.cell));
    const double length = std::abs(cell.weakness_mv) * scale;
    svg.box({cell.weakness_mv < 0 ? zero - length : zero, top}, std::max(length, 1.0), bar_height,
            color_of(cell.cell, cells));
    svg.text({bars_left + bars_width + 60, base}, Svg::Anchor::end, rounded(cell.weakness_mv, 0) + " mV");
    svg.text({verdicts_left, base}, Svg::Anchor::start, battery::text_of(cell.verdict));
  }
}

}  // namespace

std::string cells_picture(const battery::CellDocument& document, std::string_view name) {
  const std::vector<RankedCell> cells = battery::ranked(document.record);
  const double height = bars_top + static_cast<double>(cells.size()) * (bar_height + 4) + 20;
  const std::string title = "Cells of " + std::string(name) + ", " + date_text(document.saved_unix_s.value_or(0));
  Svg svg(width, height, title);
  svg.text({left, 24}, Svg::Anchor::start, title, "#000");
  TrendPanel(document.record.trend, cells).draw(svg);
  draw_bars(svg, cells);
  return svg.document();
}

}  // namespace bms::cli
