// What the last days have shown of the cells; nothing of it changes more often than twice an hour, but for events.
//
// Names below /CellMonitor/Statistics and /CellMonitor/Alerts: as other drivers with a cell monitor have them.
#include "items/path_sources.hpp"

namespace bms::items {
namespace {

template <auto Member>
ValueView number(const View& view) {
  return real(view.battery.cells.*Member);
}

template <auto Member>
ValueView words(const View& view) {
  return text_unless_empty(view.battery.cells.*Member);
}

ValueView alerts(const View& view) { return std::int32_t{view.battery.cells.alerts}; }

using enum Lasts;

constexpr Path cell_monitor_table[] = {
    {"/CellMonitor/Statistics/MinVoltage", cell_volts, always, number<&CellSummary::lowest_v>,
     "of any cell in the last two days"},
    {"/CellMonitor/Statistics/MaxVoltage", cell_volts, always, number<&CellSummary::highest_v>,
     "of any cell in the last two days"},
    {"/CellMonitor/Statistics/AvgVoltage", cell_volts, always, number<&CellSummary::mean_v>,
     "of all cells in the last two days"},
    {"/CellMonitor/Statistics/MaxSpread", cell_volts, always, number<&CellSummary::widest_v>,
     "the largest that lasted for ten minutes, in the last two days; of a bank within one pack"},
    {"/CellMonitor/WeakestCell", word, always, words<&CellSummary::weakest>,
     "\"C7 23 mV\": how far it is ahead of the others on the way to full and to empty, of a bank \"B2C7 23 mV\"; see "
     "cells.md"},
    {"/CellMonitor/StrongestCell", word, always, words<&CellSummary::strongest>, "likewise, the opposite"},
    {"/CellMonitor/Trend", word, always, words<&CellSummary::trend>,
     "\"7:12,7:13,,9:5\": for every half hour of two days the lowest cell, and how many mV it was below the mean of "
     "all; "
     "the oldest first, empty where nobody looked; not of a bank"},
    {"/CellMonitor/Alerts/Count", count, always, alerts,
     "warnings and alarms that nobody has acknowledged; of a bank, those of "
     "its packs of this program"},
    {"/CellMonitor/Alerts/Latest", word, always, words<&CellSummary::latest_alert>, "the newest event, for people"},
    {"/CellMonitor/Alerts/LatestCode", word, always, words<&CellSummary::latest_alert_code>,
     "the same for programs, \"1:2:4:2871:1:0:1764430000\": 0 cells apart, 1 too low, 2 too high; 0 info, 1 warning, "
     "2 alarm; cell; worst mV; 1 while it lasts; 1 when acknowledged; begin in seconds since 1970, or 0; of a bank the "
     "pack, from 1"},
    {"/CellMonitor/Alerts/Acknowledge", count, always, constant<0>,
     "writing 1: all of them have been seen; a bank tells its packs", Writable::acknowledge},
};

}  // namespace

std::span<const Path> cell_monitor_paths() { return cell_monitor_table; }

}  // namespace bms::items
