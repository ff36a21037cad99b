#include "curve_chart.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <sstream>
#include <string>
#include <utility>

namespace bms::model {
namespace {

constexpr double first_top = 62, panel_height = 170, between = 34, below = 34;
constexpr double above_panel = 9;  // where the names of lines stand
constexpr int long_run_s = 2 * 3600;

}  // namespace

CurveChart::CurveChart(std::string_view title, int seconds, std::vector<CurvePanel> panels)
    : title_(title), seconds_(seconds), panels_(std::move(panels)) {
  columns_.reserve(columns);
}

void CurveChart::add(int second, std::span<const std::optional<double>> values) {
  const auto column = static_cast<std::size_t>(static_cast<std::int64_t>(second) * columns / seconds_);
  if (column >= columns_.size()) columns_.emplace_back();
  columns_.back().assign(values.begin(), values.end());
}

void CurveChart::draw_panel(std::ostream& out, const CurvePanel& panel, std::size_t first, double top) const {
  double low = std::numeric_limits<double>::max();
  double high = std::numeric_limits<double>::lowest();
  for (const auto& column : columns_) {
    for (std::size_t i = first; i < first + panel.curves.size(); ++i) {
      if (column[i]) low = std::min(low, *column[i]);
      if (column[i]) high = std::max(high, *column[i]);
    }
  }
  const Panel frame = fitting(top, panel_height, panel.from_zero ? 0 : low, high, panel.step, panel.unit);
  grid(out, frame);
  legend(out, top - above_panel, panel.curves);
  for (std::size_t i = 0; i < panel.curves.size(); ++i) {
    line(out, frame, columns_, panel.curves[i], [&](const auto& column) { return column[first + i]; });
  }
}

void CurveChart::draw_marks(std::ostream& out, double bottom) const {
  for (const Mark& mark : marks_) {
    const double at_x = left + width * mark.second / seconds_;
    out << "<path d='M" << at_x << ' ' << first_top - 22 << 'V' << bottom
        << "' stroke='#888' stroke-dasharray='4 4'/>\n";
    text(out, at_x, first_top - 26, "middle", mark.words);
  }
}

void CurveChart::draw_times(std::ostream& out, double bottom) const {
  const bool is_long = seconds_ >= long_run_s;
  const int step_s = is_long ? 3600 : 300;
  for (int second = 0; second <= seconds_; second += step_s) {
    const double at_x = left + width * second / seconds_;
    out << "<path d='M" << at_x << ' ' << bottom << "v5' stroke='#888'/>\n";
    const std::string words = std::to_string(second / (is_long ? 3600 : 60)) + (is_long ? " h" : " min");
    const bool fits = at_x + letter_width * static_cast<double>(words.size()) / 2 < left + width + right_margin;
    text(out, fits ? at_x : left + width + right_margin, bottom + 18, fits ? "middle" : "end", words);
  }
}

std::string CurveChart::svg() const {
  const auto count = static_cast<double>(panels_.size());
  const double bottom = first_top + count * panel_height + (count - 1) * between;
  std::ostringstream out;
  begin_picture(out, bottom + below, title_);
  double top = first_top;
  std::size_t first = 0;
  for (const CurvePanel& panel : panels_) {
    draw_panel(out, panel, first, top);
    first += panel.curves.size();
    top += panel_height + between;
  }
  draw_marks(out, bottom);
  draw_times(out, bottom);
  out << "</svg>\n";
  return out.str();
}

}  // namespace bms::model
