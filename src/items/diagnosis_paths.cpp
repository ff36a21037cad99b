// What the stock GUI's pages "Diagnostics" and "Module level alarms" show.
#include <array>
#include <cstdint>

#include "items/path_sources.hpp"

namespace bms::items {
namespace {

ValueView shut_downs(const View& view) { return whole(view.battery.history.shut_downs); }

const std::optional<DatedError>& error(const View& view, std::size_t index) {
  return view.battery.history.last_errors[index];
}

ValueView error_code(const View& view, std::size_t index) {
  const auto& known = error(view, index);
  return known ? ValueView{std::int32_t{known->code}} : ValueView{};
}

ValueView error_time(const View& view, std::size_t index) {
  const auto& known = error(view, index);
  return known ? whole(known->unix_s) : ValueView{};
}

// The GUI looks at ten modules.
constexpr std::array<std::string_view, 10> unit_names{"Unit 1", "Unit 2", "Unit 3", "Unit 4", "Unit 5",
                                                      "Unit 6", "Unit 7", "Unit 8", "Unit 9", "Unit 10"};

ValueView unit_name(const View&, std::size_t index) {
  return index < unit_names.size() ? text(unit_names[index]) : ValueView{};
}

/// The level of the whole battery on the pages of those units that are to blame; invalid: nobody knows which these are.
template <Alarm Which>
ValueView level_of_unit(const View& view, std::size_t index) {
  const auto level = view.battery.alarms[Which];
  if (!level || *level == AlarmLevel::ok) return level ? ValueView{std::int32_t{0}} : ValueView{};
  const std::uint32_t units = view.battery.alarm_sources[static_cast<std::size_t>(Which)].units;
  if (units == 0) return {};
  const bool to_blame = (units >> index & 1U) != 0;
  return to_blame ? static_cast<std::int32_t>(*level) : std::int32_t{0};
}

using enum Lasts;

constexpr Path diagnosis_table[] = {
    {"/Diagnostics/ShutDownsDueError", count, always, shut_downs,
     "how often an alarm or a lost BMS has ended charging or discharging"},
};

constexpr std::string_view of_unit = "as /Alarms, of one unit of several; invalid: it is not known of which";

constexpr NumberedPath numbered_diagnosis_table[] = {
    {"/Diagnostics/LastErrors/<n>/Error", Each::error, count, always, error_code, "1 the newest, to 4: Venus's number"},
    {"/Diagnostics/LastErrors/<n>/Time", Each::error, count, always, error_time,
     "seconds since 1970; invalid: the clock was not set"},
    {"/Diagnostics/Module<n>/Id", Each::module, word, always, unit_name, "of a unit, where there are several"},
    {"/Diagnostics/Module<n>/Alarms/HighCellVoltage", Each::module, count, until_lost,
     level_of_unit<Alarm::high_cell_voltage>, of_unit},
    {"/Diagnostics/Module<n>/Alarms/LowCellVoltage", Each::module, count, until_lost,
     level_of_unit<Alarm::low_cell_voltage>, of_unit},
    {"/Diagnostics/Module<n>/Alarms/CellImbalance", Each::module, count, until_lost,
     level_of_unit<Alarm::cell_imbalance>, of_unit},
    {"/Diagnostics/Module<n>/Alarms/HighTemperature", Each::module, count, until_lost,
     level_of_unit<Alarm::high_temperature>, of_unit},
    {"/Diagnostics/Module<n>/Alarms/LowChargeTemperature", Each::module, count, until_lost,
     level_of_unit<Alarm::low_charge_temperature>, of_unit},
    {"/Diagnostics/Module<n>/Alarms/HighInternalTemperature", Each::module, count, until_lost,
     level_of_unit<Alarm::high_internal_temperature>, of_unit},
    {"/Diagnostics/Module<n>/Alarms/InternalFailure", Each::module, count, until_lost,
     level_of_unit<Alarm::internal_failure>, of_unit},
    {"/Diagnostics/Module<n>/Alarms/Contactor", Each::module, count, until_lost, level_of_unit<Alarm::contactor>,
     of_unit},
};

}  // namespace

std::span<const Path> diagnosis_paths() { return diagnosis_table; }
std::span<const NumberedPath> numbered_diagnosis_paths() { return numbered_diagnosis_table; }

}  // namespace bms::items
