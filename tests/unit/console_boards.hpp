// Every kind of board that can be simulated, as the console meets it.
#pragma once

#include "console_bench.hpp"
#include "rec/rec_errands.hpp"
#include "rec/rec_parameters.hpp"

namespace bms::test {

/// A kind of board, and what is peculiar to it.
struct BoardRow {
  BoardKind kind;
  std::vector<std::string> lacks{};  ///< of the parameters of its family
  double step = 1;                   ///< it counts in steps so many times as large, where it can
  rec::Model model = rec::Model::unknown;
};

inline const std::vector<std::string> finer_jbd_curve{"cell_voltage_at_90_pct", "cell_voltage_at_70_pct",
                                               "cell_voltage_at_50_pct", "cell_voltage_at_30_pct",
                                               "cell_voltage_at_10_pct", "cell_voltage_at_full"};

inline std::vector<BoardRow> board_rows() {
  return {
      {.kind = {"jbd", "jbd"}},
      {.kind = {"jbd_high_current", "jbd", {"--high-current"}}, .step = 10},
      {.kind = {"jbd_old_firmware", "jbd", {"--firmware", "1.5"}}, .lacks = finer_jbd_curve},
      {.kind = {"ant", "ant", {"--dialect", "new"}, "new"}},
      {.kind = {"ant_old", "ant", {"--dialect", "old"}, "old"}},
      {.kind = {"rec_1q", "rec", {}, "", 1}, .model = rec::Model::q1},
      {.kind = {"rec_abms", "rec", {"--kind", "abms"}, "", 2, 4}, .model = rec::Model::abms},
      {.kind = {"rec_master", "rec", {"--kind", "master", "--units", "2"}, "", 16, 24}, .model = rec::Model::master},
      {.kind = {"daly", "daly", {"--dialect", "a5"}, "a5", 1}},
      {.kind = {"daly_bluetooth", "daly", {"--dialect", "a5-bluetooth"}, "a5-bluetooth"}},
      {.kind = {"daly_p81", "daly", {"--dialect", "p81"}, "p81", 1}},
      {.kind = {"daly_d2", "daly", {"--dialect", "d2"}, "d2"}},
      {.kind = {"jbd_up", "jbd", {"--dialect", "up"}, "up", 1}},
      {.kind = {"jbd_addressed", "jbd", {"--dialect", "addressed"}, "addressed"}},
      {.kind = {"chargery", "chargery"}},
  };
}

/// Between which values this very board takes a parameter; empty: not at all.
inline std::optional<Range> range_of(const Parameter& parameter, const BoardRow& row) {
  if (parameter.access == Access::read || parameter.risk == Risk::never) return std::nullopt;
  if (row.model != rec::Model::unknown) {
    const rec::Instruction* const instruction = rec::find_instruction(parameter.name);
    if (!rec::may_know(row.model, instruction->models)) return std::nullopt;
    return rec::write_range(*instruction, row.model);
  }
  const double wide = parameter.coarser == 1 ? 1 : row.step;
  return Range{parameter.range->min * wide, parameter.range->max * wide};
}

inline double step_of(const Parameter& parameter, const BoardRow& row) {
  return parameter.resolution * (parameter.coarser == 1 ? 1 : row.step);
}

}  // namespace bms::test
