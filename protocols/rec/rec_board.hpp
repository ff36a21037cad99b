// What lasts between two conversations with one REC unit, or with a system of units behind one address.
#pragma once

#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "bms/reading.hpp"
#include "bms/variant.hpp"
#include "rec/rec_decode.hpp"
#include "rec/rec_errands.hpp"
#include "rec/rec_guard.hpp"
#include "rec/rec_question.hpp"

namespace bms::rec {

/// The address that a 1Q is delivered with.
inline constexpr unsigned usual_address = 1;

/// The address at which a master unit speaks for all.
inline constexpr std::uint8_t master_address = 16;

/// Which model a text from *IDN means. Seen: "REC BMS 1Q VICTRON" (recording of aaronsb/REC-BMSManager); the manuals of
/// the ABMS give "ACTIVE" and "REC - BATTERY MANAGEMENT SYSTEM" (with "BATERY" in swissembedded/em).
[[nodiscard]] Model model_of(std::string_view text, std::uint8_t unit);

/// Whether a text from *IDN is that of a REC unit.
[[nodiscard]] bool names_a_rec(std::string_view text);

/// One temperature as a sensor reports it, and as it is believed: a DS18B20 that has just got power says 85 °C once. It
/// is not asked for in every poll, and an answer may be missed; what was reported a minute ago is not known any more.
class SensorMemory {
 public:
  void told(double temperature_c);
  void poll_begins() { ++age_; }
  [[nodiscard]] std::optional<double> believed_c() const { return age_ <= believed_polls ? believed_c_ : std::nullopt; }

  /// For how many polls it was not reported.
  [[nodiscard]] unsigned age() const { return age_; }

 private:
  static constexpr unsigned believed_polls = 60;

  unsigned age_ = 0;
  std::optional<double> told_c_;
  std::optional<double> believed_c_;
};

struct Board {
  explicit Board(const BoardOptions& options);

  std::uint8_t unit;               ///< its address
  std::size_t configured_sensors;  ///< temperature sensors of a unit, as the user says; 0: found out
  Model model = Model::unknown;
  bool sends_counts = false;           ///< arrays have come with count frames; then none is taken without
  bool sends_exponents = false;        ///< settings have come as "4.50000e2"; then a few digits are not a setting
  std::optional<Layout> cells;         ///< how CELL is answered, from the first time on
  std::optional<Layout> temperatures;  ///< likewise for PTEM
  unsigned strange_layouts = 0;        ///< polls in a row in which CELL came in another layout
  unsigned silent_polls = 0;           ///< in a row
  unsigned sum_misfits = 0;            ///< polls in a row in which cells and pack voltage disagreed

  Settings settings;
  ErrandPlan errands;
  Guard guard;

  boost::container::static_vector<SensorMemory, max_temperatures> sensors;
  SensorMemory board_sensor;
  std::optional<Extremes> extremes;
  boost::container::static_vector<double, max_cells> cell_resistances_ohm;
  std::optional<double> cycles;
  std::optional<double> told_chemistry;        ///< believed when it is reported again
  std::optional<std::uint64_t> balanced_cell;  ///< as WCBI reports it

  /// The question for an array or a value, by what is known of this unit.
  [[nodiscard]] Question question(std::string_view mnemonic) const;

  /// A poll begins: what is remembered is older.
  void poll_begins();

  /// Contact is lost: whatever answers next is looked at as if it were new.
  void start_over();
};

}  // namespace bms::rec
