// The electrical model behind every simulated board: cells in series, a current, a state of charge. Time is an
// argument. It knows no protocol and does not round: each board reports the values at its own resolution.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <vector>

namespace bms::sim {

struct PackOptions {
  std::size_t cells = 16;
  std::size_t sensors = 2;
  double capacity_ah = 280;
  double soc_pct = 60;
  bool drift = false;  ///< values change a little with every measurement
  std::uint64_t seed = 1;
};

/// A pack at work. Current is positive while charging. Cells and sensors count from 0 here.
class Pack {
 public:
  explicit Pack(const PackOptions& options);

  /// Lets time pass: what flows changes the state of charge.
  void advance(double seconds);

  /// A new measurement: with drift, everything moves by a little noise.
  void measure();

  [[nodiscard]] std::size_t cell_count() const { return cells_.size(); }
  [[nodiscard]] std::size_t sensor_count() const { return temperatures_c_.size(); }
  [[nodiscard]] double cell_v(std::size_t cell) const;
  [[nodiscard]] double current_a() const;
  [[nodiscard]] double soc_pct() const { return soc_pct_; }
  [[nodiscard]] double capacity_ah() const { return capacity_ah_; }
  [[nodiscard]] double remaining_ah() const { return capacity_ah_ * soc_pct_ / 100.0; }
  [[nodiscard]] double temperature_c(std::size_t sensor) const;
  [[nodiscard]] double cycles() const { return cycles_; }

  /// Charges (positive) or discharges from now on. Every cell follows the charge curve again.
  void run(double current_a);

  /// Shows this current, whatever flows; the state of charge stays.
  void set_current(double current_a);
  /// Shows this voltage at a cell until run() is called.
  void set_cell(std::size_t cell, double voltage_v) { cells_[cell].fixed_v = voltage_v; }
  /// Shifts all cells alike until their sum is `voltage_v`; holds until run() is called.
  void set_voltage(double voltage_v);
  void set_soc(double soc_pct) { soc_pct_ = soc_pct; }
  void set_temperature(std::size_t sensor, double temperature_c) { temperatures_c_[sensor] = temperature_c; }
  void set_cycles(double cycles) { cycles_ = cycles; }

  /// Which way current can flow: the board opens and closes its FETs here.
  void gate(bool charge, bool discharge);

 private:
  struct Cell {
    double offset_v = 0;  ///< how this cell differs from the curve
    double noise_v = 0;
    std::optional<double> fixed_v;
  };

  [[nodiscard]] double flowing_a() const;

  std::vector<Cell> cells_;
  std::vector<double> temperatures_c_;
  double capacity_ah_;
  double soc_pct_;
  double cycles_ = 12;
  double run_a_ = 0;
  std::optional<double> shown_a_;
  bool charge_open_ = false;
  bool discharge_open_ = false;
  bool drift_;
  double noise_a_ = 0;
  double noise_c_ = 0;
  std::mt19937_64 random_;
};

}  // namespace bms::sim
