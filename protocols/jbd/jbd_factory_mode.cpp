// What all commands share: a result, and factory mode that is always left again.
#include "jbd/jbd_factory_mode.hpp"

#include <string>
#include <utility>

namespace bms::jbd {
namespace {

constexpr std::uint16_t password = 0x5678;

/// Entering may need several tries (xlfe/bms-tools asks up to 5 times, 300 ms apart).
constexpr Patience entering_patience{.attempts = 5,
                                     .first_byte = std::chrono::milliseconds(300),
                                     .whole = usual_patience.whole,
                                     .gap = usual_patience.gap,
                                     .pause = usual_patience.pause};

/// How many polls try to leave in case no attempt here is acknowledged.
constexpr int later_exits = 5;

}  // namespace

void FactoryModeCommand::enter() {
  stage_ = Stage::entering;
  entered_ = true;
  board().factory_exits_due = later_exits;
  ask(write_request(registers::enter_factory_mode, password), frame_overhead, entering_patience);
}

void FactoryModeCommand::conclude(Result<CommandResult> outcome, Leave how) {
  outcome_ = std::move(outcome);
  concluded_ = true;
  tell_leave_error();
  if (entered_) return leave(how);
  exchange().close();
}

void FactoryModeCommand::leave(Leave how) {
  stage_ = Stage::leaving;
  entered_ = false;
  ask_to_write(registers::leave_factory_mode, static_cast<std::uint16_t>(how));
}

void FactoryModeCommand::take(Result<Reply> answer) {
  switch (std::exchange(stage_, Stage::working)) {
    case Stage::working: return answered(answer);
    case Stage::entering: return answer ? inside() : conclude(std::unexpected(answer.error()));
    case Stage::leaving: note_leaving(answer); return concluded_ ? exchange().close() : left();
  }
}

void FactoryModeCommand::note_leaving(const Result<Reply>& answer) {
  if (answer) {
    board().factory_exits_due = 0;
    return;
  }
  leave_error_ = answer.error();
  leave_error_->message = "factory mode could not be left: " + leave_error_->message;
  if (concluded_) tell_leave_error();
}

void FactoryModeCommand::tell_leave_error() {
  // The first failure is the one to report.
  if (outcome_ && leave_error_) outcome_ = std::unexpected(*leave_error_);
}

}  // namespace bms::jbd
