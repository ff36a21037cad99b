#include "driver/bank_paths.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace bms::driver {

namespace {

using bank::Told;

/// Who has a path: every battery, drivers of this program in a bank, others.
enum class Of : std::uint8_t { all, ours, others };

struct NumberRow {
  std::string_view path;
  std::optional<double> Told::* place;
  Of of = Of::all;
  double factor = 1;
};
constexpr NumberRow number_rows[] = {
    {"/Dc/0/Voltage", &Told::voltage_v},
    {"/Dc/0/Current", &Told::current_a},
    {"/Soc", &Told::soc_pct},
    {"/InstalledCapacity", &Told::capacity_ah},
    {"/Capacity", &Told::remaining_ah},
    {"/History/ChargeCycles", &Told::cycles},
    {"/History/TotalAhDrawn", &Told::drawn_ah, Of::all, -1},
    {"/System/MinCellVoltage", &Told::lowest_cell_v},
    {"/System/MaxCellVoltage", &Told::highest_cell_v},
    // The stronger one comes later: a pack without temperatures of cells has one of the battery.
    {"/Dc/0/Temperature", &Told::coldest_c},
    {"/Dc/0/Temperature", &Told::hottest_c},
    {"/System/MinCellTemperature", &Told::coldest_c},
    {"/System/MaxCellTemperature", &Told::hottest_c},
    {"/Info/MaxChargeVoltage", &Told::charge_voltage_v, Of::others},
    {"/Info/MaxChargeCurrent", &Told::charge_current_a, Of::others},
    {"/Info/MaxDischargeCurrent", &Told::discharge_current_a, Of::others},
    {"/Member/Limit/ChargeVoltage", &Told::charge_voltage_v, Of::ours},
    {"/Member/Limit/ChargeCurrent", &Told::charge_current_a, Of::ours},
    {"/Member/Limit/DischargeCurrent", &Told::discharge_current_a, Of::ours},
    {"/Member/Resistance", &Told::resistance_ohm, Of::ours},
};

/// The same path can stand in two rows; only the first of them is followed.
constexpr auto followed_row = [] {
  std::array<std::uint8_t, std::size(number_rows)> first{};
  for (std::size_t row = 0; row < first.size(); ++row) {
    while (number_rows[first[row]].path != number_rows[row].path) ++first[row];
  }
  return first;
}();

struct FlagRow {
  std::string_view path;
  std::optional<bool> Told::* place;
};
constexpr FlagRow flag_rows[] = {
    {"/Member/ChargeFet", &Told::charge_fet},
    {"/Member/DischargeFet", &Told::discharge_fet},
    {"/Balancing", &Told::balancing},
    {"/Heating", &Told::heating},
};

/// What is looked at by itself, before the cells, which come last.
enum Single : std::size_t { connected, allow_charge, allow_discharge, member_state, counter, cell_count, single_count };
constexpr std::string_view singles[] = {"/Connected",    "/Io/AllowToCharge",  "/Io/AllowToDischarge",
                                        "/Member/State", "/Info/FrameCounter", "/System/NrOfCellsPerBattery"};

constexpr std::string_view identity[] = {"/Member/Name", "/Serial", "/FirmwareVersion"};

constexpr std::size_t first_flag = std::size(number_rows);
constexpr std::size_t first_of_identity = first_flag + std::size(flag_rows);
constexpr std::size_t first_single = first_of_identity + std::size(identity);
constexpr std::size_t first_alarm = first_single + single_count;
constexpr std::size_t first_cell = first_alarm + alarm_count;
constexpr std::size_t first_of_monitor = first_cell + max_cells;

// The cell monitor of a pack of ours. What other drivers have by these names is of another kind, and goes on changing
// without the BMS, which must not be taken for a sign of life.
using bank::MonitorTold;

struct MonitorNumber {
  std::string_view path;
  std::optional<double> MonitorTold::* place;
};
constexpr MonitorNumber monitor_numbers[] = {
    {"/CellMonitor/Statistics/MinVoltage", &MonitorTold::lowest_v},
    {"/CellMonitor/Statistics/MaxVoltage", &MonitorTold::highest_v},
    {"/CellMonitor/Statistics/AvgVoltage", &MonitorTold::mean_v},
    {"/CellMonitor/Statistics/MaxSpread", &MonitorTold::widest_v},
    {"/CellMonitor/Alerts/Count", &MonitorTold::alerts},
};

struct MonitorText {
  std::string_view path;
  std::string_view MonitorTold::* place;
};
constexpr MonitorText monitor_texts[] = {
    {"/CellMonitor/WeakestCell", &MonitorTold::weakest},
    {"/CellMonitor/StrongestCell", &MonitorTold::strongest},
    {"/CellMonitor/Alerts/LatestCode", &MonitorTold::latest_code},
};

constexpr std::size_t path_count = first_of_monitor + std::size(monitor_numbers) + std::size(monitor_texts);

/// All paths; twice the same one is asked for once, where it stands first.
struct Table {
  std::vector<std::string> made;
  std::vector<std::string_view> all;

