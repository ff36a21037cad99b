// What is asked besides the essential questions, now and then. Which goes when.
#include "rec/rec_errands.hpp"

#include <algorithm>

namespace bms::rec {
namespace {

constexpr unsigned per_poll = 1;
constexpr unsigned per_poll_at_start = 4;
constexpr unsigned polls_after_miss = 3;

}  // namespace

void ErrandPlan::begin_poll() {
  ++poll_;
  done_ = 0;
  missed_ = false;
}

bool ErrandPlan::waits(std::size_t errand, Model model) const {
  const State& state = states_[errand];
  return concerns(errands[errand], model) && (state.known || undecided(errand)) && state.due <= poll_;
}

bool ErrandPlan::anything_undecided(Model model) const {
  for (std::size_t i = 0; i < errands.size(); ++i)
    if (concerns(errands[i], model) && undecided(i)) return true;
  return false;
}

std::optional<std::size_t> ErrandPlan::next(Model model) const {
  if (missed_) return std::nullopt;
  const bool first_poll = poll_ == 1;
  const unsigned allowed = anything_undecided(model) ? per_poll_at_start : per_poll;
  if (!first_poll && done_ >= allowed) return std::nullopt;

  for (std::size_t i = 0; i < errands.size(); ++i)
    if (waits(i, model) && (!first_poll || errands[i].at_once)) return i;
  return std::nullopt;
}

void ErrandPlan::answered(std::size_t errand) {
  states_[errand] = {.due = poll_ + errands[errand].every, .misses = 0, .known = true};
  ++done_;
}

void ErrandPlan::missed(std::size_t errand, unsigned misses) {
  State& state = states_[errand];
  state.misses = std::min(state.misses + misses, misses_to_give_up);
  state.due = poll_ + (state.known ? polls_after_miss : 1);
  missed_ = true;
}

void ErrandPlan::renew_settings() {
  for (std::size_t i = 0; i < errands.size(); ++i)
    if (errands[i].setting != nullptr) states_[i].due = 0;
}

}  // namespace bms::rec
