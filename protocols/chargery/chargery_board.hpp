// What lasts between two conversations with one Chargery board, as far as listening is one.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "bms/bytes.hpp"
#include "bms/error.hpp"
#include "bms/extra.hpp"
#include "bms/reading.hpp"
#include "chargery/chargery_belief.hpp"
#include "chargery/chargery_cell_count.hpp"
#include "chargery/chargery_stream.hpp"

namespace bms::chargery {

class Board {
 public:
  /// `cells`, `temperature_sensors`: what the user said of the board; 0: nothing.
  explicit Board(std::size_t cells = 0, std::size_t temperature_sensors = 0);

  /// Takes bytes from the line.
  void hear(Bytes chunk);

  /// The line has been quiet for longer than a frame ever pauses.
  void fall_silent();

  /// Both frames that a reading needs have come since forget_freshness(), and are believed.
  [[nodiscard]] bool fresh() const { return system_.fresh() && cells_.fresh(); }
  [[nodiscard]] bool fresh_system() const { return system_.fresh(); }
  [[nodiscard]] bool fresh_cells() const { return cells_.fresh(); }
  void forget_freshness();

  [[nodiscard]] const std::optional<System>& system() const { return system_.value(); }
  [[nodiscard]] const std::optional<Cells>& cells() const { return cells_.value(); }
  /// As they were measured last; empty: never since the program began.
  [[nodiscard]] const std::optional<Impedances>& impedances() const { return impedances_; }
  /// 0: not known yet.
  [[nodiscard]] std::size_t cell_count() const { return cell_count_.known(); }
  /// Temperatures that count, in the order of the board.
  [[nodiscard]] std::size_t sensor_count() const { return sensor_count_; }

  /// The board's firmware reports neither the direction of the current nor a state of charge. Two such frames in a row
  /// are no accident.
  [[nodiscard]] bool too_old() const { return old_systems_ >= 2; }

  /// "BMS16T"; empty when not known.
  [[nodiscard]] std::string model() const;
  /// As far as the layouts show it; empty when nothing came yet.
  [[nodiscard]] std::string firmware() const;

  [[nodiscard]] std::size_t missing() const { return stream_.missing(); }
  [[nodiscard]] bool damaged() const { return stream_.damaged(); }
  [[nodiscard]] std::optional<Error> take_damage() { return stream_.take_damage(); }

 private:
  void take(const Message& message);
  void take(const System& system);
  void take(const Cells& cells);

  FrameStream stream_;
  Belief<System> system_;
  Belief<Cells> cells_;
  CellCount cell_count_;
  std::size_t sensor_count_;
  std::optional<Impedances> impedances_;
  int old_systems_ = 0;
};

/// What the newest frames say. Precondition: both kinds have come, and the cell count is known and not larger than the
/// number of slots.
[[nodiscard]] Reading reading_of(const Board& board);

/// Appends what they say besides: energy, mode, the end voltages that are set, and the impedances.
void add_extras_of(const Board& board, std::vector<Extra>& to);

}  // namespace bms::chargery
