#include "chart.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <sstream>

#include "drawing.hpp"

namespace bms::model {
namespace {

constexpr double voltage_top = 46, voltage_height = 230;
constexpr double current_top = voltage_top + voltage_height + 34, current_height = 130;
constexpr double state_top = current_top + current_height + 14, state_height = 18;
constexpr double total_height = state_top + state_height + 34;

constexpr std::array<Look, 6> state_looks{{{"Bulk", "#cfe3f7"},
                                           {"Absorption", "#ffe2a8"},
                                           {"", "#d9efc4"},
                                           {"Float", "#bfe3b4"},
                                           {"Balancing", "#f7c6b0"},
                                           {"Blocked", "#e4b7b7"}}};

constexpr Look highest{"highest cell", "#c62828"}, mean{"mean", "#222"}, lowest{"lowest cell", "#1565c0"},
    cvl{"CVL per cell", "#2e7d32"}, current{"current", "#78909c"}, ccl{"CCL", "#ef6c00"}, dcl{"DCL", "#6a1b9a"};

void hours(std::ostream& out, int seconds) {
  const double at_y = state_top + state_height;
  for (int hour = 0; hour * 3600 <= seconds; ++hour) {
    const double at_x = left + width * hour * 3600 / seconds;
    out << "<path d='M" << at_x << ' ' << at_y << "v5' stroke='#888'/>\n";
    text(out, at_x, at_y + 18, "middle", std::to_string(hour) + " h");
  }
}

/// The area between the two values of each column.
template <class Column, class Low, class High>
void band(std::ostream& out, const Panel& panel, const std::vector<Column>& all, const Look& look, Low low, High high) {
  out << "<path stroke='" << look.color << "' fill='" << look.color << "' fill-opacity='.4' d='M";
  for (std::size_t i = 0; i < all.size(); ++i) out << x(i) << ' ' << panel.y(std::invoke(high, all[i])) << 'L';
  for (std::size_t i = all.size(); i > 0; --i)
    out << x(i - 1) << ' ' << panel.y(std::invoke(low, all[i - 1])) << (i > 1 ? "L" : "Z'/>\n");
}

}  // namespace

Chart::Chart(std::string_view title, int seconds) : title_(title), seconds_(seconds) { columns_.reserve(columns); }

void Chart::add(const Bench& bench) {
  const Pack& pack = bench.pack();
  const auto cells = static_cast<double>(pack.cells_v().size());
  const Published& now = bench.published();
  if (stays_.empty() || stays_.back().state != now.state) stays_.push_back({now.state, bench.second()});
  const auto column = static_cast<std::size_t>(static_cast<std::int64_t>(bench.second() - 1) * columns / seconds_);
  if (column >= columns_.size()) {
    columns_.push_back({pack.highest_v(), 0, pack.lowest_v(), bench.current_a(), bench.current_a(), {}, {}, {}});
  }
  Column& here = columns_.back();
  here.highest_v = std::max(here.highest_v, pack.highest_v());
  here.lowest_v = std::min(here.lowest_v, pack.lowest_v());
  here.mean_v = pack.voltage_v() / cells;
  here.least_a = std::min(here.least_a, bench.current_a());
  here.most_a = std::max(here.most_a, bench.current_a());
  here.cvl_per_cell_v.reset();
  if (now.cvl_v) here.cvl_per_cell_v = *now.cvl_v / cells;
  here.ccl_a = now.ccl_a;
  here.dcl_a = now.dcl_a;
}

void Chart::draw_voltages(std::ostream& out) const {
  const double lowest_v = std::ranges::min(columns_, {}, &Column::lowest_v).lowest_v;
  const double highest_v = std::ranges::max(columns_, {}, &Column::highest_v).highest_v;
  const double step_v = highest_v - lowest_v > 0.4 ? 0.1 : 0.05;
  const Panel panel = fitting(voltage_top, voltage_height, lowest_v, highest_v + 0.01, step_v, "V");
  grid(out, panel);
  legend(out, voltage_top - 9, std::array{cvl, lowest, mean, highest});
  line(out, panel, columns_, highest, [](const Column& column) { return std::optional(column.highest_v); });
  line(out, panel, columns_, lowest, [](const Column& column) { return std::optional(column.lowest_v); });
  line(out, panel, columns_, mean, [](const Column& column) { return std::optional(column.mean_v); });
  line(out, panel, columns_, cvl, [](const Column& column) { return column.cvl_per_cell_v; });
}

void Chart::draw_currents(std::ostream& out) const {
  const double least_a = std::ranges::min(columns_, {}, &Column::least_a).least_a;
  const double most_a = std::ranges::max(columns_, {}, &Column::most_a).most_a;
  const double step_a = most_a - least_a > 60 ? 25 : most_a - least_a > 25 ? 10 : 5;
  const Panel panel = fitting(current_top, current_height, least_a, most_a, step_a, "A");
  grid(out, panel);
  band(out, panel, columns_, current, &Column::least_a, &Column::most_a);
  line(out, panel, columns_, ccl, [](const Column& column) { return column.ccl_a; });
  const auto held = [&](const Column& column) { return column.dcl_a && *column.dcl_a < -least_a; };
  if (std::ranges::any_of(columns_, held)) {
    line(out, panel, columns_, dcl,
         [](const Column& column) { return column.dcl_a ? std::optional(-*column.dcl_a) : std::nullopt; });
    legend(out, current_top - 9, std::array{dcl, ccl, current});
  } else {
    legend(out, current_top - 9, std::array{ccl, current});
  }
}

void Chart::draw_states(std::ostream& out) const {
  for (std::size_t i = 0; i < stays_.size(); ++i) {
    const double from_x = left + width * stays_[i].from_s / seconds_;
    const double until_x = i + 1 < stays_.size() ? left + width * stays_[i + 1].from_s / seconds_ : left + width;
    const Look& look = state_looks[static_cast<std::size_t>(stays_[i].state)];
    out << "<rect x='" << from_x << "' y='" << state_top << "' width='" << until_x - from_x << "' height='"
        << state_height << "' fill='" << look.color << "'/>\n";
    const bool room = until_x - from_x > letter_width * static_cast<double>(look.name.size());
    if (room) text(out, (from_x + until_x) / 2, state_top + 13, "middle", look.name);
  }
}

std::string Chart::svg() const {
  std::ostringstream out;
  begin_picture(out, total_height, title_);
  draw_voltages(out);
  draw_currents(out);
  draw_states(out);
  hours(out, seconds_);
  out << "</svg>\n";
  return out.str();
}

}  // namespace bms::model