  Table() {
    made.reserve(alarm_count + max_cells);
    all.reserve(path_count);
    for (const NumberRow& row : number_rows) all.push_back(row.path);
    for (const FlagRow& row : flag_rows) all.push_back(row.path);
    for (const std::string_view path : identity) all.push_back(path);
    for (const std::string_view path : singles) all.push_back(path);
    for (const AlarmEffect& effect : alarm_effects) add("/Alarms/" + std::string(effect.venus_name));
    for (std::size_t cell = 1; cell <= max_cells; ++cell) add("/Voltages/Cell" + std::to_string(cell));
    for (const MonitorNumber& row : monitor_numbers) all.push_back(row.path);
    for (const MonitorText& row : monitor_texts) all.push_back(row.path);
  }

  void add(std::string path) {
    made.push_back(std::move(path));
    all.push_back(made.back());
  }
};

const Table& table() {
  static const Table paths;
  return paths;
}

std::optional<AlarmLevel> level_of(std::optional<double> number) {
  if (!number || *number < 0) return std::nullopt;
  return *number >= 2 ? AlarmLevel::alarm : *number >= 1 ? AlarmLevel::warning : AlarmLevel::ok;
}

std::optional<ChargeState> state_of(std::optional<double> number) {
  constexpr auto last = static_cast<double>(ChargeState::blocked);
  if (!number || *number < 0 || *number > last) return std::nullopt;
  return static_cast<ChargeState>(static_cast<unsigned>(*number));
}

void read_numbers(const PackNumbers& numbers, bool ours, Told& told) {
  std::size_t place = 0;
  for (const NumberRow& row : number_rows) {
    const auto number = numbers(followed_row[place++]);
    if (!number || row.of == (ours ? Of::others : Of::ours)) continue;
    told.*row.place = row.factor * *number;
  }
}

void read_cells(const PackNumbers& numbers, Told& told) {
  const auto count = numbers(first_single + cell_count);
  if (count && *count >= 0 && *count <= static_cast<double>(max_cells)) {
    told.cell_count = static_cast<std::size_t>(*count);
  }
  for (std::size_t cell = 0; cell < max_cells; ++cell) {
    const auto cell_v = numbers(first_cell + cell);
    if (!cell_v) break;
    told.cells_v.push_back(*cell_v);
  }
}

}  // namespace

std::span<const std::string_view> pack_paths(bool ours) {
  const std::span<const std::string_view> all = table().all;
  return ours ? all : all.first(first_of_monitor);
}

std::span<const std::string_view> identity_paths() { return identity; }

std::size_t identity_path() { return first_of_identity; }

std::size_t frame_counter_path() { return first_single + counter; }

bool is_connected(const PackNumbers& numbers) {
  const bool says_no = numbers(first_single + connected).value_or(1) == 0;
  return !says_no && numbers(0).has_value();
}

Told told_of(const PackNumbers& numbers, bool ours) {
  Told told;
  read_numbers(numbers, ours, told);
  std::size_t path = first_flag;
  for (const FlagRow& row : flag_rows) {
    if (const auto number = numbers(path++)) told.*row.place = *number != 0;
  }
  for (std::size_t i = 0; i < alarm_count; ++i) {
    told.alarms.set(alarm_effects[i].alarm, level_of(numbers(first_alarm + i)));
  }
  read_cells(numbers, told);
  if (ours) {
    told.state = state_of(numbers(first_single + member_state));
    return told;
  }
  // Whether a FET is open, or only nothing is to flow, it does not say. With a closed one it has its share of every
  // current, so that is what counts.
  if (numbers(first_single + allow_charge) == 0) told.charge_current_a = 0;
  if (numbers(first_single + allow_discharge) == 0) told.discharge_current_a = 0;
  return told;
}

bank::PackMonitor monitor_of(const PackNumbers& numbers, const PackTexts& texts) {
  MonitorTold told{.cells = numbers(first_single + cell_count)};
  std::size_t path = first_of_monitor;
  for (const MonitorNumber& row : monitor_numbers) told.*row.place = numbers(path++);
  for (const MonitorText& row : monitor_texts) told.*row.place = texts(path++);
  return bank::understood(told);
}

}  // namespace bms::driver
