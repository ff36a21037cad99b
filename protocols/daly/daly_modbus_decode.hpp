// What the registers of the newer Daly protocol mean, in SI units. Pure functions over the words of one or more
// answers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "bms/bytes.hpp"
#include "daly/daly_registers.hpp"

namespace bms::daly {

/// The words of one answer, by the numbers of their registers.
class Words {
 public:
  /// `bytes`: two for each register from `first` on; belong to somebody else.
  Words(std::uint16_t first, Bytes bytes) : first_(first), bytes_(bytes) {}

  /// Empty when the answer does not hold the register.
  [[nodiscard]] std::optional<std::uint16_t> at(std::size_t address) const {
    if (address < first_ || address - first_ >= bytes_.size() / 2) return std::nullopt;
    return u16_be(bytes_, 2 * (address - first_));
  }
  [[nodiscard]] bool has(std::size_t address) const { return at(address).has_value(); }
  /// Whether it holds `count` registers from `address` on.
  [[nodiscard]] bool has(std::size_t address, std::size_t count) const {
    return has(address) && has(address + count - 1);
  }
  /// Precondition: has(address, count).
  [[nodiscard]] Bytes bytes(std::size_t address, std::size_t count) const {
    return bytes_.subspan(2 * (address - first_), 2 * count);
  }

 private:
  std::uint16_t first_;
  Bytes bytes_;
};

/// The value in the unit of its table; empty when the words do not hold it or it says that there is none.
[[nodiscard]] std::optional<double> value_in(const Words& words, Map map, const RegisterValue& value);

/// The value of one register, when nothing is special about it.
[[nodiscard]] std::optional<double> scaled(const Words& words, std::uint16_t address, const Scale& scale);

/// A temperature register; 0, 255 and FFFF mean that there is no sensor.
[[nodiscard]] std::optional<int> temperature_in(const Words& words, std::size_t address);

/// Whether cells are being balanced; empty when it is not reported, or in a way that is not understood.
[[nodiscard]] std::optional<bool> balancing_in(const Words& words, Map map);

/// The failure bits of d2 in the order of `failure_bits`. Registers that the words do not hold count as 0.
[[nodiscard]] std::uint64_t d2_failures_in(const Words& words);

/// The level of a row of `p81_failures`: 0 none, 1 warning, 2 and more alarm; a flag has level 1 when it is set.
[[nodiscard]] unsigned p81_level(const Words& words, const P81Failure& row);

/// Whether the board warms its cells; empty where it cannot say.
[[nodiscard]] std::optional<bool> heating_in(const Words& words, Map map);

/// The text in `count` registers, two characters each, without NULs and blanks at the end.
[[nodiscard]] std::string text_in(const Words& words, std::uint16_t address, std::size_t count);

/// Texts as people read them: d2 sends the software text backwards, and on some boards the hardware text as well.
[[nodiscard]] std::string software_text_in(const Words& words, Map map);
[[nodiscard]] std::string hardware_text_in(const Words& words, Map map);

}  // namespace bms::daly
