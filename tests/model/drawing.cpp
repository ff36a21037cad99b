#include "drawing.hpp"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <sstream>

namespace bms::model {

double Panel::y(double value) const { return top + height * (high - std::clamp(value, low, high)) / (high - low); }

Panel fitting(double top, double height, double low, double high, double step, std::string_view unit) {
  return {top, height, std::floor(low / step) * step, std::ceil(high / step) * step, step, unit};
}

double x(std::size_t column) { return left + width * static_cast<double>(column) / columns; }

void text(std::ostream& out, double at_x, double at_y, std::string_view anchor, std::string_view words) {
  out << "<text x='" << at_x << "' y='" << at_y << "' text-anchor='" << anchor << "'>" << words << "</text>\n";
}

void grid(std::ostream& out, const Panel& panel) {
  const int decimals = panel.step < 1 ? 2 : 0;
  const auto lines = std::lround((panel.high - panel.low) / panel.step);
  for (long i = 0; i <= lines; ++i) {
    const double value = panel.low + static_cast<double>(i) * panel.step;
    const double at_y = panel.y(value);
    out << "<path d='M" << left << ' ' << at_y << "h" << width << "' stroke='#ddd'/>\n";
    std::ostringstream words;
    words << std::fixed << std::setprecision(decimals) << value << ' ' << panel.unit;
    text(out, left - 5, at_y + 4, "end", words.str());
  }
}

void legend(std::ostream& out, double at_y, std::span<const Look> looks) {
  double at_x = left + width;
  for (const Look& look : looks) {
    out << "<text x='" << at_x << "' y='" << at_y << "' text-anchor='end' fill='" << look.color << "'>" << look.name
        << "</text>\n";
    at_x -= letter_width * static_cast<double>(look.name.size()) + 14;
  }
}

void begin_picture(std::ostream& out, double height, std::string_view title) {
  out << std::fixed << std::setprecision(1) << "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 "
      << left + width + right_margin << ' ' << height << "' font-family='sans-serif' font-size='12'>\n"
      << "<rect width='100%' height='100%' fill='#fff'/>\n<g font-size='15'>";
  text(out, left, 18, "start", title);
  out << "</g>\n";
}

}  // namespace bms::model
