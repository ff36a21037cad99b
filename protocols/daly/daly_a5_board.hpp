// What lasts between two conversations with one 0xA5 board: how it is spoken to, and what is known of it.
#pragma once

#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "bms/reading.hpp"
#include "daly/daly_a5_decode.hpp"
#include "daly/daly_trust.hpp"

namespace bms::daly {

/// A reading of command 0x90.
struct PackReading : PackState {
  [[nodiscard]] static bool alone() { return true; }
  [[nodiscard]] bool follows(const PackReading& previous) const;
  [[nodiscard]] bool agrees(const PackReading& other) const { return follows(other); }
  [[nodiscard]] static PackReading middle(const PackReading& a, const PackReading& b, const PackReading& c);
};

/// A reading of command 0x93.
struct FetReading : FetState {
  [[nodiscard]] static bool alone() { return true; }
  [[nodiscard]] bool follows(const FetReading& previous) const;
  [[nodiscard]] bool agrees(const FetReading& other) const { return follows(other); }
  [[nodiscard]] static FetReading middle(const FetReading& a, const FetReading& b, const FetReading& c);
};

/// A reading of command 0x98 (failure bits), or of 0x97 (balancer bits).
struct BitReading {
  std::uint64_t bits = 0;

  [[nodiscard]] bool alone() const { return bits == 0; }
  [[nodiscard]] bool follows(const BitReading& previous) const { return bits == previous.bits; }
  [[nodiscard]] bool agrees(const BitReading& other) const { return bits == other.bits; }
  [[nodiscard]] static BitReading middle(const BitReading& a, const BitReading& b, const BitReading& c) {
    return {(a.bits & b.bits) | (a.bits & c.bits) | (b.bits & c.bits)};
  }
};

/// A reading of command 0x95.
struct CellReading {
  boost::container::static_vector<double, most_cells> cells_v;

  /// Cells outside of what a cell can have: open sense wires (5.000 V, 0 V), if the board insists.
  [[nodiscard]] bool alone() const;
  [[nodiscard]] bool follows(const CellReading& previous) const;
  [[nodiscard]] bool agrees(const CellReading& other) const { return follows(other); }
  [[nodiscard]] static CellReading middle(const CellReading& a, const CellReading& b, const CellReading& c);
};

/// A reading of command 0x96.
struct TemperatureReading {
  boost::container::static_vector<std::optional<int>, most_sensors> temperatures_c;

  [[nodiscard]] static bool alone() { return false; }
  [[nodiscard]] bool follows(const TemperatureReading& previous) const {
    return temperatures_c == previous.temperatures_c;
  }
  [[nodiscard]] bool agrees(const TemperatureReading& other) const;
  [[nodiscard]] static TemperatureReading middle(const TemperatureReading& a, const TemperatureReading& b,
                                                 const TemperatureReading& c);
};

/// What 0x94 says of the pack itself.
struct Layout {
  std::size_t cells = 0, sensors = 0;

  friend bool operator==(const Layout&, const Layout&) = default;
};

/// What is known of the board.
struct A5Board {
  std::uint8_t host = serial_host;
  std::size_t user_cells = 0, user_sensors = 0;  ///< what the user says; 0: the board is believed

  Settled<Layout> layout;
  Trust<PackReading> pack;
  Trust<FetReading> fets;
  Trust<BitReading> failures;
  Trust<CellReading> cells;
  Trust<TemperatureReading> temperatures;
  Trust<BitReading> balancer;
  Settled<double> rated_ah;

  /// Cycles are at one place in 0x94 on classic firmware and at another on newer firmware, which also fills with zeros
  /// what classic firmware leaves as it was.
  Settled<bool> fills_with_zeros;
  Settled<unsigned> cycles, cycles_in_tail;

  /// How many cells and sensors the pack has; empty while that is not known.
  [[nodiscard]] std::optional<std::size_t> cell_count() const;
  [[nodiscard]] std::optional<std::size_t> sensor_count() const;

  void learn(const Status& status);
  void learn(const Extremes& cell_range);
  void learn_rated(const Data& data);

  [[nodiscard]] std::optional<unsigned> cycle_count() const;
};

}  // namespace bms::daly
