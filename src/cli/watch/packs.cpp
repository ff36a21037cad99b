#include "cli/watch/packs.hpp"

#include <string>
#include <string_view>

#include "cli/watch/format.hpp"
#include "cli/watch/layout.hpp"

namespace bms::cli {

namespace {

constexpr int most_packs = 16;

Style style_of(std::string_view standing) {
  if (standing == "in use") return Style::good;
  return standing == "silent" ? Style::bad : Style::warning;
}

}  // namespace

std::vector<Line> pack_section(const WatchModel& model, std::size_t columns, bool utf8) {
  std::vector<Line> lines;
  for (int number = 1; number <= most_packs; ++number) {
    const std::string pack = "/Battery/" + std::to_string(number);
    const auto name = model.text(pack + "/Name");
    if (!name) break;
    const std::string standing = clean(model.text(pack + "/Standing").value_or(""), utf8);
    const auto limit = [&](std::string_view path) { return quantity(model.number(pack + std::string(path)), 0, "A"); };
    const std::vector<Line> pieces{
        Line{}.add(clean(*name, utf8), Style::strong),
        Line{}.add(standing, style_of(standing)),
        Line{}.add(quantity(model.number(pack + "/Voltage"), 2, "V")),
        Line{}.add(signed_quantity(model.number(pack + "/Current"), 1, "A")),
        Line{}.add(quantity(model.number(pack + "/Soc"), 1, "%")),
        Line{}.add("may " + limit("/ChargeLimit") + " / " + limit("/DischargeLimit")),
    };
    Line label;
    label.add(" ").add("Pack " + std::to_string(number), Style::faint).pad_to(label_width);
    for (Line& line : flow(label, pieces, columns, 2)) lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace bms::cli
