// What the payloads of JBD replies mean, in SI units. Pure functions; every one checks the length it needs.
//
// Layouts: vendor texts V4 and V11 ("General Protocol"), decided by captures where those differ
// (syssi/esphome-jbd-bms, docs/pdus).
#pragma once

#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "bms/bytes.hpp"
#include "bms/error.hpp"

namespace bms::jbd {

inline constexpr std::size_t max_jbd_cells = 32;
/// The vendor knows up to 8; what a longer frame carries is decoded as well.
inline constexpr std::size_t max_jbd_temperatures = 28;

/// A day of manufacture, already checked for being one.
struct Date {
  int year, month, day;
};

/// The tail that firmware since about 2021 appends to register 03 (vendor text V11; names confirmed by five captures).
struct BasicTail {
  std::uint8_t humidity_pct = 0;
  std::uint16_t alarm_status = 0;  ///< `warning_bits` of the tables
  double full_ah = 0;              ///< learned capacity; 0 when there is none
  double remaining_ah = 0;
  std::uint16_t balance_current_raw = 0;  ///< captured values make no sense as a current
};

/// What boards with an address send in register 03 after the number of cells (vendor text QM-UPS1601).
struct AddressedPart {
  std::uint16_t alarm_word = 0;  ///< `addressed_warning_bits` of the tables
  std::optional<double> ambient_c;
  std::optional<double> mosfet_c;
};

/// Register 03.
struct BasicInfo {
  double voltage_v = 0;  ///< the sum of the cells as the BMS counts it, no measurement of its own
  double current_a = 0;  ///< positive while charging
  double remaining_ah = 0;
  double design_capacity_ah = 0;
  unsigned cycles = 0;
  std::optional<Date> manufactured;  ///< empty when month or day are out of range
  std::uint32_t balancing = 0;       ///< bit 0 = cell 1
  std::uint16_t protection = 0;      ///< see protection_bits_of()
  std::uint8_t version = 0;          ///< two nibbles: 0x80 is 8.0
  std::uint8_t soc_pct = 0;          ///< as it came; sound frames hold 0..100
  bool charge_fet = false;           ///< conducting
  bool discharge_fet = false;        ///< conducting
  /// Current and capacities come in steps of 100 mA and 100 mAh (bit 7 of the FET byte, vendor text V11).
  bool high_current = false;
  std::uint8_t cell_count = 0;
  /// Sensors in the order of the board; raw 0 means that there is none.
  boost::container::static_vector<std::optional<double>, max_jbd_temperatures> temperatures_c;
  std::optional<BasicTail> tail;
  std::optional<AddressedPart> addressed;
};

/// How register 03 goes on after the number of cells.
enum class Layout : std::uint8_t { plain, addressed };

/// Register 03. Errors: ErrorKind::length when it is too short, or has fewer temperatures than announced.
[[nodiscard]] Result<BasicInfo> decode_basic_info(Bytes payload, Layout layout = Layout::plain);

/// The state of charge in finer steps than a whole percentage: remaining / full where that agrees with it.
[[nodiscard]] double finer_soc_pct(double whole_pct, double remaining_ah, double full_ah);

using CellVoltages = boost::container::static_vector<double, max_jbd_cells>;

/// Register 04, cell 1 first. A cell at 0 V is a reading (broken sense wire). Errors: length.
[[nodiscard]] Result<CellVoltages> decode_cell_voltages(Bytes payload);

/// Register 05: the text up to its first NUL. What cannot be printed becomes '?': the vendor promises ASCII, boards do
/// not, and the text ends up where only valid UTF-8 is allowed.
[[nodiscard]] std::string decode_device_name(Bytes payload);

/// Registers A0, A1, A2: a length byte, then the text. Errors: length when the text is longer than the payload.
[[nodiscard]] Result<std::string> decode_text(Bytes payload);

/// Register AA, in the order of `error_count_names`. 11 values, or 12 with the restarts. Errors: length.
using ErrorCounts = boost::container::static_vector<std::uint16_t, 12>;
[[nodiscard]] Result<ErrorCounts> decode_error_counts(Bytes payload);

/// Register FA (vendor text V11): parameters by number.
struct Parameters {
  std::uint16_t first = 0;
  boost::container::static_vector<std::uint16_t, 126> words;
};
/// Errors: length when there are not as many words as announced.
[[nodiscard]] Result<Parameters> decode_parameters(Bytes payload);

/// A version byte as people write it: 0x80 is "8.0", 0xD6 is "13.6".
[[nodiscard]] std::string version_text(std::uint8_t version);

/// Bytes as printable ASCII, up to the first NUL; other bytes become '?'.
[[nodiscard]] std::string printable(Bytes text);

}  // namespace bms::jbd
