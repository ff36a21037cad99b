// What ANT boards report besides measurements, as tables: reasons of the FETs and of the balancer, protection bits,
// warning bits.
//
// Sources: labels of the vendor's application (NotANewNick/antbms-gui, PROTOCOL.md and realtime.py; Wnt/ant-bms-tool,
// docs/PROTOCOL.md; vendor document in syssi/esphome-ant-bms, docs/), checked against captures where those show a bit.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "bms/alarm.hpp"
#include "bms/chemistry.hpp"

namespace bms::ant {

/// The one code that means "on", of either FET. Every other is the reason why the FET is off.
inline constexpr std::uint8_t fet_on = 1;
/// Switched off by a command or a phone; forbids without being a fault.
inline constexpr std::uint8_t fet_manually_off = 15;
/// A sense wire is loose, so cells and pack need not agree.
inline constexpr std::uint8_t fet_sense_wire_loose = 9;

/// Why a FET is off; always an alarm where there is one. Boards of the old protocol use the lower codes and, in later
/// years, some of the others too, so there is one table for both.
struct FetCode {
  std::uint8_t code;
  std::string_view name;
  std::optional<Alarm> alarm;
};

inline constexpr std::array<FetCode, 19> charge_codes{{
    {0, "off", {}},
    {1, "on", {}},
    {2, "cell over-voltage", Alarm::high_cell_voltage},
    {3, "over-current", Alarm::high_charge_current},
    {4, "battery full", {}},
    {5, "pack over-voltage", Alarm::high_voltage},
    {6, "battery too hot", Alarm::high_charge_temperature},
    {7, "FET too hot", Alarm::high_internal_temperature},
    {8, "current measurement abnormal", Alarm::internal_failure},
    {9, "sense wire loose", Alarm::internal_failure},
    {10, "board too hot", Alarm::high_internal_temperature},
    {12, "FET failed to switch on", Alarm::internal_failure},
    {13, "discharge FET defective", Alarm::internal_failure},
    {14, "waiting", {}},
    {15, "switched off by hand", {}},
    {16, "second-level over-voltage", Alarm::high_cell_voltage},
    {17, "too cold", Alarm::low_charge_temperature},
    {18, "cell difference too large", Alarm::cell_imbalance},
    {20, "self test failed", Alarm::internal_failure},
}};

inline constexpr std::array<FetCode, 20> discharge_codes{{
    {0, "off", {}},
    {1, "on", {}},
    {2, "cell under-voltage", Alarm::low_cell_voltage},
    {3, "over-current", Alarm::high_discharge_current},
    {4, "second-level over-current", Alarm::high_discharge_current},
    {5, "pack under-voltage", Alarm::low_voltage},
    {6, "battery too hot", Alarm::high_temperature},
    {7, "FET too hot", Alarm::high_internal_temperature},
    {8, "current measurement abnormal", Alarm::internal_failure},
    {9, "sense wire loose", Alarm::internal_failure},
    {10, "board too hot", Alarm::high_internal_temperature},
    {11, "off while charging", {}},  // the vendor's label is "charge FET on"; what it means exactly is not known
    {12, "short circuit", Alarm::high_discharge_current},
    {13, "discharge FET defective", Alarm::internal_failure},
    {14, "failed to switch on", Alarm::internal_failure},
    {15, "switched off by hand", {}},
    {16, "second-level under-voltage", Alarm::low_cell_voltage},
    {17, "too cold", Alarm::low_temperature},
    {18, "cell difference too large", Alarm::cell_imbalance},
    {19, "self test failed", Alarm::internal_failure},
}};

struct BalancerCode {
  std::uint8_t code;
  std::string_view name;
  bool active;
  std::optional<Alarm> warning;
};

inline constexpr std::array<BalancerCode, 7> balancer_codes{{
    {0, "off", false, {}},
    {1, "cell above the balance limit", true, {}},
    {2, "difference while charging", true, {}},
    {3, "stopped, balancer too hot", false, Alarm::high_internal_temperature},
    {4, "automatic", true, {}},
    {5, "manual", true, {}},
    {10, "stopped, board too hot", false, Alarm::high_internal_temperature},
}};

/// One bit of a mask, and what it raises; most only show a state.
struct MaskBit {
  std::string_view name;
  std::optional<Alarm> alarm = {};
  AlarmLevel level = AlarmLevel::ok;
};

namespace detail {
constexpr MaskBit alarm(std::string_view name, Alarm alarm) { return {name, alarm, AlarmLevel::alarm}; }
constexpr MaskBit warning(std::string_view name, Alarm alarm) { return {name, alarm, AlarmLevel::warning}; }
constexpr MaskBit state(std::string_view name) { return {.name = name}; }
}  // namespace detail

/// Payload 4 of the new status.
inline constexpr std::array<MaskBit, 45> protection_bits{
    detail::warning("cell type not set", Alarm::internal_failure),
    detail::alarm("cell over-voltage", Alarm::high_cell_voltage),
    detail::alarm("cell over-voltage, second level", Alarm::high_cell_voltage),
    detail::alarm("pack over-voltage", Alarm::high_voltage),
    detail::alarm("cell under-voltage", Alarm::low_cell_voltage),
    detail::alarm("cell under-voltage, second level", Alarm::low_cell_voltage),
    detail::alarm("pack under-voltage", Alarm::low_voltage),
    detail::alarm("cell difference", Alarm::cell_imbalance),
    detail::alarm("charge over-temperature", Alarm::high_charge_temperature),
    detail::alarm("discharge over-temperature", Alarm::high_temperature),
    detail::alarm("FET over-temperature", Alarm::high_internal_temperature),
    detail::alarm("charge under-temperature", Alarm::low_charge_temperature),
    detail::alarm("discharge under-temperature", Alarm::low_temperature),
    detail::alarm("charge over-current", Alarm::high_charge_current),
    detail::alarm("discharge over-current", Alarm::high_discharge_current),
    detail::alarm("discharge over-current, second level", Alarm::high_discharge_current),
    detail::alarm("short circuit", Alarm::high_discharge_current),
    detail::state("discharge FET 1 switched off by hand"),
    detail::state("discharge FET 2 switched off by hand"),
    detail::state("discharge FET 3 switched off by hand"),
    detail::state("discharge FET 4 switched off by hand"),
    detail::state("charge FET 1 switched off by hand"),
    detail::state("charge FET 2 switched off by hand"),
    detail::state("charge FET 3 switched off by hand"),
    detail::state("charge FET 4 switched off by hand"),
    detail::alarm("open sense wire", Alarm::internal_failure),
    detail::alarm("current sensor error", Alarm::internal_failure),
    detail::alarm("discharge FET error", Alarm::internal_failure),
    detail::alarm("charge FET error", Alarm::internal_failure),
    detail::alarm("internal communication error", Alarm::internal_failure),
    detail::alarm("pre-charge failed", Alarm::internal_failure),
    detail::state("starting"),
    detail::warning("self test 1", Alarm::internal_failure),
    detail::warning("self test 2", Alarm::internal_failure),
    detail::state("charger connected"),
    detail::state("remote module lost"),
    detail::alarm("fire prevention", Alarm::internal_failure),
    detail::state("check 3"),
    detail::state("firmware upgrade wanted"),
    detail::alarm("relay pre-charge failed", Alarm::internal_failure),
    detail::alarm("relay welded", Alarm::internal_failure),
    detail::alarm("discharge fuse abnormal", Alarm::fuse_blown),
    detail::alarm("charge fuse abnormal", Alarm::fuse_blown),
    detail::alarm("module lost", Alarm::internal_failure),
    detail::state("device expired"),
};

/// "Open sense wire" among the protection bits: cells and pack need not agree.
inline constexpr std::size_t open_sense_wire_bit = 25;

/// Payload 12 of the new status.
inline constexpr std::array<MaskBit, 45> warning_bits{
    detail::warning("cell high", Alarm::high_cell_voltage),
    detail::warning("pack high", Alarm::high_voltage),
    detail::warning("cell low", Alarm::low_cell_voltage),
    detail::warning("pack low", Alarm::low_voltage),
    detail::warning("cell difference", Alarm::cell_imbalance),
    detail::warning("charge hot", Alarm::high_charge_temperature),
    detail::warning("discharge hot", Alarm::high_temperature),
    detail::warning("charge cold", Alarm::low_charge_temperature),
    detail::warning("discharge cold", Alarm::low_temperature),
    detail::warning("FET hot", Alarm::high_internal_temperature),
    detail::warning("charge current high", Alarm::high_charge_current),
    detail::warning("discharge current high", Alarm::high_discharge_current),
    detail::warning("state of charge low", Alarm::low_soc),
    detail::alarm("state of charge low, level 2", Alarm::low_soc),
    detail::warning("cell verification error", Alarm::internal_failure),
    detail::alarm("cell count wrong", Alarm::internal_failure),
    detail::warning("pre-charge failure", Alarm::internal_failure),
    detail::state("battery full"),
    detail::state("charging"),
    detail::state("discharging"),
    detail::state("CAN charger present"),
    detail::state("RS485 charger present"),
    detail::state("charger present"),
    detail::state("charge FET on"),
    detail::state("discharge FET on"),
    detail::state("balancing on"),
    detail::state("sleeping"),
    detail::state("balancing on limit"),
    detail::state("balancing on difference"),
    detail::state("balancing automatically"),
    detail::warning("balancer hot", Alarm::high_internal_temperature),
    detail::state("some voltage protection"),
    detail::state("some temperature protection"),
    detail::alarm("system error", Alarm::internal_failure),
    detail::state("remote module lost"),
    detail::state("balance test"),
    detail::state("heating"),
    detail::state("forced output"),
    detail::state("Bluetooth off"),
    detail::state("pre-charging"),
    detail::state("relay state 1"),
    detail::state("relay state 2"),
    detail::state("relay state 3"),
    detail::warning("crystal error", Alarm::internal_failure),
    detail::state("forced charge"),
};

/// The row for a code, or nullptr.
template <class Table>
[[nodiscard]] constexpr auto find_code(const Table& table, std::uint8_t code) -> const typename Table::value_type* {
  for (const auto& row : table)
    if (row.code == code) return &row;
  return nullptr;
}

/// Which lithium it is, as the new status names it (captures of packs of all three kinds).
struct ChemistryCode {
  std::uint16_t code;
  std::string_view name;
  std::optional<Chemistry> chemistry;
};
inline constexpr std::array<ChemistryCode, 4> chemistries{{
    {0xFAF1, "nmc", Chemistry::li_ion},
    {0xFAF2, "lfp", Chemistry::lfp},
    {0xFAF3, "lto", Chemistry::lto},
    {0xFAF4, "custom", {}},
}};

/// What the board says it is doing, by number. It follows the current with a delay and a threshold of more than 1 A, so
/// it is for display alone. 3 and 4: a capture at a steady 2.2 A discharge shows 4.
inline constexpr std::array<std::string_view, 6> state_names{"unknown", "idle",        "charging",
                                                             "standby", "discharging", "fault"};

}  // namespace bms::ant
