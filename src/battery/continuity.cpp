#include "battery/continuity.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "battery/doubt.hpp"
#include "battery/seconds.hpp"
#include "bms/capacity.hpp"
#include "bms/short_text.hpp"

namespace bms::battery {

namespace {

using namespace std::chrono_literals;

// What does not count as a jump. 5 C move the SoC by 0.14 % in a second, and boards round to whole percent.
constexpr double soc_step_pct = 5;
constexpr double soc_per_s_pct = 0.2;
// Cells relax and are charged by some millivolts in a second; a load moves all of them at once, by as much as an old or
// cold cell of that size has resistance. Cells and current are measured one after the other, so a load may show in one
// of them first; and a board may count the current the wrong way round, which nobody has noticed yet.
constexpr double cell_step_v = 0.100;
constexpr double cell_per_s_v = 0.010;
constexpr double most_cell_step_v = 1.0;
constexpr double old_cell_ohm_ah = 0.75;
constexpr double good_cell_ohm_ah = 0.15;
constexpr double longest_gap_s = 60;

// Two boards: taking turns three times within some readings, or coming back to what was left a minute ago.
constexpr int turn_of_known = 3;
constexpr int turn_of_new = 1;
constexpr int enough_turns = 6;
constexpr auto comes_back_within = 60s;
constexpr auto alone_for = 30s;
constexpr int alone_readings = 5;

std::string text(double value, int decimals) { return std::string(ShortText().append(value, decimals).view()); }

std::string went(const char* what, const std::string& from, const std::string& to, const char* unit) {
  return std::string(what) + " went from " + from + " to " + to + unit;
}

double median_of(boost::container::static_vector<double, max_cells> cells_v) {
  if (cells_v.empty()) return 0;
  const auto middle = cells_v.begin() + static_cast<std::ptrdiff_t>(cells_v.size() / 2);
  std::ranges::nth_element(cells_v, middle);
  return *middle;
}

}  // namespace

Continuity::Trace Continuity::trace_of(const Reading& reading, TimePoint now) {
  return {.cell_v = median_of(reading.cells_v),
          .current_a = reading.current_a,
          .soc_pct = reading.soc_pct,
          .cycles = reading.cycles,
          .sensors = reading.temperatures_c.size(),
          .at = now};
}

/// What speaks against `to` after `from`, in words; empty: nothing. `at_once`: however much later it came.
std::string Continuity::jump(const Trace& from, const Trace& to, bool at_once) const {
  if (from.sensors != to.sensors) {
    return went("the number of temperature sensors", std::to_string(from.sensors), std::to_string(to.sensors), "");
  }
  if (from.cycles && to.cycles && (*to.cycles < *from.cycles || *to.cycles > *from.cycles + 1)) {
    return went("cycles", text(*from.cycles, 0), text(*to.cycles, 0), "");
  }
  const double gap_s = at_once ? 0 : std::clamp(seconds(to.at - from.at), 0.0, longest_gap_s);
  if (from.soc_pct && to.soc_pct && std::abs(*to.soc_pct - *from.soc_pct) > soc_step_pct + soc_per_s_pct * gap_s) {
    return went("SoC", text(*from.soc_pct, 0), text(*to.soc_pct, 0), " %");
  }
  if (!from.current_a || !to.current_a) return {};
  const double step_v = to.cell_v - from.cell_v;
  const double load_a = *to.current_a - *from.current_a;
  const double ohm_ah = step_v * load_a > 0 ? old_cell_ohm_ah : good_cell_ohm_ah;
  const double load_v = std::abs(load_a) * ohm_ah / capacity_ah_.value_or(careful_capacity_ah);
  if (std::abs(step_v) <= std::min(cell_step_v + cell_per_s_v * gap_s + load_v, most_cell_step_v)) return {};
  return went("the cells", text(from.cell_v, 3), text(to.cell_v, 3), " V, which the current does not explain");
}

Result<void> Continuity::take(const Reading& reading, std::optional<double> capacity_ah, TimePoint now) {
  capacity_ah_ = capacity_ah;
  const Trace next = trace_of(reading, now);
  if (!torn_.empty()) return wait_for_one(next);
  if (last_ && !follows(*last_, next)) return doubt(next);
  const bool took_turns = repeats_ > 0 && !follows(*other_, next);
  contradictions_ += !took_turns ? -1 : other_was_here_ ? turn_of_known : turn_of_new;
  contradictions_ = std::max(contradictions_, 0);
  if (contradictions_ >= enough_turns) {
    tear(*other_, next);
    return wait_for_one(next);
  }
  believe(next);
  return {};
}

void Continuity::believe(const Trace& next) {
  last_ = next;
  repeats_ = 0;
}

Result<void> Continuity::doubt(const Trace& next) {
  const bool repeated = repeats_ > 0 && follows(*other_, next);
  other_was_here_ = other_ && alike(*other_, next);
  repeats_ = repeated ? repeats_ + 1 : 1;
  other_ = next;
  if (repeats_ < insisting) return implausible(jump(*last_, next, false) + "; believed if the BMS goes on saying so");
  if (left_ && next.at - left_->at < comes_back_within && alike(*left_, next)) {
    tear(*last_, next);
    return wait_for_one(next);
  }
  left_ = last_;
  left_->at = next.at;
  other_.reset();
  contradictions_ = 0;
  believe(next);
  return {};
}

void Continuity::tear(const Trace& one, const Trace& other) {
  torn_ = "two boards answer on this line, by turns: " + jump(one, other, true);
  alone_for_ = 0;
}

Result<void> Continuity::wait_for_one(const Trace& next) {
  const bool alone = alone_for_ > 0 && follows(alone_, next);
  if (!alone) alone_since_ = next.at;
  alone_for_ = alone ? alone_for_ + 1 : 1;
  alone_ = next;
  if (alone_for_ < alone_readings || next.at - alone_since_ < alone_for) return implausible(torn_);
  *this = Continuity();
  believe(next);
  return {};
}

void Continuity::soc_was_set() {
  if (last_) last_->soc_pct.reset();
}

void Continuity::contact_lost() {
  if (torn_.empty()) *this = Continuity();
}

}  // namespace bms::battery
