// Whether readings come from one battery, and follow each other as the values of a battery do.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "bms/error.hpp"
#include "bms/reading.hpp"
#include "bms/time.hpp"

namespace bms::battery {

/// Some values cannot jump: cycles, the number of sensors, the SoC, and all cells together, but for what a load does to
/// them. A reading that does not follow the last one is doubted. Of that there are three kinds: a damaged one, which
/// nothing repeats; a change, which the BMS insists on (three readings, and then it is believed: somebody may have
/// reset the counter with the vendor's app, or the BMS has put its SoC right); and two boards that answer on one line.
/// Those take turns, each of them convincingly, so none is believed until one has been alone for 30 s.
class Continuity {
 public:
  /// Takes a reading that is plausible by itself, and `capacity_ah` as far as it is known.
  /// Errors: ErrorKind::implausible, when it is not to be believed.
  [[nodiscard]] Result<void> take(const Reading& reading, std::optional<double> capacity_ah, TimePoint now);

  /// The BMS has been told its SoC: in the next reading it may be any.
  void soc_was_set();

  /// Nobody knows what happened meanwhile: the next reading need not follow.
  void contact_lost();

 private:
  /// What of a reading must not jump.
  struct Trace {
    double cell_v = 0;  ///< median
    std::optional<double> current_a{}, soc_pct{}, cycles{};
    std::size_t sensors = 0;
    TimePoint at{};
  };

  [[nodiscard]] static Trace trace_of(const Reading& reading, TimePoint now);
  [[nodiscard]] std::string jump(const Trace& from, const Trace& to, bool at_once) const;
  [[nodiscard]] bool follows(const Trace& from, const Trace& to) const { return jump(from, to, false).empty(); }
  [[nodiscard]] bool alike(const Trace& one, const Trace& other) const { return jump(one, other, true).empty(); }

  void believe(const Trace& next);
  [[nodiscard]] Result<void> doubt(const Trace& next);
  [[nodiscard]] Result<void> wait_for_one(const Trace& next);
  void tear(const Trace& one, const Trace& other);

  std::optional<double> capacity_ah_;
  std::optional<Trace> last_;    ///< believed
  std::optional<Trace> other_;   ///< the newest that was doubted
  std::optional<Trace> left_;    ///< what the last change that was insisted on has left
  int repeats_ = 0;              ///< of `other_` in a row
  bool other_was_here_ = false;  ///< `other_` was like the one doubted before it
  int contradictions_ = 0;       ///< how often the two have taken turns lately, weighed

  std::string torn_;  ///< between which two boards, for people; empty: there is one
  Trace alone_{};     ///< the newest of the board that has been alone ...
  TimePoint alone_since_{};
  int alone_for_ = 0;  ///< ... for so many readings
};

}  // namespace bms::battery
