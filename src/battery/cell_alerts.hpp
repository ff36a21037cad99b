// Events of cells: each is one entry, however long it lasts, with its beginning, its worst moment and its end.
#pragma once

#include <array>
#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace bms::battery {

enum class CellAlertKind : std::uint8_t {
  spread,     ///< between the lowest and the highest cell
  low_cell,   ///< a cell is too low
  high_cell,  ///< a cell is too high
};
inline constexpr std::size_t cell_alert_kinds = 3;

/// "spread", "low_cell", "high_cell": the names in files.
[[nodiscard]] constexpr std::string_view name_of(CellAlertKind kind) {
  constexpr std::array<std::string_view, cell_alert_kinds> names{"spread", "low_cell", "high_cell"};
  return names[static_cast<std::size_t>(kind)];
}

/// `info` is for the list alone; the others are levels of an alarm that was raised.
enum class CellAlertLevel : std::uint8_t { info, warning, alarm };
inline constexpr std::size_t cell_alert_levels = 3;

/// "info", "warning", "alarm": the names in files.
[[nodiscard]] constexpr std::string_view name_of(CellAlertLevel level) {
  constexpr std::array<std::string_view, cell_alert_levels> names{"info", "warning", "alarm"};
  return names[static_cast<std::size_t>(level)];
}

/// Times are seconds since 1970; 0: no clock could be believed then.
struct CellAlert {
  CellAlertKind kind{};
  CellAlertLevel level{};  ///< the highest so far
  std::uint8_t cell = 0;   ///< that was worst, from 1; 0: not known
  std::uint16_t peak_mv = 0;
  double begun_unix_s = 0, peak_unix_s = 0, ended_unix_s = 0;
  bool lasts = true;
  bool acknowledged = false;

  friend bool operator==(const CellAlert&, const CellAlert&) = default;
};

class CellAlerts {
 public:
  static constexpr std::size_t most = 50;
  using List = boost::container::static_vector<CellAlert, most>;

  /// The worst cell of a reading.
  struct Worst {
    std::uint8_t cell = 0;
    std::uint16_t value_mv = 0;  ///< its voltage, or the spread
  };

  CellAlerts() = default;
  explicit CellAlerts(const List& list);

  /// What one kind is like in a reading. `level` empty: nothing is wrong; `worst` empty: something is, but no cell can
  /// be judged now.
  void follow(CellAlertKind kind, std::optional<CellAlertLevel> level, std::optional<Worst> worst, double unix_s);

  /// The owner has seen all of them.
  void acknowledge();

  /// How many warnings and alarms nobody has acknowledged.
  [[nodiscard]] std::size_t unacknowledged() const;

  [[nodiscard]] bool lasts(CellAlertKind kind) const { return lasting_[static_cast<std::size_t>(kind)]; }

  /// The newest first.
  [[nodiscard]] const List& list() const { return list_; }

  friend bool operator==(const CellAlerts&, const CellAlerts&) = default;

 private:
  CellAlert& lasting(CellAlertKind kind, double unix_s);
  void note_lasting();

  List list_;
  std::array<bool, cell_alert_kinds> lasting_{};  ///< there is one in the list; asked with every reading
};

}  // namespace bms::battery
