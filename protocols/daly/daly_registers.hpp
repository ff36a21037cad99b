// The registers of the newer Daly protocol, in both of its maps, as tables.
//
// Sources: patagonaa/esphome-daly-hkms-bms (README, components/daly_hkms_bms); syssi/esphome-daly-bms (docs/pdus,
// docs/dalyModbusProtocol.xlsx), where captures decide; johnlepikhin/daly-bms-exporter, doc/daly-bms-protocol.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "bms/parameter.hpp"
#include "daly/daly_failures.hpp"
#include "daly/daly_scales.hpp"

namespace bms::daly {

/// The two maps of registers.
enum class Map : std::uint8_t { d2, p81 };

/// The number of a register in each map; `none` where a map does not have it.
struct Address {
  static constexpr std::uint16_t none = 0xFFFF;
  std::uint16_t d2 = none;
  std::uint16_t p81 = none;

  [[nodiscard]] constexpr std::uint16_t in(Map map) const { return map == Map::d2 ? d2 : p81; }
  [[nodiscard]] constexpr bool exists_in(Map map) const { return in(map) != none; }
};

/// Registers that are more than a row of a table.
namespace registers {
inline constexpr Address cells{0x00, 0x00};
inline constexpr Address temperatures{0x20, 0x30};
inline constexpr Address voltage{0x28, 0x38};
inline constexpr Address current{0x29, 0x39};
inline constexpr Address soc{0x2A, 0x3A};
inline constexpr Address activity{0x2F, 0x48};
inline constexpr Address remaining{0x30, 0x4B};
inline constexpr Address cell_count{0x31, 0x3C};
inline constexpr Address sensor_count{0x32, 0x3D};
inline constexpr Address cycles{0x33, 0x4C};
inline constexpr Address balancer_state{0x34, 0x4D};
inline constexpr Address charge_fet{0x35, 0x52};
inline constexpr Address discharge_fet{0x36, 0x53};
inline constexpr Address balancer_bits{0x3E, 0x4F};
inline constexpr Address heater_fet{Address::none, 0x55};
inline constexpr Address mosfet_temperature{0x42, 0x5A};
inline constexpr Address d2_failures{0x3A, Address::none};
inline constexpr Address p81_failures{Address::none, 0x6D};
inline constexpr Address clock{0xD4, 0x61};
inline constexpr Address rated_capacity{0x80, 0x109};
inline constexpr Address cells_of_boards{0x83, 0x103};
inline constexpr Address battery_type{0x89, Address::none};
inline constexpr Address current_limits{0x93, Address::none};
inline constexpr Address charge_switch{0xA5, 0x121};
inline constexpr Address discharge_switch{0xA6, 0x122};
inline constexpr Address soc_setting{0xA7, 0x116};
inline constexpr Address software_text{0xA9, 0x178};
inline constexpr Address hardware_text{0xB1, 0x186};
inline constexpr Address machine_text{0xB9, Address::none};
inline constexpr Address serial_text{Address::none, 0x18D};
inline constexpr Address production_date{0xCC, 0x129};
inline constexpr Address balancer_switch{0xCF, 0xCF};
}  // namespace registers

inline constexpr std::size_t d2_cell_slots = 32;
inline constexpr std::size_t p81_cell_slots = 48;
inline constexpr std::size_t sensor_slots = 8;
[[nodiscard]] constexpr std::size_t cell_slots(Map map) { return map == Map::d2 ? d2_cell_slots : p81_cell_slots; }

/// How a raw word is shown.
enum class Shape : std::uint8_t {
  number,
  flag,             ///< 0 or not
  temperature,      ///< 0, 255 and FFFF: no sensor
  activity,         ///< stationary, charging, discharging
  balancer,         ///< 0 off, 1 passive, 2 active; what else was seen (7) is not known
  balance_current,  ///< thousandths around 30000; 0: not available
  never_at_ffff,    ///< FFFF stands for "never"
  double_word,      ///< two registers, high word first
};

/// One value that a register holds.
struct RegisterValue {
  Address address;
  std::string_view name;  ///< without the unit
  Scale scale;
  Shape shape = Shape::number;
};

/// Current is positive while charging: the captures decide against the vendor's table.
inline constexpr std::array live_values = std::to_array<RegisterValue>({
    {registers::voltage, "voltage", scales::pack_voltage},
    {registers::current, "current", scales::above_zero_current},
    {registers::soc, "soc", scales::percent},
    {{0x2B, 0x3E}, "cell_max", scales::cell_voltage},
    {{Address::none, 0x3F}, "cell_max_no", scales::number},
    {{0x2C, 0x40}, "cell_min", scales::cell_voltage},
    {{Address::none, 0x41}, "cell_min_no", scales::number},
    {{0x2D, 0x43}, "temp_max", scales::temperature, Shape::temperature},
    {{Address::none, 0x44}, "temp_max_sensor", scales::number},
    {{0x2E, 0x45}, "temp_min", scales::temperature, Shape::temperature},
    {{Address::none, 0x46}, "temp_min_sensor", scales::number},
    {registers::activity, "state", scales::number, Shape::activity},
    {registers::remaining, "remaining", scales::capacity},
    {registers::cell_count, "cell_count", scales::number},
    {registers::sensor_count, "temp_sensor_count", scales::number},
    {{Address::none, 0x3B}, "bms_life", scales::number},
    {registers::cycles, "cycles", scales::number},
    {registers::balancer_state, "balancing", scales::number, Shape::balancer},
    {{0x40, 0x4E}, "balance_current", {.unit = "A", .counts_per_unit = 1000, .offset = 30000}, Shape::balance_current},
    {registers::charge_fet, "charge_fet", scales::number, Shape::flag},
    {registers::discharge_fet, "discharge_fet", scales::number, Shape::flag},
    {registers::heater_fet, "heating", scales::number, Shape::flag},
    {registers::mosfet_temperature, "mosfet_temperature", scales::temperature, Shape::temperature},
    {{0x43, 0x5B}, "board_temperature", scales::temperature, Shape::temperature},
});

/// A parameter, and the register that holds it in each map. It is only read.
struct RegisterSetting : Parameter {
  RegisterValue value;
};

/// Of both maps.
[[nodiscard]] std::span<const RegisterSetting> register_settings();

/// The setting of that name in a map, or nullptr.
[[nodiscard]] const RegisterSetting* find_setting(std::string_view name, Map map);

inline constexpr std::uint16_t no_value = 0xFFFF;

/// A field of three bits in the alarm registers of p81: 0 none, 1 warning, 2 and more alarm. Or a single flag.
struct P81Failure {
  std::uint16_t address;
  std::uint8_t bit;
  bool levels;
  Failure failure;  ///< of a field: without level, which is what the field says
};

inline constexpr std::uint16_t p81_failure_last = 0x73;

// States that are no failures (a charger is there, a fan runs, a FET was switched off) have no row. The fault of a
// parallel link is what every single pack reports.
inline constexpr std::array p81_failures = std::to_array<P81Failure>({
    // clang-format off
    {0x6D, 0,  true,  {"cell_voltage_high", Alarm::high_cell_voltage}},
    {0x6D, 3,  true,  {"cell_voltage_low", Alarm::low_cell_voltage}},
    {0x6D, 7,  false, {"smart_charger_comm_fault"}},
    {0x6D, 8,  true,  {"cell_voltage_diff", Alarm::cell_imbalance}},
    {0x6D, 11, true,  {"charge_temp_high", Alarm::high_charge_temperature}},
    {0x6D, 15, false, {"smart_load_comm_fault"}},
    {0x6E, 0,  true,  {"charge_temp_low", Alarm::low_charge_temperature}},
    {0x6E, 3,  true,  {"discharge_temp_high", Alarm::high_temperature}},
    {0x6E, 6,  false, {"charge_mos_overtemp", Alarm::high_internal_temperature, detail::alarm}},
    {0x6E, 7,  false, {"charge_mos_temp_sensor_fault", Alarm::internal_failure, detail::alarm}},
    {0x6E, 8,  true,  {"discharge_temp_low", Alarm::low_temperature}},
    {0x6E, 11, true,  {"temp_diff"}},
    {0x6E, 14, false, {"discharge_mos_overtemp", Alarm::high_internal_temperature, detail::alarm}},
    {0x6E, 15, false, {"discharge_mos_temp_sensor_fault", Alarm::internal_failure, detail::alarm}},
    {0x6F, 0,  true,  {"pack_voltage_high", Alarm::high_voltage}},
    {0x6F, 3,  true,  {"pack_voltage_low", Alarm::low_voltage}},
    {0x6F, 6,  false, {"short_circuit", Alarm::internal_failure, detail::alarm}},
    {0x6F, 8,  true,  {"charge_overcurrent", Alarm::high_charge_current}},
    {0x6F, 11, true,  {"discharge_overcurrent", Alarm::high_discharge_current}},
    {0x6F, 14, false, {"charge_undervoltage", Alarm::low_voltage, detail::alarm}},
    {0x6F, 15, false, {"discharge_overvoltage", Alarm::high_voltage, detail::alarm}},
    {0x70, 0,  true,  {"soc_low", Alarm::low_soc}},
    {0x70, 3,  true,  {"soh_low"}},
    {0x70, 7,  false, {"parallel_comm_fault"}},
    {0x70, 8,  true,  {"mos_temp_high", Alarm::high_internal_temperature}},
    {0x70, 11, true,  {"thermal_runaway", Alarm::high_internal_temperature}},
    {0x72, 8,  false, {"afe_fault", Alarm::internal_failure, detail::alarm}},
    {0x72, 9,  false, {"afe_comm_fault", Alarm::internal_failure, detail::alarm}},
    {0x72, 10, false, {"afe_sampling_fault", Alarm::internal_failure, detail::alarm}},
    {0x72, 11, false, {"cell_voltage_sense_fault", Alarm::internal_failure, detail::alarm}},
    {0x72, 12, false, {"cell_sense_dropped", Alarm::internal_failure, detail::alarm}},
    {0x72, 13, false, {"pack_voltage_sense_fault", Alarm::internal_failure, detail::alarm}},
    {0x72, 14, false, {"current_sense_fault", Alarm::internal_failure, detail::alarm}},
    {0x72, 15, false, {"temp_sensor_fault", Alarm::internal_failure, detail::alarm}},
    {0x73, 0,  false, {"temp_sensor_dropped", Alarm::internal_failure, detail::alarm}},
    {0x73, 1,  false, {"eeprom_fault", Alarm::internal_failure, detail::warning}},
    {0x73, 2,  false, {"flash_fault", Alarm::internal_failure, detail::warning}},
    {0x73, 3,  false, {"rtc_fault", Alarm::internal_failure, detail::warning}},
    {0x73, 4,  false, {"charge_mos_fault", Alarm::internal_failure, detail::alarm}},
    {0x73, 5,  false, {"discharge_mos_fault", Alarm::internal_failure, detail::alarm}},
    {0x73, 6,  false, {"precharge_mos_fault", Alarm::internal_failure, detail::alarm}},
    {0x73, 7,  false, {"precharge_failure", Alarm::internal_failure, detail::warning}},
    {0x73, 15, false, {"heater_fault", Alarm::internal_failure, detail::warning}},
    // clang-format on
});

/// Where the flag is that says that charging is forbidden because of a low voltage.
inline constexpr std::uint16_t p81_charge_inhibit_register = 0x6F;
inline constexpr unsigned p81_charge_inhibit_bit = 14;

/// Where p81 says it a second time that the heater is on. The map of d2 has no word for it.
inline constexpr std::uint16_t p81_heating_register = 0x73;
inline constexpr unsigned p81_heating_bit = 13;

}  // namespace bms::daly
