// What a JBD board keeps in its memory: two-byte configuration registers 0x10..0x47 and a few texts, and the newer view
// of the same things as numbered parameters. Registers by vendor text V11 and the register map of E. Poulsen.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace bms::sim {

struct JbdOptions {
  enum class Dialect : std::uint8_t { plain, addressed, up };
  Dialect dialect = Dialect::plain;
  unsigned address = 0;          ///< addressed: of the board
  bool sum_of_maker = false;     ///< addressed: checksums of replies leave the address out, as the maker's text has it
  bool deaf_to_address = false;  ///< addressed: answers whatever address is asked
  std::string manufacturer = "DGJBD";
  std::string model = "JBD-SP24S004-L24S-200A-B-U";
  std::string barcode;
  std::uint8_t firmware = 0x80;  ///< two nibbles: 0x80 is 8.0
  bool tail = false;             ///< the longer 0x03 of newer firmware
  bool high_current = false;     ///< currents in 100 mA, capacities in 100 mAh
  enum class Parameters : std::uint8_t { answered, refused, silent } parameters = Parameters::answered;  ///< 0xFA
  enum class Mosfet : std::uint8_t { open, factory, refused } mosfet = Mosfet::open;  ///< who may write 0xE1
  std::uint64_t seed = 1;                                                             ///< makes the chip id
};

class JbdEeprom {
 public:
  JbdEeprom(const JbdOptions& options, std::size_t cells, std::size_t sensors, double capacity_ah);

  /// The register's value; empty where this board has none.
  [[nodiscard]] std::optional<std::uint16_t> at(std::uint8_t reg) const;

  /// Replaces a value; false where this board has no such register.
  [[nodiscard]] bool write(std::uint8_t reg, std::uint16_t value);

  /// Keeps the values for good.
  void save() { saved_ = values_; }

  /// Goes back to what was kept.
  void lose_power() { values_ = saved_; }

  /// All registers.
  [[nodiscard]] const std::map<std::uint8_t, std::uint16_t>& registers() const { return values_; }

  /// Those that a loss of power would not change.
  [[nodiscard]] const std::map<std::uint8_t, std::uint16_t>& saved() const { return saved_; }

  /// All numbered parameters, one 16-bit word each.
  [[nodiscard]] std::vector<std::uint16_t> parameters() const;

  /// Manufacturer, device name or barcode for 0xA0..0xA2.
  [[nodiscard]] const std::string& text(std::uint8_t reg) const;

 private:
  [[nodiscard]] std::uint16_t value_or_zero(std::uint8_t reg) const { return at(reg).value_or(0); }

  JbdOptions options_;
  std::map<std::uint8_t, std::uint16_t> values_;
  std::map<std::uint8_t, std::uint16_t> saved_;
};

}  // namespace bms::sim
