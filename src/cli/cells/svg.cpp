#include "cli/cells/svg.hpp"

#include <array>

#include "bms/short_text.hpp"

namespace bms::cli {

namespace {

std::string number(double value) { return std::string(ShortText().append(value, 1).view()); }

std::string escaped(std::string_view words) {
  std::string safe;
  for (const char c : words) {
    if (c == '&')
      safe += "&amp;";
    else if (c == '<')
      safe += "&lt;";
    else if (c == '>')
      safe += "&gt;";
    else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f)
      safe += c;
  }
  return safe;
}

}  // namespace

Svg::Svg(double width, double height, std::string_view description) {
  body_ = "<svg xmlns='http://www.w3.org/2000/svg' role='img' font-family='sans-serif' font-size='12'";
  attribute("width", width);
  attribute("height", height);
  body_ +=
      " viewBox='0 0 " + number(width) + " " + number(height) + "'>\n<title>" + escaped(description) + "</title>\n";
  box({0, 0}, width, height, "#fff");
}

void Svg::attribute(std::string_view name, double value) {
  body_.append(" ").append(name).append("='").append(number(value)).append("'");
}

void Svg::line(Point from, Point to, std::string_view color) {
  const std::array<Point, 2> points{from, to};
  polyline(points, color, 1);
}

void Svg::polyline(std::span<const Point> points, std::string_view color, double width) {
  body_ += "<polyline fill='none' stroke='";
  body_.append(color).append("'");
  attribute("stroke-width", width);
  body_ += " points='";
  for (const Point& point : points) body_ += number(point.x) + "," + number(point.y) + " ";
  body_ += "'/>\n";
}

void Svg::box(Point corner, double width, double height, std::string_view color) {
  body_ += "<rect";
  attribute("x", corner.x);
  attribute("y", corner.y);
  attribute("width", width);
  attribute("height", height);
  body_.append(" fill='").append(color).append("'/>\n");
}

void Svg::text(Point at, Anchor anchor, std::string_view words, std::string_view color) {
  constexpr std::array<std::string_view, 3> anchors{"start", "middle", "end"};
  body_ += "<text";
  attribute("x", at.x);
  attribute("y", at.y);
  body_.append(" text-anchor='").append(anchors[static_cast<std::size_t>(anchor)]);
  body_.append("' fill='").append(color).append("'>").append(escaped(words)).append("</text>\n");
}

}  // namespace bms::cli
