// What pictures of a run are drawn with: panels with a grid, lines in them, and their names above. SVG, on white, so
// that they can be read on a dark page as well.
#pragma once

#include <cstddef>
#include <optional>
#include <ostream>
#include <span>
#include <string_view>
#include <vector>

namespace bms::model {

/// A picture is so many columns wide, each with what happened in it.
inline constexpr int columns = 360;

// In units of the picture.
inline constexpr double left = 52, width = 720, right_margin = 16;
inline constexpr double letter_width = 7;

/// One diagram within the picture.
struct Panel {
  double top, height;
  double low, high, step;  ///< of the axis
  std::string_view unit;

  /// Where a value is; what lies beyond the axis is at its end.
  [[nodiscard]] double y(double value) const;
};

struct Look {
  std::string_view name, color;
};

/// A panel whose axis holds everything from `low` to `high`, and begins and ends at whole steps.
[[nodiscard]] Panel fitting(double top, double height, double low, double high, double step, std::string_view unit);

/// The left edge of a column.
[[nodiscard]] double x(std::size_t column);

/// `anchor`: "start", "middle" or "end".
void text(std::ostream& out, double at_x, double at_y, std::string_view anchor, std::string_view words);

void grid(std::ostream& out, const Panel& panel);

/// The names of lines in their colours, from the right edge on to the left.
void legend(std::ostream& out, double at_y, std::span<const Look> looks);

/// Opens a picture of this height, and writes its title. It is closed by "</svg>".
void begin_picture(std::ostream& out, double height, std::string_view title);

/// A line through what `value` says of each column; it breaks where that is nothing.
template <class Column, class Value>
void line(std::ostream& out, const Panel& panel, const std::vector<Column>& all, const Look& look, Value value) {
  out << "<path fill='none' stroke='" << look.color << "' d='";
  bool drawing = false;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::optional<double> here = value(all[i]);
    if (here) out << (drawing ? 'L' : 'M') << x(i) << ' ' << panel.y(*here);
    drawing = here.has_value();
  }
  out << "'/>\n";
}

}  // namespace bms::model
