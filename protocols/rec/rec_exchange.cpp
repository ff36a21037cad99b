// One question on a live line: its bytes, its patience, and what has come of its answer.
#include "rec/rec_exchange.hpp"

#include <algorithm>
#include <string>

#include "rec/rec_text.hpp"

namespace bms::rec {
namespace {

/// An adapter that turns the line round may make a byte or two of its own: that is not a damaged answer.
constexpr std::size_t turn_round_noise = 4;

}  // namespace

void Exchange::ask(const RequestBytes& bytes, const Question& question, const Patience& patience) {
  bytes_ = bytes;
  question_ = question;
  patience_ = patience;
  open_ = true;
  attempt_over_ = true;
  attempts_ended_ = settled_by_silence_ = 0;
  late_answer_.reset();
}

std::optional<Request> Exchange::request() const {
  if (!open_) return std::nullopt;
  return Request{.bytes = Bytes(bytes_),
                 .reply_size = question_.shortest_answer(),
                 .attempts = patience_.attempts,
                 .first_byte = patience_.first_byte,
                 .whole = patience_.whole,
                 .gap = patience_.gap,
                 .pause = patience_.pause};
}

std::optional<Answer> Exchange::receive(Bytes chunk, Progress& progress) {
  if (attempt_over_) {
    buffer_.clear();
    strangers_ = 0;
    attempt_over_ = false;
  }
  const std::size_t fits = std::min(chunk.size(), capacity - buffer_.size());
  buffer_.insert(buffer_.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(fits));
  const Findings findings = search(Bytes(buffer_), question_, End::open);
  progress = {.answered = findings.answer.has_value(),
              .missing = findings.missing,
              .begun = findings.begun,
              .strangers = findings.strangers - strangers_};
  strangers_ = findings.strangers;
  return findings.answer;
}

Error Exchange::timed_out() {
  if (attempt_over_) buffer_.clear();  // nothing came in this attempt
  const Findings findings = search(Bytes(buffer_), question_, End::final);
  attempt_over_ = true;
  ++attempts_ended_;
  if (findings.settled_by_silence) ++settled_by_silence_;
  late_answer_ = findings.answer;
  if (findings.settled_by_silence && settled_by_silence_ < attempts_ended_) late_answer_.reset();
  return why_no_answer(findings);
}

Error Exchange::why_no_answer(const Findings& findings) const {
  const std::string question = "unit " + std::to_string(question_.unit) + ", " + std::string(question_.mnemonic) + ": ";
  const auto because = [&question](ErrorKind kind, const char* why) {
    return Error{kind, question + why, std::nullopt};
  };
  if (buffer_.empty()) return because(ErrorKind::silent, "not one byte came");
  if (findings.settled_by_silence)
    return because(ErrorKind::silent, "whether the values of several units come in one frame must show again");
  if (findings.answer) return because(ErrorKind::truncated, "the answer came behind the false beginning of a frame");
  switch (findings.reason) {
    case ErrorKind::status: return because(ErrorKind::status, "the unit refused (ERROR)");
    case ErrorKind::unexpected_command:
      return because(ErrorKind::silent, "only answers to other questions came; does another device ask on this line?");
    case ErrorKind::garbage:
      return count_noise(buffer_) > turn_round_noise
                 ? because(ErrorKind::garbage, "only noise came; wrong speed?")
                 : because(ErrorKind::silent, "only echoes, other units or the noise of turning the line round came");
    default: return {findings.reason, question + "no sound answer, " + std::string(name_of(findings.reason)), {}};
  }
}

}  // namespace bms::rec
