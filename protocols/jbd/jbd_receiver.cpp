// Takes the bytes of a live port, in any slicing, and finds the answer to one question in them.
#include "jbd/jbd_receiver.hpp"

#include <algorithm>

namespace bms::jbd {

void FrameReceiver::expect(const Expectation& expected) {
  expected_ = expected;
  buffer_.clear();
  at_ = 0;
  noise_ = false;
  answered_ = false;
  dropped_ = {};
}

Intake FrameReceiver::push(Bytes chunk) {
  Intake intake;
  if (answered_) return intake;
  while (true) {
    const std::size_t fits = std::min(chunk.size(), capacity - buffer_.size());
    buffer_.insert(buffer_.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(fits));
    chunk = chunk.subspan(fits);
    intake.answer = advance(intake.strangers);
    if (intake.answer || chunk.empty()) break;
    make_room();
  }
  answered_ = intake.answer.has_value();
  intake.missing = at_ < buffer_.size() ? examine(pending(), expected_).missing : frame_overhead;
  intake.begun = noise_ || pending_may_answer();
  return intake;
}

/// Decides candidates until one answers or more bytes are needed; then at_ is where the undecided one begins.
std::optional<Reply> FrameReceiver::advance(unsigned& strangers) {
  using enum Finding::What;
  while (at_ < buffer_.size()) {
    if (buffer_[at_] != start_byte) {
      noise_ = true;
      ++at_;
      continue;
    }
    const Finding finding = examine(pending(), expected_);
    if (finding.what == answer) return finding.reply;
    if (finding.what == incomplete) return std::nullopt;
    // What cannot be a frame of its register counts as noise even if it is whole already: whether it is depends on how
    // the stream was cut.
    if (finding.advance == 1) {
      noise_ = true;
    } else if (finding.what == stranger) {
      ++strangers;
    }
    at_ += finding.advance;
  }
  return std::nullopt;
}

bool FrameReceiver::pending_may_answer() const {
  const Bytes bytes = pending();
  if (bytes.size() < 2) return false;
  return !expected_.address || *expected_.address == bytes[1];
}

/// A whole buffer without an answer: what is decided is given up, but not the reason why it was no answer.
void FrameReceiver::make_room() {
  const Outcome outcome = search(buffer_, expected_, at_);
  if (!dropped_.rejected) {
    dropped_.rejected = outcome.rejected;
    dropped_.reason = outcome.reason;
  }
  dropped_.strangers += outcome.strangers;
  dropped_.echoes += outcome.echoes;
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(at_));
  at_ = 0;
}

Outcome FrameReceiver::finish() {
  Outcome outcome = search(buffer_, expected_);
  outcome.strangers += dropped_.strangers;
  outcome.echoes += dropped_.echoes;
  if (dropped_.rejected) {
    outcome.rejected = true;
    outcome.reason = dropped_.reason;
  } else if (!outcome.rejected && outcome.strangers + outcome.echoes > 0) {
    outcome.reason = ErrorKind::unexpected_command;
  }
  expect(Expectation{expected_});
  return outcome;
}

}  // namespace bms::jbd
