// What the readings say about an alarm: which cell, which sensor, how much.
#pragma once

#include "battery/alarm_rules.hpp"

namespace bms::battery {

/// The words behind an alarm, and the number of the cell or sensor that it is about; 0: not about one.
struct CauseDetail {
  ShortText text;
  int number = 0;
};

/// "cell 7, 3.65 V".
[[nodiscard]] ShortText cell_at(int cell, double voltage_v);

/// "cells 3 and 7 differ by 85 mV".
[[nodiscard]] ShortText spread_between(const CellFacts& cells, double spread_v);

/// "58.40 V".
[[nodiscard]] ShortText pack_at(double voltage_v);

/// What the readings say about an alarm that the BMS has raised itself.
[[nodiscard]] CauseDetail said_by_bms(Alarm alarm, const Situation& now);

}  // namespace bms::battery
