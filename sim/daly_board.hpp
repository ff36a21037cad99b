// What every Daly board measures and does, whichever of Daly's protocols it speaks: pack, FETs, failures, settings.
// Written from Daly's papers and captures alone and on purpose without a line of the driver's own code, so that the two
// can disagree.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "board.hpp"
#include "pack.hpp"

namespace bms::sim {

struct DalyOptions {
  enum class Dialect : std::uint8_t { a5, a5_bluetooth, d2, p81 };
  /// What becomes of registers that a board does not have.
  enum class Unknown : std::uint8_t { ffff, silent, repeat };

  Dialect dialect = Dialect::a5;
  unsigned address = 1;  ///< number of the board
  std::string code;      ///< the battery code that users set; for p81 the serial number
  std::string software = "20210222-1.01T";
  std::string hardware = "DL-BMS-R32-01E";
  bool zero_fill = false;          ///< newer 0xA5 firmware: what a layout does not name is 0
  bool silent_parameters = false;  ///< 0x50 to 0x63 are not answered
  bool short_map = false;          ///< d2 without the registers from 0x3E on
  Unknown unknown = Unknown::ffff;
};

class DalyBoard : public Board {
 public:
  /// The pack must outlive the board.
  DalyBoard(Pack& pack, const DalyOptions& options) : pack_(pack), options_(options) {}

  Outcome<Action> compile(std::span<const std::string> words) override;
  [[nodiscard]] static Commands<DalyBoard> commands();
  nlohmann::json state() const override;
  void line_idle() override { heard_.clear(); }

 protected:
  [[nodiscard]] const DalyOptions& options() const { return options_; }
  [[nodiscard]] const Pack& pack() const { return pack_; }

  // What the board measures, in counts of the wire.
  [[nodiscard]] unsigned cell_mv(std::size_t cell) const;
  [[nodiscard]] unsigned voltage_100mv() const;
  [[nodiscard]] long current_100ma() const;  ///< positive while charging
  [[nodiscard]] unsigned soc_permille() const;
  [[nodiscard]] unsigned long remaining_mah() const;
  [[nodiscard]] unsigned long capacity_mah() const;
  [[nodiscard]] unsigned temperature_raw(std::size_t sensor) const;  ///< °C + 40, 0 for none
  [[nodiscard]] unsigned cycles() const;
  [[nodiscard]] std::uint64_t balancing() const;
  [[nodiscard]] unsigned activity() const;  ///< 0 stationary, 1 charging, 2 discharging
  [[nodiscard]] bool charge_fet() const;
  [[nodiscard]] bool discharge_fet() const;

  /// The failure bits of 0x98, D0 lowest.
  [[nodiscard]] std::uint64_t failures() const;
  [[nodiscard]] unsigned fault_code() const { return fault_code_; }

  /// A poll begins: measure anew.
  void measure();
  void switch_charge(bool on);
  void switch_discharge(bool on);
  [[nodiscard]] bool charge_switch() const { return charge_switch_; }
  [[nodiscard]] bool discharge_switch() const { return discharge_switch_; }
  void allow_balancing(bool on) { balancer_ = on; }
  [[nodiscard]] bool balancing_allowed() const { return balancer_; }
  void set_soc(double soc_pct) { pack_.set_soc(soc_pct); }

  /// Everything that changes something, whether the board does it or not.
  void note_write(nlohmann::json what) { writes_.push_back(std::move(what)); }

  /// What came since the line was quiet; only as much as the longest order has.
  void hear(std::uint8_t byte);
  [[nodiscard]] std::span<const std::uint8_t> heard() const { return heard_; }
  void forget() { heard_.clear(); }

 private:
  using Words = std::span<const std::string>;
  [[nodiscard]] std::optional<Action> understand_protect(Words words);
  [[nodiscard]] std::optional<Action> understand_lock(Words words);
  [[nodiscard]] std::optional<Action> understand_code(Words words);
  [[nodiscard]] std::optional<Action> understand_misreport(Words words);
  void protect(std::size_t bit, bool active);
  void update_gate() { pack_.gate(charge_fet(), discharge_fet()); }

  Pack& pack_;
  DalyOptions options_;
  std::vector<std::uint8_t> heard_;
  std::bitset<56> protections_;
  unsigned fault_code_ = 0;
  bool charge_switch_ = true, discharge_switch_ = true, balancer_ = true;
  std::optional<double> reported_voltage_v_;  ///< where the board lies about the pack's voltage
  unsigned polls_ = 0;
  nlohmann::json writes_ = nlohmann::json::array();
};

/// Settings that the board reports; fixed.
namespace daly_settings {
inline constexpr unsigned nominal_cell_mv = 3200;
inline constexpr unsigned cell_high_mv[] = {3600, 3650};
inline constexpr unsigned cell_low_mv[] = {2800, 2600};
inline constexpr unsigned balance_start_mv = 3400;
inline constexpr unsigned balance_difference_mv = 20;
inline constexpr unsigned charge_limit_a[] = {100, 120};
inline constexpr unsigned discharge_limit_a[] = {150, 200};
inline constexpr unsigned production_date[] = {22, 8, 10};
}  // namespace daly_settings

}  // namespace bms::sim
