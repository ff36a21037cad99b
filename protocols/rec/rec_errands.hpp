// What is asked besides the essential questions, now and then: slow measurements and settings. Which goes when.
//
// Polls are counted, one per second is assumed. While a unit is new to us several errands go with each poll, later one;
// a miss costs a third of a second and ends the errands of that poll, so that no poll takes long.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "rec/rec_instructions.hpp"

namespace bms::rec {

/// Settings of a unit that we go by. Empty: not read yet, or unknown to the unit.
struct Settings {
  std::optional<double> cell_max_v, cell_max_hysteresis_v;  ///< CMAX, MAXH
  std::optional<double> cell_min_v, cell_min_hysteresis_v;  ///< CMIN, MINH
  std::optional<double> full_cell_v, empty_cell_v;          ///< CHAR, CLOW
  std::optional<double> cell_difference_v;                  ///< RAZL
  std::optional<double> temperature_max_c, temperature_min_c;
  std::optional<double> capacity_ah;
  std::optional<double> charge_c, discharge_c;  ///< CHAC, DCHC: multiples of the capacity
  std::optional<double> device_charge_a, device_discharge_a, devices;
  std::optional<double> chemistry;  ///< CHEM
};

struct Errand {
  std::string_view mnemonic;
  unsigned every;                             ///< polls
  bool at_once;                               ///< with the first poll already
  std::optional<double> Settings::* setting;  ///< where its answer goes; null for measurements
  unsigned models = models::both;             ///< a model that is known to lack it is not asked
  bool only_known = false;                    ///< a unit of unknown model is not asked either
};

namespace detail {
inline constexpr unsigned slow = 10;
inline constexpr unsigned leisurely = 60;
inline constexpr unsigned rare = 600;
}  // namespace detail

/// Of several that are due, the first one goes.
inline constexpr std::array<Errand, 23> errands{{
    {"PTEM", detail::slow, true, nullptr},
    {"CMAX", detail::rare, true, &Settings::cell_max_v},
    {"CMIN", detail::rare, true, &Settings::cell_min_v},
    {"TMAX", detail::rare, true, &Settings::temperature_max_c},
    {"TMIN", detail::rare, true, &Settings::temperature_min_c},
    {"CHAR", detail::rare, true, &Settings::full_cell_v},
    {"CAPA", detail::rare, true, &Settings::capacity_ah},
    {"LCD3", detail::slow, false, nullptr},
    {"BTEM", detail::slow, false, nullptr},
    {"CYCL", detail::slow, false, nullptr},
    {"WCBI", detail::slow, false, nullptr, models::abms, true},
    {"CHAC", detail::rare, false, &Settings::charge_c},
    {"DCHC", detail::rare, false, &Settings::discharge_c},
    {"MAXC", detail::rare, false, &Settings::device_charge_a},
    {"MAXD", detail::rare, false, &Settings::device_discharge_a},
    {"SISN", detail::rare, false, &Settings::devices, models::q1},
    {"STRN", detail::rare, false, &Settings::devices, models::abms},
    {"MAXH", detail::rare, false, &Settings::cell_max_hysteresis_v},
    {"MINH", detail::rare, false, &Settings::cell_min_hysteresis_v},
    {"CLOW", detail::rare, false, &Settings::empty_cell_v},
    {"RAZL", detail::rare, false, &Settings::cell_difference_v},
    {"CHEM", detail::rare, false, &Settings::chemistry},
    {"RINT", detail::leisurely, false, nullptr},
}};

/// The place of an errand in the table.
[[nodiscard]] constexpr std::size_t errand_index(std::string_view mnemonic) {
  for (std::size_t i = 0; i < errands.size(); ++i)
    if (errands[i].mnemonic == mnemonic) return i;
  return errands.size();
}

inline constexpr std::size_t resistance_errand = errand_index("RINT");

/// Whether a model may know an instruction. Of a unit that nobody knows, everything may be asked.
[[nodiscard]] constexpr bool may_know(Model model, unsigned in_models) {
  if (model == Model::q1) return (in_models & models::q1) != 0;
  if (model == Model::abms) return (in_models & models::abms) != 0;
  return true;
}

/// Whether a unit of that model is asked at all.
[[nodiscard]] constexpr bool concerns(const Errand& errand, Model model) {
  const bool known = model == Model::q1 || model == Model::abms;
  return may_know(model, errand.models) && (known || !errand.only_known);
}

/// When which errand is due. It knows no clock and counts polls.
class ErrandPlan {
 public:
  /// A new contact: everything is unknown again.
  void start_over() { *this = {}; }

  /// It was answered in an earlier contact: asked for until it is answered again.
  void expect(std::size_t errand) { states_[errand].known = true; }

  /// The next poll begins.
  void begin_poll();

  /// Which errand goes now; empty when it is enough for this poll.
  [[nodiscard]] std::optional<std::size_t> next(Model model) const;

  /// The unit answered.
  void answered(std::size_t errand);

  /// It did not. After three misses in a row an instruction that never was answered is taken for unknown to the unit,
  /// until the next contact. `misses` at once: as many attempts were in vain.
  void missed(std::size_t errand, unsigned misses = 1);

  /// The unit refused the instruction, which it therefore does not know.
  void refused(std::size_t errand) { missed(errand, misses_to_give_up); }

  /// The line damaged the answer: no fault of the unit. Nothing more goes with this poll.
  void postponed() { missed_ = true; }

  /// Settings may have changed: all are read again soon.
  void renew_settings();

  /// Whether it was answered at least once in this contact, and not missed again and again since.
  [[nodiscard]] bool fresh(std::size_t errand) const {
    return states_[errand].known && states_[errand].misses < misses_to_give_up;
  }

  /// Whether it was neither answered nor found to be unknown to the unit in this contact.
  [[nodiscard]] bool undecided(std::size_t errand) const {
    return !states_[errand].known && states_[errand].misses < misses_to_give_up;
  }

 private:
  struct State {
    unsigned due = 0;
    unsigned misses = 0;  ///< in a row
    bool known = false;
  };

  static constexpr unsigned misses_to_give_up = 3;

  [[nodiscard]] bool waits(std::size_t errand, Model model) const;
  [[nodiscard]] bool anything_undecided(Model model) const;

  std::array<State, errands.size()> states_{};
  unsigned poll_ = 0;
  unsigned done_ = 0;  ///< in this poll
  bool missed_ = false;
};

}  // namespace bms::rec
