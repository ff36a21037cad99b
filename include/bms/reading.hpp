// What a BMS said in one complete poll, in SI units. An empty optional means: it did not say.
#pragma once

#include <bitset>
#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "bms/alarm.hpp"
#include "bms/chemistry.hpp"

namespace bms {

inline constexpr std::size_t max_cells = 64;
inline constexpr std::size_t max_temperatures = 16;

/// One complete poll of one pack. Fixed size: copying it allocates nothing.
struct Reading {
  std::optional<double> voltage_v;
  std::optional<double> current_a;  ///< positive while charging
  std::optional<double> soc_pct;    ///< 0..100, as the BMS counts it
  std::optional<double> soh_pct;
  std::optional<double> remaining_ah;
  std::optional<double> full_ah;             ///< learned capacity, where the BMS reports it
  std::optional<double> design_capacity_ah;  ///< nominal capacity
  std::optional<double> cycles;
  std::optional<double> consumed_ah;          ///< taken out since it was full, >= 0, where the BMS counts that itself
  std::optional<double> total_charged_ah;     ///< over its life
  std::optional<double> total_discharged_ah;  ///< over its life, >= 0

  /// Cell 1 first. A cell at 0.0 V is a real reading (broken sense wire) and is passed on.
  boost::container::static_vector<double, max_cells> cells_v;
  /// Bit n: cell n + 1 is being balanced.
  std::optional<std::bitset<max_cells>> balancing;

  /// Units that the cells are spread over evenly, unit 1 first; 1 for a board that measures all cells itself.
  std::size_t modules = 1;

  /// Cell sensors in the order of the board. Empty: the sensor is absent.
  boost::container::static_vector<std::optional<double>, max_temperatures> temperatures_c;

  /// Of the cells, where the BMS reports the highest one without saying which that is.
  std::optional<double> highest_temperature_c;

  std::optional<double> mos_temperature_c;  ///< of the FETs, or of the board where that is what is measured

  /// Conducting. Boards that switch relays or ask others to: whether they permit it.
  std::optional<bool> charge_fet;
  std::optional<bool> discharge_fet;

  /// Limits of the BMS itself, where it reports them. Currents as positive amounts.
  std::optional<double> max_charge_voltage_v;
  std::optional<double> max_charge_current_a;
  std::optional<double> max_discharge_current_a;

  std::optional<bool> heating;  ///< the BMS warms the cells with the charger's current

  std::optional<Chemistry> chemistry;  ///< that the BMS is set to

  Alarms alarms;
  std::size_t alarm_unit = 0;  ///< the unit, from 1, that raised them; 0: the BMS does not say
  /// The protection word as it came, for the log.
  std::uint64_t raw_protection = 0;

  friend bool operator==(const Reading&, const Reading&) = default;
};

/// Who is on the line; read once per contact, texts as the device sends them.
struct DeviceInfo {
  std::string family;    ///< "JBD"
  std::string model;     ///< may be empty
  std::string serial;    ///< distinct for each device; empty when the device has none
  std::string firmware;  ///< "8.0"

  /// Where the BMS itself opens its FETs, per cell, where that can be read without a write.
  std::optional<double> cell_over_voltage_v{}, cell_under_voltage_v{};

  friend bool operator==(const DeviceInfo&, const DeviceInfo&) = default;
};

}  // namespace bms
