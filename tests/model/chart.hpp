// Draws a run: cell voltages and CVL, current and limits, charge state. For people, so thinned out to what a screen
// shows.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bench.hpp"

namespace bms::model {

class Chart {
 public:
  /// `seconds`: how long the run will be.
  Chart(std::string_view title, int seconds);

  /// Takes what a bench shows now; to be called after each second.
  void add(const Bench& bench);

  /// The picture as an SVG document.
  [[nodiscard]] std::string svg() const;

 private:
  /// What happened within one column of the picture.
  struct Column {
    double highest_v, mean_v, lowest_v;
    double least_a, most_a;
    std::optional<double> cvl_per_cell_v, ccl_a, dcl_a;
  };
  struct Stay {
    ChargeState state;
    int from_s;
  };

  void draw_voltages(std::ostream& out) const;
  void draw_currents(std::ostream& out) const;
  void draw_states(std::ostream& out) const;

  std::string title_;
  int seconds_;
  std::vector<Column> columns_{};
  std::vector<Stay> stays_{};
};

}  // namespace bms::model
