// What the data of 0xA5 answers mean, in SI units. Pure functions. D0 to D7 are the data bytes of a frame; numbers are
// unsigned, high byte first. Bytes that a layout does not name are not 0: classic firmware sends its last buffer again.
//
// Layouts: Daly "UART/485 Communications Protocol V1.2", decided by captures where those differ
// (dreadnought/python-daly-bms, jblance/mpp-solar, tomatensaus/bms).
#pragma once

#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "daly/daly_a5_frame.hpp"

namespace bms::daly {

inline constexpr std::size_t most_cells = 48;
inline constexpr std::size_t most_sensors = 16;
inline constexpr std::size_t cells_per_frame = 3;
inline constexpr std::size_t sensors_per_frame = 7;

/// How many frames carry so many cells, or sensors.
[[nodiscard]] constexpr std::size_t frames_for(std::size_t items, std::size_t per_frame) {
  return items == 0 ? 1 : (items + per_frame - 1) / per_frame;
}

/// Command 0x90.
struct PackState {
  double voltage_v = 0;
  double current_a = 0;  ///< positive while charging: the raw word lies below 30000 then
  double soc_pct = 0;
};
[[nodiscard]] PackState decode_pack(const Data& data);

/// Whether the values can be true. `cells`: 0 when their number is not known. An all-zero frame, which some adapters
/// make of a question, reads 0 V and 3000 A (dreadnought/python-daly-bms#48).
[[nodiscard]] bool plausible(const PackState& state, std::size_t cells);

/// Whether the voltage can be; of anything else the single value is judged later.
[[nodiscard]] bool usable(const PackState& state, std::size_t cells);

/// Commands 0x91 and 0x92: the extremes, and where they are, counted from 1.
struct Extremes {
  double max = 0, min = 0;
  unsigned max_number = 0, min_number = 0;
  std::uint16_t tail = 0;  ///< D6 and D7 of 0x91: 0 on firmware that fills with zeros
};
[[nodiscard]] Extremes decode_cell_range(const Data& data);
[[nodiscard]] Extremes decode_temperature_range(const Data& data);

/// Command 0x93.
struct FetState {
  std::uint8_t activity = 0;   ///< 0 stationary, 1 charging, 2 discharging
  bool charge = false;         ///< conducting
  bool discharge = false;      ///< conducting; boards close it by themselves while they are charged
  std::uint8_t heartbeat = 0;  ///< another value at every read
  double remaining_ah = 0;
};
[[nodiscard]] FetState decode_fets(const Data& data);

/// Command 0x94.
struct Status {
  std::size_t cells = 0, sensors = 0;
  std::uint8_t charger = 0, load = 0;  ///< 1 when connected
  std::uint8_t dio = 0;                ///< DI1..DI4 in bits 0..3, DO1..DO4 in bits 4..7
  unsigned cycles = 0;                 ///< where classic firmware counts them
  unsigned cycles_in_tail = 0;         ///< where newer firmware seems to (an R24TS with 58 cycles)
};
[[nodiscard]] Status decode_status(const Data& data);

/// Whether a board can be what the status says.
[[nodiscard]] bool plausible(const Status& status);

/// Command 0x95: cell `number` (from 1) in V; empty when its frame is missing.
[[nodiscard]] std::optional<double> cell_of(const Collection& frames, std::size_t number);

/// Command 0x96: sensor `number` (from 1) in °C; empty when its frame is missing or there is no such sensor (0, FF).
[[nodiscard]] std::optional<int> temperature_of(const Collection& frames, std::size_t number);

/// Command 0x97: bit n is cell n + 1.
[[nodiscard]] std::uint64_t decode_balancer(const Data& data);

/// Command 0x98: D0 to D6, bit 0 of D0 lowest; see `failure_bits`. D7, in the highest byte, is the number of a fault
/// code, 0 for none.
[[nodiscard]] std::uint64_t decode_failures(const Data& data);
inline constexpr unsigned fault_code_shift = 56;

/// The text in D1 to D7 of the frames 1 to `count`, up to the first NUL and without blanks at the end. What cannot be
/// printed becomes '?'. Precondition: the collection is complete.
[[nodiscard]] std::string decode_text(const Collection& frames, std::size_t count);

/// Bytes as printable ASCII, by the rules of decode_text().
[[nodiscard]] std::string printable(Bytes text);

/// A day of production or of the clock, already checked for being one.
struct Date {
  int year, month, day;
};
[[nodiscard]] std::optional<Date> decode_date(std::uint8_t year, std::uint8_t month, std::uint8_t day);

/// A date and time of day, in words of ISO 8601; empty when it is not a valid one.
[[nodiscard]] std::optional<std::string> clock_text(Bytes year_to_second);
[[nodiscard]] std::string date_text(const Date& date);

}  // namespace bms::daly
