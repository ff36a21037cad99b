// A Daly board of the H, K, M or S series: registers, read and written as by Modbus, in one of its two maps.
#pragma once

#include <optional>
#include <vector>

#include "daly_board.hpp"

namespace bms::sim {

class DalyRegisterBoard final : public DalyBoard {
 public:
  using DalyBoard::DalyBoard;

  std::optional<Answer> receive(std::uint8_t byte) override;

 private:
  [[nodiscard]] bool is_d2() const { return options().dialect == DalyOptions::Dialect::d2; }
  [[nodiscard]] unsigned asked_at() const { return is_d2() ? 0xD2 : 0x80 + options().address; }
  [[nodiscard]] unsigned answers_from() const { return is_d2() ? 0xD2 : 0x50 + options().address; }

  [[nodiscard]] std::vector<std::uint8_t> read(unsigned first, unsigned count);
  [[nodiscard]] std::vector<std::uint8_t> write(unsigned address, unsigned value, std::span<const std::uint8_t> frame);
  [[nodiscard]] std::vector<std::uint8_t> refusal(unsigned function, unsigned code) const;

  /// The content of a register; empty when the board does not have it.
  [[nodiscard]] std::optional<unsigned> value_of(unsigned address) const;
  [[nodiscard]] std::optional<unsigned> d2_value(unsigned address) const;
  [[nodiscard]] std::optional<unsigned> d2_setting(unsigned address) const;
  [[nodiscard]] std::optional<unsigned> p81_value(unsigned address) const;
  [[nodiscard]] std::optional<unsigned> p81_status(unsigned address) const;
  [[nodiscard]] std::optional<unsigned> p81_setting(unsigned address) const;
  [[nodiscard]] unsigned cell_or_zero(std::size_t cell) const;
  [[nodiscard]] unsigned temperature_or_absent(std::size_t sensor) const;
  [[nodiscard]] unsigned highest_cell() const;
  [[nodiscard]] unsigned lowest_cell() const;
  [[nodiscard]] unsigned current_word() const;
  [[nodiscard]] unsigned p81_failures(unsigned address) const;

  std::vector<std::uint8_t> last_answer_;
  mutable unsigned heartbeat_ = 0;
};

}  // namespace bms::sim
