// What is known of a board's factory mode, from the first byte that enters it until leaving has been acknowledged.
#include "jbd/jbd_factory_session.hpp"

#include <algorithm>
#include <utility>

namespace bms::jbd {
namespace {

/// How many polls of a board that answers everything else try to leave.
constexpr int most_exits = 5;

/// How many polls a batch may be idle: 20 s at the usual pace, longer than any command takes.
constexpr int most_idle_polls = 10;

}  // namespace

void FactorySession::hold() {
  open_ = true;
  held_ = true;
  exits_due_ = 0;
  idle_polls_ = 0;
  unanswered_ = false;
}

void FactorySession::leave_soon() {
  open_ = true;
  seen_to_leave_ = false;
  held_ = false;
  exits_due_ = most_exits;
  unanswered_ = false;
}

void FactorySession::poll_begins() {
  if (held_ && idle_polls_++ == most_idle_polls) leave_soon();
}

void FactorySession::heard() {
  if (!std::exchange(unanswered_, false)) return;
  // What could not be saved by then is not going to be: it must not fail a later batch.
  if (--exits_due_ == 0) forget_unsaved();
}

void FactorySession::doubt(std::uint8_t address) {
  for (Unsaved& one : unsaved_)
    if (one.address == address) one.word.reset();
}

void FactorySession::verified(std::uint8_t address, std::uint16_t word) {
  const auto known = std::ranges::find(unsaved_, address, &Unsaved::address);
  if (known != unsaved_.end()) unsaved_.erase(known);
  unsaved_.push_back({address, word});
}

}  // namespace bms::jbd
