#include "cli/console/trace_frames.hpp"

#include <utility>

#include "concealer.hpp"
#include "recording.hpp"

namespace bms::cli {

namespace {

/// Longer than any answer: what does not become a frame by then never does.
constexpr std::size_t longest_frame = 4096;

}  // namespace

void TraceFrames::take(const KeptTraffic& piece) {
  if (piece.sent) {
    end();
    return ask(piece);
  }
  answered_ = true;
  if (coming_.bytes.empty()) coming_.at = piece.at;
  coming_.bytes.insert(coming_.bytes.end(), piece.bytes.begin(), piece.bytes.end());
  answer_.push_back(piece.bytes);
  if (family_ != nullptr) coming_.parts = parts_of(coming_.bytes, Sender::board, family_->anatomy.forms());
  const bool whole = family_ == nullptr || ends_with_frame(coming_.parts);
  if (whole || coming_.bytes.size() > longest_frame) hand_over_answer(whole);
}

void TraceFrames::end() {
  if (!coming_.bytes.empty()) hand_over_answer(false);
}

void TraceFrames::ask(const KeptTraffic& question) {
  if (!answered_) take_({.at = question.at});
  answered_ = false;
  question_ = question.bytes;
  answer_.clear();
  secrets_.clear();
  TraceFrame frame{.at = question.at, .sent = true, .bytes = question.bytes};
  frame.hidden.resize(frame.bytes.size());
  if (family_ != nullptr) {
    const Anatomy& anatomy = family_->anatomy;
    if (anatomy.secrets != nullptr) secrets_ = anatomy.secrets(question_);
    frame.hidden = hidden_in(frame.bytes, secrets_);
    frame.parts = parts_of(frame.bytes, Sender::host, anatomy.forms());
    frame.asks = anatomy.in_words(question_);
  }
  take_(frame);
}

void TraceFrames::hand_over_answer(bool more_may_come) {
  coming_.hidden = hidden_in(coming_.bytes, secrets_);
  if (family_ != nullptr) coming_.facts = facts(more_may_come);
  take_(std::exchange(coming_, {}));
  // A board that talks by itself has said what it had to say.
  if (question_.empty()) answer_.clear();
}

nlohmann::ordered_json TraceFrames::facts(bool more_may_come) const {
  Recording recording{.request = question_.empty() ? std::nullopt : std::optional(question_), .pieces = answer_};
  nlohmann::ordered_json facts = family_->explain(recording);
  // Some answers are several frames.
  if (more_may_come && facts.contains("error") && facts["error"] == name_of(ErrorKind::truncated)) return {};
  return facts;
}

}  // namespace bms::cli
