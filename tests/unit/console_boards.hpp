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

inline const std::vector<std::string> only_on_abms{"SERI", "WCBI", "UBDI", "CFVC", "STRN", "ERRL", "ERLD", "ERRD",
                                                   "RE1L", "RE1H", "RE1T", "RE1V", "OP2L", "OP2H", "OP2T", "OP2V",
                                                   "CAL1", "CAL2", "CAL3", "CAL4", "TIME", "DATE"};
/// What the simulated board has no answer for.
inline const std::vector<std::string> newer_daly{"total_charge",
                                                 "total_discharge",
                                                 "pack_high_l1",
                                                 "pack_high_l2",
                                                 "pack_low_l1",
                                                 "pack_low_l2",
                                                 "charge_temp_high_l1",
                                                 "charge_temp_high_l2",
                                                 "charge_temp_low_l1",
                                                 "charge_temp_low_l2",
                                                 "discharge_temp_high_l1",
                                                 "discharge_temp_high_l2",
                                                 "discharge_temp_low_l1",
                                                 "discharge_temp_low_l2",
                                                 "soc_high_l1",
                                                 "soc_high_l2",
                                                 "soc_low_l1",
                                                 "soc_low_l2",
                                                 "cell_diff_l1",
                                                 "cell_diff_l2",
                                                 "temp_diff_l1",
                                                 "temp_diff_l2",
                                                 "short_circuit",
                                                 "sense_resistor"};

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
      {.kind = {"rec_1q", "rec", {}, "", 1}, .lacks = only_on_abms, .model = rec::Model::q1},
      {.kind = {"rec_abms", "rec", {"--kind", "abms"}, "", 2, 4},
       .lacks = {"SISN", "CANF", "ERRL", "ERRD", "EAVC", "ODDC", "REFC"},
       .model = rec::Model::abms},
      {.kind = {"rec_master", "rec", {"--kind", "master", "--units", "2"}, "", 16, 24},
       .lacks = only_on_abms,
       .model = rec::Model::master},
      {.kind = {"daly", "daly", {"--dialect", "a5"}, "a5", 1}, .lacks = newer_daly},
      {.kind = {"daly_bluetooth", "daly", {"--dialect", "a5-bluetooth"}, "a5-bluetooth"}, .lacks = newer_daly},
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
