// In which situations cells are compared, and how far each of them is away from the others there.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "bms/reading.hpp"

namespace bms::battery {

/// Where a difference between cells says something. In between cells of any condition read much the same.
enum class CellClass : std::uint8_t {
  rest,           ///< hardly any current for ten minutes, and no cell at either end
  charge_top,     ///< the mean cell is nearly full, or one of them quite
  discharge_end,  ///< the mean cell is nearly empty, or one of them quite
};
inline constexpr std::size_t cell_class_count = 3;

/// "rest", "charge_top", "discharge_end": the names in files.
[[nodiscard]] constexpr std::string_view name_of(CellClass which) {
  constexpr std::array<std::string_view, cell_class_count> names{"rest", "charge_top", "discharge_end"};
  return names[static_cast<std::size_t>(which)];
}

/// A number for each cell, the first one first; those beyond the last cell are 0.
using PerCell = std::array<float, max_cells>;

/// The deviations from the median in one class. An occurrence is a stay in the class, with interruptions of less than
/// an hour; after a day it counts as done, so that a battery that always rests is judged as well. The mean is one of
/// about the last twenty occurrences, however long each of them was.
class ClassMeans {
 public:
  static constexpr unsigned remembered = 20;     ///< occurrences
  static constexpr float pause_s = 3600;         ///< an interruption that ends an occurrence
  static constexpr float longest_s = 24 * 3600;  ///< of an occurrence
  static constexpr float shortest_s = 60;        ///< a shorter stay is not counted
  static constexpr std::uint32_t most = 1'000'000;

  /// What is kept over a restart.
  struct State {
    std::uint32_t done = 0;  ///< occurrences in `mean_mv`
    PerCell mean_mv{};
    float in_class_s = 0;  ///< of the present occurrence; 0: there is none
    float span_s = 0;      ///< since it began
    float absent_s = 0;    ///< since the class was left
    PerCell present_mv{};  ///< its mean

    friend bool operator==(const State&, const State&) = default;
  };

  ClassMeans() = default;
  explicit ClassMeans(const State& state) : state_(state) {}

  /// The cells have been like this for so many seconds, in this class.
  void stay(std::span<const float> deviations_mv, float seconds);

  /// So many seconds have passed outside the class, or unseen.
  void leave(float seconds);

  /// How many occurrences there were; the present one counts when it is long enough.
  [[nodiscard]] std::uint32_t occurrences() const { return state_.done + (counts() ? 1 : 0); }

  /// The mean of one cell, in mV above the median; the present occurrence counts as far as it is. 0 without any.
  [[nodiscard]] float deviation_mv(std::size_t cell) const;

  [[nodiscard]] const State& state() const { return state_; }

  friend bool operator==(const ClassMeans&, const ClassMeans&) = default;

 private:
  [[nodiscard]] bool counts() const { return state_.in_class_s >= shortest_s; }
  void finish();

  State state_;
};

}  // namespace bms::battery
