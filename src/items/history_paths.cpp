// What has happened to the battery so far. Venus wants discharged amounts as 0 or negative.
#include <optional>

#include "items/path_sources.hpp"

namespace bms::items {
namespace {

constexpr Kind history_degrees{Type::real, {1, "C"}, {.counts_per_unit = 10}};
constexpr Kind kilowatt_hours{Type::real, {2, "kWh"}, {.counts_per_unit = 100}};
constexpr Kind whole_seconds{Type::integer, {.unit = "s"}};

template <auto Member>
ValueView amount(const View& view) {
  return real(view.battery.history.*Member);
}

template <auto Member>
ValueView discharged(const View& view) {
  return taken_out(view.battery.history.*Member);
}

template <auto Member>
ValueView number_of(const View& view) {
  return whole(view.battery.history.*Member);
}

/// In whole minutes: a value that changes every second would cost every consumer more than it is worth.
ValueView since_full(const View& view) {
  constexpr double minute_s = 60;
  const std::optional<double> time_s = view.battery.history.since_full_s;
  return time_s ? whole(std::floor(*time_s / minute_s) * minute_s) : ValueView{};
}

using enum Lasts;

constexpr Path history_table[] = {
    {"/History/DeepestDischarge", ampere_hours, always, discharged<&History::deepest_discharge_ah>,
     "0 or negative: the most that was missing to full"},
    {"/History/LastDischarge", ampere_hours, always, discharged<&History::last_discharge_ah>,
     "0 or negative, since the last full charge"},
    {"/History/AverageDischarge", ampere_hours, always, discharged<&History::average_discharge_ah>,
     "0 or negative, between two full charges"},
    {"/History/TotalAhDrawn", ampere_hours, always, discharged<&History::total_drawn_ah>, "0 or negative"},
    {"/History/ChargeCycles", count, always, number_of<&History::charge_cycles>, "as the BMS counts, else ours"},
    {"/History/FullDischarges", count, always, number_of<&History::full_discharges>, ""},
    {"/History/MinimumVoltage", pack_volts, always, amount<&History::min_voltage_v>, "of the pack"},
    {"/History/MaximumVoltage", pack_volts, always, amount<&History::max_voltage_v>, "of the pack"},
    {"/History/MinimumCellVoltage", cell_volts, always, amount<&History::min_cell_v>, ""},
    {"/History/MaximumCellVoltage", cell_volts, always, amount<&History::max_cell_v>, ""},
    {"/History/MinimumTemperature", history_degrees, always, amount<&History::min_temperature_c>, ""},
    {"/History/MaximumTemperature", history_degrees, always, amount<&History::max_temperature_c>, ""},
    {"/History/TimeSinceLastFullCharge", whole_seconds, always, since_full, "in whole minutes"},
    {"/History/AutomaticSyncs", count, always, number_of<&History::automatic_syncs>, "SoC set to 100 % at full"},
    {"/History/LowVoltageAlarms", count, always, number_of<&History::low_voltage_alarms>, ""},
    {"/History/HighVoltageAlarms", count, always, number_of<&History::high_voltage_alarms>, ""},
    {"/History/DischargedEnergy", kilowatt_hours, always, amount<&History::discharged_kwh>, ""},
    {"/History/ChargedEnergy", kilowatt_hours, always, amount<&History::charged_kwh>, ""},
    {"/History/CanBeCleared", count, always, constant<1>, ""},
    {"/History/Clear", count, always, constant<0>,
     "forgets: 1 all, 2 capacity, 3 voltage, 4 time, 5 alarms, 6 temperature, 7 energy", Writable::clear_history},
};

}  // namespace

std::span<const Path> history_paths() { return history_table; }

}  // namespace bms::items
