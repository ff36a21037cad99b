// A JBD board: frames, registers, factory mode, FETs and protections. Written from the vendor's texts and captures
// alone and on purpose without a line of the driver's own code, so that the two can disagree.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "board.hpp"
#include "jbd_eeprom.hpp"
#include "jbd_protections.hpp"
#include "pack.hpp"

namespace bms::sim {

class JbdBoard : public Board {
 public:
  /// The pack must outlive the board.
  JbdBoard(Pack& pack, const JbdOptions& options);

  std::optional<Answer> receive(std::uint8_t byte) override;
  void line_idle() override { frame_.clear(); }
  Outcome<Action> compile(std::span<const std::string> words) override;
  [[nodiscard]] static Commands<JbdBoard> commands();
  nlohmann::json state() const override;

 private:
  using Words = std::span<const std::string>;
  [[nodiscard]] std::optional<Action> understand_protect(Words words);
  [[nodiscard]] std::optional<Action> understand_warn(Words words);
  [[nodiscard]] std::optional<Action> understand_lock(Words words);
  [[nodiscard]] std::optional<Action> understand_misreport(Words words);
  [[nodiscard]] std::optional<Action> understand_power(Words words);

  using Payload = std::vector<std::uint8_t>;
  struct Reply {
    std::uint8_t status = 0;
    Payload payload;
  };

  [[nodiscard]] bool addressed() const { return options_.dialect == JbdOptions::Dialect::addressed; }
  /// What frames are longer than in the plain protocol.
  [[nodiscard]] std::size_t address_size() const { return addressed() ? 1 : 0; }

  [[nodiscard]] std::optional<Answer> answer(std::span<const std::uint8_t> frame);
  [[nodiscard]] bool concerns_us(std::span<const std::uint8_t> frame) const;
  [[nodiscard]] Answer frame_of(std::uint8_t asked_address, std::uint8_t reg, const Reply& reply) const;
  [[nodiscard]] Reply read_addressed(std::uint8_t reg);
  [[nodiscard]] std::optional<Reply> read(std::uint8_t reg, std::span<const std::uint8_t> payload);
  [[nodiscard]] Reply read_memory(std::uint8_t reg) const;
  [[nodiscard]] Reply read_parameters(std::span<const std::uint8_t> payload) const;
  [[nodiscard]] Reply write(std::uint8_t reg, std::span<const std::uint8_t> payload);
  [[nodiscard]] Reply write_mosfet(std::uint16_t lock);
  [[nodiscard]] Reply write_lock_switch(std::uint8_t which, bool locked);
  [[nodiscard]] Reply leave_factory_mode(std::uint16_t how);
  [[nodiscard]] Reply control(std::uint16_t code);

  [[nodiscard]] Payload basic_info();
  void put_addressed_end(Payload& to) const;
  [[nodiscard]] Payload cell_voltages() const;
  [[nodiscard]] Payload counters() const;

  // What the board measures, in counts of the wire.
  [[nodiscard]] std::uint16_t cell_mv(std::size_t cell) const;
  [[nodiscard]] long voltage_10mv() const;
  [[nodiscard]] long current_counts() const;
  [[nodiscard]] long temperature_decikelvin(std::size_t sensor) const;
  [[nodiscard]] long capacity_counts(double ah) const;
  [[nodiscard]] double counts_per_unit() const { return options_.high_current ? 10 : 100; }

  [[nodiscard]] std::uint16_t protection_word() const;
  [[nodiscard]] bool charge_fet() const;
  [[nodiscard]] bool discharge_fet() const;
  [[nodiscard]] std::uint32_t balancing() const;
  [[nodiscard]] const std::array<JbdProtection, 16>& known_protections() const {
    return addressed() ? jbd_addressed_protections : jbd_protections;
  }
  void protect(std::size_t bit, bool active);
  void lock(std::uint8_t mask);
  void update_gate() { pack_.gate(charge_fet(), discharge_fet()); }

  Pack& pack_;
  JbdOptions options_;
  JbdEeprom memory_;
  std::vector<std::uint8_t> frame_;
  std::bitset<16> protections_;
  std::bitset<16> warnings_;  ///< addressed
  std::array<std::uint16_t, 12> counters_{};
  std::optional<double> reported_voltage_v_;  ///< where the board lies about the pack's voltage
  std::uint8_t lock_ = 0;                     ///< bit 0: charge, bit 1: discharge FET held open by software
  bool factory_mode_ = false;
  struct {
    unsigned entered = 0, left = 0, saved = 0;
  } factory_count_;  ///< how often; saving is leaving, too
  unsigned polls_ = 0;
  nlohmann::json writes_ = nlohmann::json::array();
};

}  // namespace bms::sim
