// What the blocks of the UP series hold, in SI units. Pure functions; the size of a block was checked with its frame.
#pragma once

#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "bms/bytes.hpp"
#include "jbd/jbd_decode.hpp"

namespace bms::jbd::up {

inline constexpr std::size_t most_cells = 32;
inline constexpr std::size_t most_sensors = 8;

using Cells = boost::container::static_vector<double, most_cells>;
using Temperatures = boost::container::static_vector<double, most_sensors>;

/// The packs that a master knows of; a slave knows itself.
struct Packs {
  unsigned count = 0;
  std::uint16_t mask = 0;  ///< bit 0 = pack 1
};

/// Which switches are closed. The first two are the other way round than in register 03 of the plain protocol.
struct Switches {
  bool discharge, charge, heater;
};

/// Limits that the board asks for.
struct CurrentLimits {
  double charge_a, discharge_a;
};

/// The highest and lowest of something, and where it is.
struct Extremes {
  unsigned highest_no;
  double highest;
  unsigned lowest_no;
  double lowest;
};

/// Block 0x1000.
struct PackStatus {
  double voltage_v = 0;
  double current_a = 0;  ///< positive while charging
  double soc_pct = 0;    ///< hundredths; a master knows whole percentages of the others
  double remaining_ah = 0, full_ah = 0, rated_ah = 0;
  double mosfet_c = 0, ambient_c = 0;
  unsigned state = 0;  ///< 0 idle, 1 charging, 2 discharging
  unsigned soh_pct = 0;
  std::uint32_t faults = 0, warnings = 0;  ///< `fault_bits` and `warning_bits` of the tables
  Switches switches{};
  unsigned cycles = 0;
  Extremes cell{}, temperature{};
  double charge_voltage_limit_v = 0, discharge_voltage_limit_v = 0;
  CurrentLimits limits{};  ///< of a master: of all packs together
  Cells cells_v;
  Temperatures temperatures_c;

  // What may be missing.
  std::optional<std::uint16_t> balancing;  ///< bit 0 = cell 1
  std::optional<std::uint16_t> firmware;   ///< 0x0C04 is 12.4; without the high byte it is not a version
  std::optional<Bytes> serial;             ///< of the pack: two packs were seen with the same; belongs to the payload
  std::optional<Packs> packs;
};

/// Whether a payload has room for the cells and sensors that it announces, and these are not too many.
[[nodiscard]] bool pack_status_fits(Bytes payload);
/// Precondition: pack_status_fits(payload).
[[nodiscard]] PackStatus decode_pack_status(Bytes payload);

/// Block 0 of function 45: what the pack on the port says of itself.
struct OwnStatus {
  Cells cells_v;
  double cell_max_v = 0, cell_min_v = 0;
  double voltage_v = 0, current_a = 0;
  double temperature_max_c = 0, temperature_min_c = 0;
  double rated_ah = 0, remaining_ah = 0;
  unsigned cycles = 0, soc_pct = 0, soh_pct = 0;
  std::uint32_t faults = 0;
  Switches switches{};
  std::string serial;
  CurrentLimits limits{};  ///< of this pack alone
  double mosfet_c = 0, ambient_c = 0;
  Temperatures temperatures_c;
};
/// Preconditions here and below: content_fits() of the frame.
[[nodiscard]] OwnStatus decode_own_status(Bytes payload);
/// The limits alone, of a pack whose voltage is known. The block was recorded from packs of 16 cells; empty: it does
/// not tell that voltage where those do, so nobody knows where it tells the limits.
[[nodiscard]] std::optional<CurrentLimits> decode_own_limits(Bytes payload, double voltage_v);

/// Block 0x1C00.
struct BoardInfo {
  double balance_start_v = 0, balance_difference_v = 0;
  std::string board_serial;  ///< "UP16S019" and 18 digits
  std::optional<Date> board_date;
  std::string pack_serial;
  std::optional<Date> pack_date;
  std::string device_name;
};
[[nodiscard]] BoardInfo decode_board_info(Bytes payload);

/// Block 0x2006, and 0x2000 from its seventh byte on.
struct Counters {
  double soc_pct = 0;
  unsigned soh_pct = 0, cycles = 0;
  double charged_ah = 0, discharged_ah = 0;
};
[[nodiscard]] Counters decode_counters(Bytes payload);

/// Block 0x2810.
struct Product {
  std::string firmware;  ///< "12.1.7"
  std::string model;     ///< "UP16S015.16S200A"
};
[[nodiscard]] Product decode_product(Bytes payload);

/// Year, month and day, a word each; empty when that is no day.
[[nodiscard]] std::optional<Date> date_at(Bytes payload, std::size_t offset);

/// "12.4"; empty for 0x0004, which is all that a master reports of the others.
[[nodiscard]] std::string firmware_text(std::uint16_t firmware);

}  // namespace bms::jbd::up
