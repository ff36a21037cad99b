#include "venus/battery_paths.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

namespace bms::venus {
namespace {

// The steps are the finest that Venus shows anywhere; finer ones would make every sample a change.
constexpr Kind word{Type::text};
constexpr Kind count{Type::integer};
constexpr Kind id_number{Type::integer, {.hex = true}};
constexpr Kind pack_volts{Type::real, {2, "V"}, {.counts_per_unit = 100}};
constexpr Kind cell_volts{Type::real, {3, "V"}, {.counts_per_unit = 1000}};
constexpr Kind amperes{Type::real, {1, "A"}, {.counts_per_unit = 10, .fine_counts = 100, .fine_below = 10}};
constexpr Kind watts{Type::real, {0, "W"}, {.counts_per_unit = 1}};
constexpr Kind percent{Type::real, {1, "%"}, {.counts_per_unit = 10}};
constexpr Kind degrees{Type::real, {0, "C"}, {.counts_per_unit = 10}};
constexpr Kind ampere_hours{Type::real, {1, "Ah"}, {.counts_per_unit = 10}};
constexpr Kind whole_ampere_hours{Type::real, {0, "Ah"}, {.counts_per_unit = 10}};
constexpr Kind seconds{Type::real, {0, "s"}, {.counts_per_unit = 1}};
// Limits must never come out above what charge control computed.
constexpr Kind limit_volts{Type::real, {2, "V"}, {.counts_per_unit = 100, .downwards = true}};
constexpr Kind limit_amperes{Type::real, {1, "A"}, {.counts_per_unit = 10, .downwards = true}};

template <auto Member>
ValueView measured(const View& view) {
  return real(view.battery.reading.*Member);
}

template <auto Member>
ValueView derived(const View& view) {
  return real(view.battery.derived.*Member);
}

template <auto Member>
ValueView device(const View& view) {
  return text_unless_empty(view.battery.device.*Member);
}

template <auto Member>
ValueView limit(const View& view) {
  return real(view.limits.*Member);
}

template <auto Member>
ValueView permission(const View& view) {
  return flag(view.limits.*Member);
}

template <auto Member>
ValueView reason(const View& view) {
  return text(view.limits.*Member);
}

template <std::int32_t Number>
ValueView constant(const View&) {
  return Number;
}

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

/// "U2C7", the seventh cell of the second unit. Up to 16 cells stand in a unit.
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

ValueView installed_capacity(const View& view) {
  const Reading& reading = view.battery.reading;
  return real(reading.design_capacity_ah ? reading.design_capacity_ah : reading.full_ah);
}

ValueView firmware(const View& view) { return text_unless_empty(view.battery.device.firmware); }

ValueView charge_cycles(const View& view) {
  const auto cycles = view.battery.reading.cycles;
  if (!cycles || !(*cycles >= 0 && *cycles < 1e9)) return {};
  return static_cast<std::int32_t>(*cycles);
}

ValueView total_drawn(const View& view) {
  const auto drawn_ah = view.battery.reading.total_discharged_ah;
  return drawn_ah ? ValueView{std::min(0.0, -*drawn_ah)} : ValueView{};
}

/// Seconds until the battery is empty at the present current, in whole minutes; more than ten days are not foretold,
/// and "not discharging" is best told by no value.
ValueView time_to_go(const View& view) {
  constexpr double minute_s = 60;
  constexpr double longest_s = 864000;
  const Reading& reading = view.battery.reading;
  if (!reading.remaining_ah || !reading.current_a || *reading.current_a >= 0) return {};
  const double left_s = std::max(*reading.remaining_ah, 0.0) / -*reading.current_a * 3600;
  if (!(left_s <= longest_s)) return {};
  return std::round(left_s / minute_s) * minute_s;
}

ValueView connection(const View& view) { return text(view.facts.connection); }
ValueView version(const View& view) { return text(view.facts.version); }
ValueView instance(const View& view) { return std::int32_t{view.facts.device_instance}; }
ValueView custom_name(const View& view) { return text(view.facts.custom_name); }
ValueView product_name(const View& view) { return text(view.product_name); }
ValueView process_name(const View&) { return text("dbus-bms"); }

bool out_of_contact(Contact contact) { return contact == Contact::releasing || contact == Contact::lost; }

/// Venus shows it as a row of its own, which is what makes a lost BMS visible beside its alarm.
ValueView state(const View& view) {
  constexpr std::int32_t initializing = 0;
  constexpr std::int32_t running = 9;
  constexpr std::int32_t error = 10;
  if (view.battery.contact == Contact::never) return initializing;
  return out_of_contact(view.battery.contact) ? error : running;
}

ValueView bms_cable(const View& view) {
  if (out_of_contact(view.battery.contact)) return std::int32_t{2};
  return std::int32_t{view.battery.contact == Contact::stale ? 1 : 0};
}

template <Alarm Which>
ValueView alarm(const View& view) {
  const auto level = view.battery.reading.alarms[Which];
  return integer(level ? std::optional<int>{static_cast<int>(*level)} : std::nullopt);
}

ValueView charge_mode(const View& view) {
  if (!view.limits.charge_voltage_v) return text("Not managed");
  return text(view.limits.allow_charge.value_or(true) ? "Charging allowed" : "Charging blocked");
}

ValueView has_sensor(const View& view) { return flag(!view.battery.reading.temperatures_c.empty()); }
ValueView cell_count(const View& view) { return static_cast<std::int32_t>(view.battery.cell_count); }
std::int32_t modules(const View& view) { return static_cast<std::int32_t>(view.battery.reading.modules); }
ValueView online(const View& view) { return view.battery.measurements_valid() ? modules(view) : std::int32_t{0}; }
ValueView offline(const View& view) { return view.battery.measurements_valid() ? std::int32_t{0} : modules(view); }

template <auto Member>
ValueView blocked(const View& view) {
  const std::optional<bool> allowed = view.limits.*Member;
  return flag(allowed ? std::optional<bool>{!*allowed} : std::nullopt);
}

ValueView balancing(const View& view) {
  const auto& cells = view.battery.reading.balancing;
  return flag(cells ? std::optional<bool>{cells->any()} : std::nullopt);
}

struct StatusBit {
  Alarm alarm;
  AlarmLevel from;  ///< the least level that sets the bit
  int bit;
};

// Bits as gui-v2 names them on its page "Individual battery info".
constexpr StatusBit status_bits[] = {
    {Alarm::cell_imbalance, AlarmLevel::warning, 1},
    {Alarm::high_voltage, AlarmLevel::warning, 3},
    {Alarm::low_voltage, AlarmLevel::warning, 4},
    {Alarm::low_charge_temperature, AlarmLevel::alarm, 5},
    {Alarm::high_charge_temperature, AlarmLevel::alarm, 6},
    {Alarm::internal_failure, AlarmLevel::alarm, 7},
    {Alarm::high_temperature, AlarmLevel::alarm, 8},
    {Alarm::high_cell_voltage, AlarmLevel::warning, 9},
    {Alarm::high_charge_current, AlarmLevel::warning, 11},
    {Alarm::high_charge_current, AlarmLevel::alarm, 12},
    {Alarm::high_discharge_current, AlarmLevel::warning, 13},
    {Alarm::high_discharge_current, AlarmLevel::alarm, 14},
    {Alarm::low_cell_voltage, AlarmLevel::warning, 15},
    {Alarm::low_temperature, AlarmLevel::alarm, 16},
};

ValueView status(const View& view) {
  constexpr std::uint32_t balanced = 1U << 0U;
  constexpr std::uint32_t imbalance = 1U << 1U;
  constexpr std::uint32_t is_balancing = 1U << 2U;
  const Reading& reading = view.battery.reading;
  std::uint32_t word_of_bits = 0;
  for (const StatusBit& entry : status_bits)
    if (reading.alarms[entry.alarm].value_or(AlarmLevel::ok) >= entry.from) word_of_bits |= 1U << entry.bit;
  if (reading.balancing && reading.balancing->any()) word_of_bits |= is_balancing;
  if (reading.balancing && (word_of_bits & (imbalance | is_balancing)) == 0) word_of_bits |= balanced;
  return static_cast<std::int32_t>(word_of_bits);
}

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

using enum Trust;

constexpr Path paths[] = {
    // CVL stands first, so that a battery that gives up control says so before it withdraws its currents.
    {"/Info/MaxChargeVoltage", limit_volts, always, limit<&Limits::charge_voltage_v>, "CVL; valid: a managed battery"},
    {"/Info/MaxChargeCurrent", limit_amperes, always, limit<&Limits::charge_current_a>, "CCL"},
    {"/Info/MaxDischargeCurrent", limit_amperes, always, limit<&Limits::discharge_current_a>, "DCL, a positive amount"},
    {"/Info/BatteryLowVoltage", pack_volts, always, limit<&Limits::low_voltage_v>, "not to be discharged below"},
    {"/Info/ChargeMode", word, always, charge_mode, "for people"},
    {"/Info/ChargeLimitation", word, always, reason<&Limits::charge_reason>, "what holds CCL now"},
    {"/Info/DischargeLimitation", word, always, reason<&Limits::discharge_reason>, "what holds DCL now"},
    {"/Io/AllowToCharge", count, always, permission<&Limits::allow_charge>, "0 no, 1 yes"},
    {"/Io/AllowToDischarge", count, always, permission<&Limits::allow_discharge>, "0 no, 1 yes"},

    {"/Mgmt/ProcessName", word, always, process_name, "this program"},
    {"/Mgmt/ProcessVersion", word, always, version, "its version"},
    {"/Mgmt/Connection", word, always, connection, "where the BMS is attached"},
    {"/DeviceInstance", count, always, instance, "VRM instance, fixed while on the bus"},
    {"/ProductId", id_number, always, constant<product_id>, "of this driver"},
    {"/ProductName", word, always, product_name, "family, and serial number or port"},
    {"/FirmwareVersion", word, always, firmware, "of the BMS"},
    {"/HardwareVersion", word, always, device<&DeviceInfo::model>, "model, as the BMS names it"},
    {"/Connected", count, always, constant<1>, "1 as long as the service is there"},
    {"/CustomName", word, always, custom_name, "the user's name for the battery", Access::custom_name},
    {"/Serial", word, always, device<&DeviceInfo::serial>, "of the BMS"},
    {"/DeviceName", word, always, device<&DeviceInfo::model>, "model, as the BMS names it"},

    {"/Dc/0/Voltage", pack_volts, fresh, measured<&Reading::voltage_v>, "of the pack"},
    {"/Dc/0/Current", amperes, fresh, measured<&Reading::current_a>, "positive while charging"},
    {"/Dc/0/Power", watts, fresh, derived<&Derived::power_w>, "positive while charging"},
    {"/Dc/0/Temperature", degrees, fresh, derived<&Derived::mean_temperature_c>, "mean of all sensors"},
    {"/Soc", percent, held, measured<&Reading::soc_pct>, "state of charge"},
    {"/Soh", percent, fresh, measured<&Reading::soh_pct>, "state of health"},
    {"/ConsumedAmphours", ampere_hours, fresh, derived<&Derived::consumed_ah>,
     "0 or negative: what is missing to full"},
    {"/TimeToGo", seconds, fresh, time_to_go, "until empty; invalid when not discharging"},
    {"/InstalledCapacity", whole_ampere_hours, always, installed_capacity, "nominal, else learned"},
    {"/Capacity", ampere_hours, fresh, measured<&Reading::remaining_ah>, "what is left"},
    {"/Balancing", count, fresh, balancing, "1 while any cell is balanced"},
    {"/State", count, always, state, "9 running, 10 error: no contact with the BMS"},
    {"/ErrorCode", count, always, constant<0>, "always 0: what is wrong is said by alarms"},
    {"/History/ChargeCycles", count, always, charge_cycles, "as the BMS counts"},
    {"/History/TotalAhDrawn", ampere_hours, always, total_drawn, "0 or negative, as the BMS counts"},
    {"/Settings/HasTemperature", count, always, has_sensor, "1 with any sensor"},

    {"/Voltages/Sum", cell_volts, fresh, derived<&Derived::cell_sum_v>, "of all cells"},
    {"/Voltages/Diff", cell_volts, fresh, derived<&Derived::cell_diff_v>, "highest minus lowest cell"},
    {"/System/MinCellVoltage", cell_volts, fresh, derived<&Derived::min_cell_v>, "lowest cell"},
    {"/System/MaxCellVoltage", cell_volts, fresh, derived<&Derived::max_cell_v>, "highest cell"},
    {"/System/MinVoltageCellId", word, fresh, cell_name<&Derived::min_cell>, "C1, C2, ...; U2C1 with several units"},
    {"/System/MaxVoltageCellId", word, fresh, cell_name<&Derived::max_cell>, "C1, C2, ...; U2C1 with several units"},
    {"/System/MinCellTemperature", degrees, fresh, derived<&Derived::min_temperature_c>, "coldest sensor"},
    {"/System/MaxCellTemperature", degrees, fresh, derived<&Derived::max_temperature_c>, "warmest sensor"},
    {"/System/MinTemperatureCellId", word, fresh, sensor_name<&Derived::min_sensor>, "T1, T2, ..."},
    {"/System/MaxTemperatureCellId", word, fresh, sensor_name<&Derived::max_sensor>, "T1, T2, ..."},
    {"/System/MOSTemperature", degrees, fresh, measured<&Reading::mos_temperature_c>, "of the FETs, or of the board"},
    {"/System/NrOfCellsPerBattery", count, always, cell_count, "in series"},
    {"/System/NrOfBatteries", count, always, constant<1>, "packs behind this service"},
    {"/System/BatteriesParallel", count, always, constant<1>, ""},
    {"/System/BatteriesSeries", count, always, constant<1>, ""},
    {"/System/NrOfModulesOnline", count, always, online, "units of the BMS while it answers"},
    {"/System/NrOfModulesOffline", count, always, offline, "units of the BMS while it does not"},
    {"/System/NrOfModulesBlockingCharge", count, always, blocked<&Limits::allow_charge>, "0 or 1"},
    {"/System/NrOfModulesBlockingDischarge", count, always, blocked<&Limits::allow_discharge>, "0 or 1"},

    // The stock GUI's page "Individual battery info".
    {"/Battery/Request/Id", count, always, constant<1>, "the pack to look at; there is only 1", Access::request_id},
    {"/Battery/1/Serial", word, always, device<&DeviceInfo::serial>, "as /Serial"},
    {"/Battery/1/Capacity", whole_ampere_hours, always, installed_capacity, "as /InstalledCapacity"},
    {"/Battery/1/FwVersion", word, always, firmware, "as /FirmwareVersion"},
    {"/Battery/1/Status", count, fresh, status, "bits as gui-v2 names them: balancing and alarms"},
    {"/Battery/1/Voltage", pack_volts, fresh, measured<&Reading::voltage_v>, "as /Dc/0/Voltage"},
    {"/Battery/1/Current", amperes, fresh, measured<&Reading::current_a>, "as /Dc/0/Current"},
    {"/Battery/1/Temperature", degrees, fresh, derived<&Derived::mean_temperature_c>, "as /Dc/0/Temperature"},

    // 0 ok, 1 warning, 2 alarm; invalid: this BMS has no such alarm. In the order of bms::Alarm.
    {"/Alarms/LowVoltage", count, until_lost, alarm<Alarm::low_voltage>, "pack"},
    {"/Alarms/HighVoltage", count, until_lost, alarm<Alarm::high_voltage>, "pack"},
    {"/Alarms/LowCellVoltage", count, until_lost, alarm<Alarm::low_cell_voltage>, ""},
    {"/Alarms/HighCellVoltage", count, until_lost, alarm<Alarm::high_cell_voltage>, ""},
    {"/Alarms/LowSoc", count, until_lost, alarm<Alarm::low_soc>, ""},
    {"/Alarms/HighChargeCurrent", count, until_lost, alarm<Alarm::high_charge_current>, ""},
    {"/Alarms/HighDischargeCurrent", count, until_lost, alarm<Alarm::high_discharge_current>, ""},
    {"/Alarms/LowChargeTemperature", count, until_lost, alarm<Alarm::low_charge_temperature>, ""},
    {"/Alarms/HighChargeTemperature", count, until_lost, alarm<Alarm::high_charge_temperature>, ""},
    {"/Alarms/LowTemperature", count, until_lost, alarm<Alarm::low_temperature>, "too cold to discharge"},
    {"/Alarms/HighTemperature", count, until_lost, alarm<Alarm::high_temperature>, "too hot to discharge"},
    {"/Alarms/HighInternalTemperature", count, until_lost, alarm<Alarm::high_internal_temperature>, "of the BMS"},
    {"/Alarms/CellImbalance", count, until_lost, alarm<Alarm::cell_imbalance>, ""},
    {"/Alarms/BatteryTemperatureSensor", count, until_lost, alarm<Alarm::temperature_sensor>, ""},
    {"/Alarms/InternalFailure", count, until_lost, alarm<Alarm::internal_failure>, "short circuit, front end"},
    {"/Alarms/FuseBlown", count, until_lost, alarm<Alarm::fuse_blown>, ""},
    {"/Alarms/Contactor", count, until_lost, alarm<Alarm::contactor>, "does not do what it is told"},
    {"/Alarms/StateOfHealth", count, until_lost, alarm<Alarm::state_of_health>, "the battery has aged"},
    {"/Alarms/BmsCable", count, always, bms_cable, "1 the BMS does not answer, 2 it counts as lost"},
};

constexpr NumberedPath paths_with_number[] = {
    {"/Voltages/Cell<n>", Each::cell, cell_volts, fresh, cell_voltage, "of one cell"},
    {"/Balances/Cell<n>", Each::cell, count, fresh, cell_balancing, "1 while the cell is balanced"},
    {"/Battery/1/Cell/<n>/Voltage", Each::cell, cell_volts, fresh, cell_voltage, "for the stock GUI"},
    {"/System/Temperature<n>", Each::sensor, degrees, fresh, sensor_temperature, "of one sensor"},
};

constexpr std::size_t first_alarm = std::size(paths) - alarm_count;

template <std::size_t... Index>
constexpr bool alarms_in_order(std::index_sequence<Index...>) {
  return ((paths[first_alarm + Index].source == alarm<static_cast<Alarm>(Index)>) && ...);
}
static_assert(alarms_in_order(std::make_index_sequence<alarm_count - 1>{}), "the order of bms::Alarm");
static_assert(Alarm::bms_cable == static_cast<Alarm>(alarm_count - 1) &&
              paths[std::size(paths) - 1].source == bms_cable);

}  // namespace

bool trusted(Trust trust, Contact contact) {
  switch (contact) {
    case Contact::fresh:
    case Contact::returning: return true;
    case Contact::stale:
    case Contact::kept: return trust != fresh;
    case Contact::releasing: return trust == until_lost || trust == always;
    case Contact::never:
    case Contact::lost: return trust == always;
  }
  return false;
}

std::span<const Path> battery_paths() { return paths; }
std::span<const NumberedPath> numbered_paths() { return paths_with_number; }

std::string_view path_of(Alarm alarm) { return paths[first_alarm + static_cast<std::size_t>(alarm)].path; }

std::string numbered(std::string_view path, std::size_t number) {
  constexpr std::string_view placeholder = "<n>";
  std::string result{path};
  const std::size_t place = result.find(placeholder);
  return place == std::string::npos ? result : result.replace(place, placeholder.size(), std::to_string(number));
}

}  // namespace bms::venus
