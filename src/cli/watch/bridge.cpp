#include "cli/watch/bridge.hpp"

#include <algorithm>

#include "cli/watch/format.hpp"
#include "cli/watch/layout.hpp"
#include "cli/watch/text.hpp"

namespace bms::cli {
namespace {

constexpr std::size_t name_column = 13;
constexpr std::size_t state_column = 34;
constexpr int most_rows = 64;

/// One row of the service, "/Chargers/1/".
struct Row {
  const WatchModel& model;
  std::string node;
  bool utf8;

  [[nodiscard]] std::string text(std::string_view leaf) const {
    return clean(model.text(node + std::string(leaf)).value_or(""), utf8);
  }
  [[nodiscard]] std::string amperes(std::string_view leaf) const {
    return quantity(model.number(node + std::string(leaf)), 1, "A");
  }
};

/// All rows below "/Chargers/" or "/Batteries/".
std::vector<Row> rows_of(const WatchModel& model, const std::string& node, bool utf8) {
  std::vector<Row> rows;
  for (int number = 1; number <= most_rows; ++number) {
    const std::string prefix = node + std::to_string(number) + "/";
    if (!model.has(prefix + "Name")) break;
    rows.push_back({model, prefix, utf8});
  }
  return rows;
}

Line label(std::string_view words) { return Line{}.add(" ").add(words, Style::faint).pad_to(name_column); }

Line battery_line(const Row& row) {
  Line line = label("Battery");
  line.add(row.text("Name")).pad_to(state_column);
  line.add("CCL " + row.amperes("Limit"));
  if (row.text("Presence") != "heard") line.add("  " + row.text("Presence"), Style::bad);
  return line;
}

void add_charger(std::vector<Line>& lines, const Row& row) {
  Line line = label("Charger");
  line.add(row.text("Name")).pad_to(state_column).add(row.text("Way"));
  if (row.model.number(row.node + "ChargeCurrent")) line.add("  told " + row.amperes("ChargeCurrent"));
  if (row.model.integer(row.node + "SwitchedOff") == 1) line.add("  switched off by the bridge", Style::warning);
  lines.push_back(std::move(line));
  lines.push_back(Line{}.pad_to(name_column + 2).add(row.text("Result"), Style::faint));
  if (const std::string problem = row.text("Problem"); !problem.empty())
    lines.push_back(Line{}.pad_to(name_column + 2).add("ALARM: " + problem, Style::bad));
}

}  // namespace

std::vector<std::string> bridge_screen(const WatchModel& model, Presence presence, const ScreenOptions& options) {
  std::vector<Line> lines;
  const Row bridge{model, "/Bridge/", options.utf8};
  lines.push_back(Line{}.add(" ").add("MPPT bridge", Style::strong).add("  " + bridge.text("Mode"), Style::faint));
  if (presence == Presence::gone) lines.push_back(Line{}.add(" not on the bus; waiting", Style::bad));
  lines.emplace_back();
  const bool allowed = model.integer("/Bridge/Allow") == 1;
  lines.push_back(label("Charging").add(allowed ? "allowed" : "NOT ALLOWED", allowed ? Style::good : Style::bad));
  lines.push_back(label("Reason").add(bridge.text("Reason")));
  if (model.integer("/Bridge/PvDisabled") == 1)
    lines.push_back(label("PV").add("all of it is stopped through systemcalc", Style::warning));
  lines.emplace_back();
  for (const Row& row : rows_of(model, "/Batteries/", options.utf8)) lines.push_back(battery_line(row));
  for (const Row& row : rows_of(model, "/Chargers/", options.utf8)) add_charger(lines, row);

  std::vector<std::string> printed;
  printed.reserve(lines.size());
  const std::size_t columns = std::max(options.columns, narrowest);
  for (const Line& line : lines) printed.push_back(line.print(std::min(columns, options.columns), options.colours));
  return printed;
}

}  // namespace bms::cli
