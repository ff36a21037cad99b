// What the data of REC arrays mean, in SI units. Pure functions; every one expects data of the right size.
//
// Numbers are IEEE 754 binary32, low byte first; only the charge in LCD3 is an integer with its high byte first.
// Layouts: REC ACTIVE BMS 4S manual, traces and decoders of aaronsb/REC-BMSManager and ofernander/signalk-rec-bms.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "bms/bytes.hpp"

namespace bms::rec {

/// A number of a unit as the shortest decimal number that it stands for: 3.966, not 3.96600008.
[[nodiscard]] double decimal_of(float number);

/// The number at place `index` of an array. Precondition: it is there.
[[nodiscard]] double number_at(Bytes data, std::size_t index);

/// A fraction as per cent.
[[nodiscard]] double percent(double fraction);

/// LCD1, as it came. Percentages may be beyond 0 and 100.
struct Overview {
  double lowest_cell_v, highest_cell_v;
  double current_a;  ///< positive while charging
  double highest_temperature_c;
  double voltage_v;  ///< the sum of the cells as the unit counts it
  double soc_pct, soh_pct;
};
[[nodiscard]] Overview decode_overview(Bytes data);

/// One place in a system: unit, and cell or sensor from 1.
struct Place {
  std::uint8_t unit, number;
};

/// LCD3.
struct Extremes {
  Place lowest_cell, highest_cell, hottest_sensor;
  double discharged_ah;  ///< since the last full charge
};
[[nodiscard]] Extremes decode_extremes(Bytes data);

/// ERRO. Only one error at a time is reported.
struct Fault {
  bool present;  ///< otherwise the rest means nothing
  std::uint8_t unit, number, location;

  /// The four bytes as they came, first byte highest; 0 when there is no error.
  [[nodiscard]] std::uint32_t raw() const;
};
[[nodiscard]] Fault decode_fault(Bytes data);

/// RE1T and OP2T: what an output is for (notes in the ogm-energy.com user forum, checked against the words of a real
/// ABMS in tiagonmas/recbms).
struct OutputTask {
  bool on, positive_logic;
  unsigned mode;
  std::uint32_t error_mask;  ///< bit 0: error 1 switches the output off
};
[[nodiscard]] OutputTask decode_task(std::uint32_t word);

/// What a DS18B20 without contact reports, and the value it has when power comes.
inline constexpr double sensor_lost_c = -127;
inline constexpr double sensor_just_on_c = 85;

/// A temperature, or nothing when its sensor is lost.
[[nodiscard]] std::optional<double> temperature_of(double told_c);

}  // namespace bms::rec
