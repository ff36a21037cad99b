// One poll of an ANT board: a status frame makes a Reading.
#include "ant/ant_poll.hpp"

#include <utility>

namespace bms::ant {
namespace {

/// A board that stays silent for so many polls may have been replaced by one that is asked the other way.
constexpr int failures_to_forget = 5;

constexpr std::uint8_t capacity_low_register = 31;
constexpr std::uint8_t capacity_high_register = 32;
/// Between two attempts to read the capacity from its registers.
constexpr unsigned capacity_interval = 300;

}  // namespace

void NewPoll::start() {
  result_ = Reading{};
  ask(status_request(), board_.status_size);
}

void NewPoll::take(Result<NewReply> answer) {
  exchange().close();
  if (!answer) {
    result_ = std::unexpected(std::move(answer).error());
    return;
  }
  const Result<Status> status = decode_new_status(answer->payload);
  if (!status) {
    result_ = std::unexpected(status.error());
    return;
  }
  if (auto error = unusable(*status, in_operation)) {
    result_ = std::unexpected(*std::move(error));
    return;
  }
  board_.status_size = answer->payload.size() + new_frame_overhead;
  board_.permission_level = status->newer->permission_level;
  result_ = reading_of(*status);
}

void OldPoll::start() {
  result_ = Reading{};
  const bool known = board().status_request.has_value();
  ask_status(board().status_request.value_or(0), known ? usual_patience.attempts : 2);
}

void OldPoll::ask_status(std::size_t which, int attempts) {
  step_ = Step::status;
  asked_ = which;
  ask(old_status_requests[which], usual_patience.with_attempts(attempts));
}

void OldPoll::take(Result<OldReply> answer) {
  if (step_ == Step::status) return take_status(answer);
  take_capacity(answer);
}

void OldPoll::take_status(const Result<OldReply>& answer) {
  if (!answer) {
    if (!board().status_request && asked_ + 1 < old_status_requests.size()) return ask_status(asked_ + 1, 2);
    return end(answer.error());
  }
  Result<Status> status = decode_old_status(answer->frame);
  if (!status) return end(status.error());
  if (auto error = unusable(*status, in_operation)) return end(*std::move(error));
  if (!board().cross_check.passes(*status))
    return end({ErrorKind::implausible, "the list of cells does not fit the extremes and the mean in the same frame",
                std::nullopt});
  answered(*std::move(status));
}

void OldPoll::answered(Status status) {
  board().status_request = asked_;
  board().failed_polls = 0;
  status_ = std::move(status);
  if (status_.full_ah > 0 || board().configured_ah) return publish();
  if (board().polls_to_capacity > 0) {
    --board().polls_to_capacity;
    return publish();
  }
  board().polls_to_capacity = capacity_interval;
  ask_capacity(Step::capacity_low);
}

void OldPoll::ask_capacity(Step step) {
  step_ = step;
  const bool low = step == Step::capacity_low;
  ask(read_word_request(low ? capacity_low_register : capacity_high_register), usual_patience.with_attempts(2));
}

void OldPoll::take_capacity(const Result<OldReply>& answer) {
  // FF FF is "cannot be read", but a low word may be FF FF by chance; then the high one is a number.
  if (!answer) return publish();
  if (step_ == Step::capacity_low) {
    capacity_low_ = answer->value();
    return ask_capacity(Step::capacity_high);
  }
  constexpr std::uint16_t unreadable = 0xFFFF;
  const std::uint16_t high = answer->value();
  const double ah = (std::uint32_t{high} << 16U | capacity_low_) / 1e6;
  if (high != unreadable && ah > 0) board().configured_ah = ah;
  publish();
}

void OldPoll::publish() {
  exchange().close();
  if (status_.full_ah <= 0) status_.full_ah = board().configured_ah.value_or(0);
  result_ = reading_of(status_);
  board().probes.apply(*result_);
}

void OldPoll::end(Error why) {
  if (++board().failed_polls >= failures_to_forget) board().status_request.reset();
  result_ = std::unexpected(std::move(why));
  exchange().close();
}

}  // namespace bms::ant
