// A small writer for pictures: just what the pictures of cells need.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace bms::cli {

class Svg {
 public:
  struct Point {
    double x, y;
  };
  enum class Anchor { start, middle, end };

  /// A white picture of that size, in pixels. `description`: for those who cannot see it.
  Svg(double width, double height, std::string_view description);

  void line(Point from, Point to, std::string_view color);
  void polyline(std::span<const Point> points, std::string_view color, double width);
  void box(Point corner, double width, double height, std::string_view color);

  /// `words` may be anything; what is no text in SVG is left out.
  void text(Point at, Anchor anchor, std::string_view words, std::string_view color = "#333");

  /// The whole document.
  [[nodiscard]] std::string document() const { return body_ + "</svg>\n"; }

 private:
  void attribute(std::string_view name, double value);

  std::string body_;
};

}  // namespace bms::cli
