// Draws any curves of a run over time, in one or two panels, with lines where something happened.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "drawing.hpp"

namespace bms::model {

/// A panel of such a chart.
struct CurvePanel {
  std::string_view unit;
  double step;  ///< from one line of the grid to the next
  bool from_zero;
  std::vector<Look> curves;
};

class CurveChart {
 public:
  /// `seconds`: how long the run will be.
  CurveChart(std::string_view title, int seconds, std::vector<CurvePanel> panels);

  /// What the curves of all panels, one after the other, are in second `second`, from 0 on. Of several values within a
  /// column of the picture the last one is drawn.
  void add(int second, std::span<const std::optional<double>> values);

  /// A line from top to bottom, with words.
  void mark(int second, std::string_view words) { marks_.push_back({second, words}); }

  /// The picture as an SVG document.
  [[nodiscard]] std::string svg() const;

 private:
  struct Mark {
    int second;
    std::string_view words;
  };

  void draw_panel(std::ostream& out, const CurvePanel& panel, std::size_t first, double top) const;
  void draw_marks(std::ostream& out, double bottom) const;
  void draw_times(std::ostream& out, double bottom) const;

  std::string title_;
  int seconds_;
  std::vector<CurvePanel> panels_;
  std::vector<std::vector<std::optional<double>>> columns_{};
  std::vector<Mark> marks_{};
};

}  // namespace bms::model
