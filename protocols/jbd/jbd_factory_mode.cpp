// What all commands share: a result, and factory mode that is left again by each, or by the last one of a batch.
#include "jbd/jbd_factory_mode.hpp"

#include <span>
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

bool was_refused(const Result<Reply>& answer) { return !answer && answer.error().kind == ErrorKind::status; }

}  // namespace

void FactoryModeCommand::enter() {
  if (!board().factory.held()) return enter_anew();
  entered_ = found_held_ = true;
  inside();
}

void FactoryModeCommand::enter_anew() {
  stage_ = Stage::entering;
  entered_ = anew_ = true;
  board().factory.enter();
  ask(write_request(registers::enter_factory_mode, password), frame_overhead, entering_patience);
}

void FactoryModeCommand::conclude(Result<CommandResult> outcome) {
  outcome_ = std::move(outcome);
  concluded_ = true;
  tell_leave_error();
  if (entered_ && !may_hold()) return leave();
  if (entered_ && after_ == After::hold) board().factory.hold();
  exchange().close();
}

bool FactoryModeCommand::may_hold() const {
  return outcome_ && (after_ == After::hold || (after_ == After::as_found && found_held_ && !anew_));
}

void FactoryModeCommand::leave() {
  stage_ = Stage::leaving;
  entered_ = false;
  board().factory.leave_soon();
  ask_to_write(registers::leave_factory_mode, board().factory.leaving_word());
}

void FactoryModeCommand::take(Result<Reply> answer) {
  switch (std::exchange(stage_, Stage::working)) {
    case Stage::working: return dropped_out(answer) ? enter_anew() : answered(answer);
    case Stage::entering: return answer ? compare() : conclude(std::unexpected(answer.error()));
    case Stage::comparing: return compared(answer);
    case Stage::leaving: note_leaving(answer); return concluded_ ? exchange().close() : left();
  }
}

/// Nobody knows whether a board leaves factory mode by itself. One that lost power has; then a session that was held is
/// opened once more, before a refusal is believed.
bool FactoryModeCommand::dropped_out(const Result<Reply>& answer) const {
  const bool not_allowed = was_refused(answer) && (answer.error().status == 0x80 || answer.error().status == 0x81);
  return not_allowed && found_held_ && !anew_;
}

/// What was verified in a session that has ended by itself must still be there, or it is not what will be saved.
void FactoryModeCommand::compare() {
  const std::span<const Unsaved> unsaved = board().factory.unsaved();
  while (compared_ < unsaved.size() && !unsaved[compared_].word) ++compared_;
  if (compared_ == unsaved.size()) return inside();
  stage_ = Stage::comparing;
  ask_to_read(unsaved[compared_].address, 2);
}

void FactoryModeCommand::compared(const Result<Reply>& answer) {
  if (!answer) return conclude(std::unexpected(answer.error()));
  const Unsaved& expected = board().factory.unsaved()[compared_++];
  const std::uint16_t found = u16_be(answer->payload, 0);
  if (found == expected.word) return compare();
  auto lost =
      failure(ErrorKind::unverified,
              "the BMS left factory mode by itself, and what was written before is lost: register " +
                  hex(expected.address) + " held " + std::to_string(*expected.word) + ", now " + std::to_string(found));
  board().factory.forget_unsaved();
  conclude(std::move(lost));
}

void FactoryModeCommand::note_leaving(const Result<Reply>& answer) {
  if (answer) return board().factory.left();
  leave_error_ = answer.error();
  leave_error_->message = "factory mode could not be left: " + leave_error_->message;
  if (concluded_) tell_leave_error();
}

void FactoryModeCommand::tell_leave_error() {
  // The first failure is the one to report.
  if (outcome_ && leave_error_) outcome_ = std::unexpected(*leave_error_);
}

}  // namespace bms::jbd
