// Single cells and sensors: their names, their extremes, and one path for each.
#include <algorithm>
#include <array>
#include <optional>

#include "items/path_sources.hpp"

namespace bms::items {
namespace {

/// "C1", "C2", ...: Modbus has room for 8 characters.
template <char Letter, std::size_t Count>
constexpr auto names = [] {
  std::array<std::array<char, 4>, Count> result{};
  for (std::size_t i = 0; i < Count; ++i) {
    const std::size_t number = i + 1;
    auto out = result[i].begin();
    *out++ = Letter;
    if (number >= 10) *out++ = static_cast<char>('0' + number / 10);
    *out = static_cast<char>('0' + number % 10);
  }
  return result;
}();

template <auto Member, char Letter, std::size_t Count>
ValueView named(const View& view) {
  const std::optional<int> number = view.battery.derived.*Member;
  if (!number || *number < 1 || static_cast<std::size_t>(*number) > Count) return {};
  return text(names<Letter, Count>[static_cast<std::size_t>(*number - 1)].data());
}

/// "U2C7", the seventh cell of the second unit. A unit has up to 16 cells.
constexpr std::size_t most_units = 16;
constexpr std::size_t most_cells_of_unit = 16;
constexpr auto names_in_units = [] {
  std::array<std::array<std::array<char, 8>, most_cells_of_unit>, most_units> result{};
  for (std::size_t unit = 0; unit < most_units; ++unit) {
    for (std::size_t cell = 0; cell < most_cells_of_unit; ++cell) {
      auto out = result[unit][cell].begin();
      for (const auto& name : {names<'U', most_units>[unit], names<'C', most_cells_of_unit>[cell]}) {
        for (const char letter : name)
          if (letter != 0) *out++ = letter;
      }
    }
  }
  return result;
}();

template <auto Member>
ValueView cell_name(const View& view) {
  if (const BankView* bank = view.facts.who.bank) {
    constexpr bool lowest = Member == &Derived::min_cell;
    return text_unless_empty(lowest ? bank->lowest_cell_id : bank->highest_cell_id);
  }
  const Reading& reading = view.battery.reading;
  const std::optional<int> number = view.battery.derived.*Member;
  const std::size_t cells_of_unit = reading.cells_v.size() / std::max<std::size_t>(1, reading.modules);
  if (reading.modules <= 1 || !number || cells_of_unit == 0) return named<Member, 'C', max_cells>(view);
  const auto index = static_cast<std::size_t>(*number - 1);
  const std::size_t unit = index / cells_of_unit;
  if (unit >= most_units || cells_of_unit > most_cells_of_unit) return {};
  return text(names_in_units[unit][index % cells_of_unit].data());
}
template <auto Member>
constexpr auto sensor_name = named<Member, 'T', max_temperatures>;

ValueView cell_voltage(const View& view, std::size_t index) {
  const auto& cells = view.battery.reading.cells_v;
  return index < cells.size() ? ValueView{cells[index]} : ValueView{};
}

ValueView cell_balancing(const View& view, std::size_t index) {
  const auto& cells = view.battery.reading.balancing;
  return flag(cells && index < max_cells ? std::optional<bool>{cells->test(index)} : std::nullopt);
}

ValueView sensor_temperature(const View& view, std::size_t index) {
  const auto& sensors = view.battery.reading.temperatures_c;
  return index < sensors.size() ? real(sensors[index]) : ValueView{};
}

ValueView time_to_soc(const View& view, std::size_t index) {
  const auto& points = view.battery.estimate.time_to_soc;
  return index < points.size() ? real(points[index].time_s) : ValueView{};
}

using enum Lasts;

constexpr Path cell_table[] = {
    {"/Voltages/Sum", cell_volts, fresh, derived<&Derived::cell_sum_v>, "of all cells"},
    {"/Voltages/Diff", cell_volts, fresh, derived<&Derived::cell_diff_v>, "highest minus lowest cell"},
    {"/System/MinCellVoltage", cell_volts, fresh, derived<&Derived::min_cell_v>, "lowest cell"},
    {"/System/MaxCellVoltage", cell_volts, fresh, derived<&Derived::max_cell_v>, "highest cell"},
    {"/System/MinVoltageCellId", word, fresh, cell_name<&Derived::min_cell>,
     "C1, C2, ...; U2C1 with several units, B2C1 with several packs"},
    {"/System/MaxVoltageCellId", word, fresh, cell_name<&Derived::max_cell>, "likewise"},
    {"/System/MinCellTemperature", degrees, fresh, derived<&Derived::min_temperature_c>, "coldest sensor"},
    {"/System/MaxCellTemperature", degrees, fresh, derived<&Derived::max_temperature_c>, "warmest sensor"},
    {"/System/MinTemperatureCellId", word, fresh, sensor_name<&Derived::min_sensor>, "T1, T2, ..."},
    {"/System/MaxTemperatureCellId", word, fresh, sensor_name<&Derived::max_sensor>, "T1, T2, ..."},
    {"/System/MOSTemperature", degrees, fresh, measured<&Reading::mos_temperature_c>, "of the FETs, or of the board"},
};

constexpr NumberedPath numbered_cell_table[] = {
    {"/Voltages/Cell<n>", Each::cell, cell_volts, fresh, cell_voltage, "of one cell"},
    {"/Balances/Cell<n>", Each::cell, count, fresh, cell_balancing, "1 while the cell is balanced"},
    {"/System/Temperature<n>", Each::sensor, degrees, fresh, sensor_temperature, "of one sensor"},
    {"/TimeToSoC/<n>", Each::soc_point, seconds, fresh, time_to_soc, "until this SoC; invalid when not on the way"},
};

}  // namespace

std::span<const Path> cell_paths() { return cell_table; }
std::span<const NumberedPath> numbered_cell_paths() { return numbered_cell_table; }

}  // namespace bms::items
