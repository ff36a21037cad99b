#include "battery/cell_ranking.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace bms::battery {

namespace {

constexpr double even_below_mv = 20;  // less is even, in this respect

/// -1, 0 or 1: below the others, with them, above them.
int side_of(double deviation_mv) { return std::abs(deviation_mv) < even_below_mv ? 0 : deviation_mv > 0 ? 1 : -1; }

CellVerdict verdict_on(const RankedCell& cell) {
  using enum CellVerdict;
  if (!cell.charge_top_mv || !cell.discharge_end_mv) return unknown;
  constexpr std::array<std::array<CellVerdict, 3>, 3> verdicts{{
      // At the end of a discharge: below the others, with them, above them. At the top of a charge:
      {emptier, strong, strong},  // below
      {weak, even, strong},       // with
      {weak, weak, fuller},       // above
  }};
  const auto place = [](double deviation_mv) {
    return static_cast<std::size_t>(std::ptrdiff_t{side_of(deviation_mv)} + 1);
  };
  return verdicts[place(*cell.charge_top_mv)][place(*cell.discharge_end_mv)];
}

}  // namespace

std::string_view text_of(CellVerdict verdict) {
  switch (verdict) {
    case CellVerdict::unknown: return "not seen full and empty yet";
    case CellVerdict::even: return "even";
    case CellVerdict::weak: return "weak: holds less than the others";
    case CellVerdict::strong: return "strong: holds more than the others";
    case CellVerdict::fuller: return "fuller than the others";
    case CellVerdict::emptier: return "emptier than the others";
  }
  return "";
}

std::vector<RankedCell> ranked(const CellRecord& record) {
  const auto deviation = [&](CellClass which, std::size_t cell) {
    const ClassMeans& means = record.of(which);
    return means.occurrences() > 0 ? std::optional<double>(means.deviation_mv(cell)) : std::nullopt;
  };
  std::vector<RankedCell> cells;
  for (std::size_t i = 0; i < record.cells; ++i) {
    RankedCell cell{.cell = i + 1,
                    .rest_mv = deviation(CellClass::rest, i),
                    .charge_top_mv = deviation(CellClass::charge_top, i),
                    .discharge_end_mv = deviation(CellClass::discharge_end, i)};
    const auto low_end_mv = cell.discharge_end_mv ? cell.discharge_end_mv : cell.rest_mv;
    if (!cell.charge_top_mv && !low_end_mv) return {};
    cell.weakness_mv = cell.charge_top_mv.value_or(0) - low_end_mv.value_or(0);
    cell.verdict = verdict_on(cell);
    cells.push_back(cell);
  }
  std::ranges::stable_sort(cells, std::ranges::greater{}, &RankedCell::weakness_mv);
  return cells;
}

}  // namespace bms::battery
