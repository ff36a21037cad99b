// The battery of the bench: cells in series with an active balancer, as an equivalent circuit. Good for how
// voltages answer to currents near full and near empty; knows nothing of ageing, and one temperature for all cells.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "random.hpp"

namespace bms::model {

/// What the cells are made of.
enum class CellKind : std::uint8_t { lfp, li_ion, lto };

/// The voltage of a cell at rest. `soc_pct` may go beyond 100: there the voltage runs away, as that of a real cell
/// does. The curve of LiFePO4 is the one that control was laid out with; the others have the steepness that is usual
/// for NMC and for titanate cells, which is all that matters here.
[[nodiscard]] double open_circuit_voltage_v(double soc_pct, CellKind kind = CellKind::lfp);

/// One cell that is unlike the others.
struct OddCell {
  double soc_pct = 0;     ///< how much fuller than the others
  double resistance = 1;  ///< times that of the others
  double capacity = 1;    ///< likewise
};

/// How a pack is made. Resistances are those of 280 Ah cells; smaller cells have more.
struct PackDesign {
  CellKind kind = CellKind::lfp;
  int cells = 16;
  double capacity_ah = 280;
  double soc_pct = 90;
  double soc_spread_pct = 0.15;                              ///< each cell so much more or less, at most
  double resistance = 1;                                     ///< times the usual one
  double lowest_resistance = 0.9, highest_resistance = 1.1;  ///< each cell somewhere in between, times `resistance`
  OddCell odd{};                                             ///< cell 4
  double balancer_a = 1;                                     ///< of a 280 Ah pack

  /// Half of what lies between the rest voltages after charging and after discharging. A gap of 5 to 25 mV is usual for
  /// LiFePO4, with states between both curves after partial cycles (accure.net, "Battery hysteresis effect"). How fast
  /// the voltage changes sides is the bench's own guess: 2 % of the capacity.
  double hysteresis_v = 0;
};

/// Cells, balancer, charge. One step is one second.
class Pack {
 public:
  Pack(const PackDesign& design, Random& random);

  /// Lets `current_a` flow for one second; positive is charging.
  void advance(double current_a);

  [[nodiscard]] const std::vector<double>& cells_v() const { return cells_v_; }
  [[nodiscard]] double voltage_v() const { return voltage_v_; }
  [[nodiscard]] double highest_v() const;
  [[nodiscard]] double lowest_v() const;
  [[nodiscard]] double soc_pct() const;  ///< mean of the cells, 0..100

  /// What the pack will show when it has been left alone for long enough.
  [[nodiscard]] double resting_voltage_v() const;
  /// Of all cells together, at once, without polarisation.
  [[nodiscard]] double resistance_ohm() const;

 private:
  struct Cell {
    double soc_pct;
    double fast_ohm, slow_ohm;
    double polarisation_v = 0;
    double hysteresis = 0;  ///< -1 after discharging .. 1 after charging
    double capacity = 1;    ///< times the usual one

    [[nodiscard]] double resting_v(CellKind kind, double half_gap_v) const;
  };

  void charge(Cell& cell, double current_a) const;

  CellKind kind_;
  double capacity_ah_;
  double balancer_a_;
  double hysteresis_v_;
  double polarisation_share_;  ///< of the way to the end value, each second
  std::vector<Cell> cells_;
  std::vector<double> cells_v_;
  double voltage_v_ = 0;
};

}  // namespace bms::model
