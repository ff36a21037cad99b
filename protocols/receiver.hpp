// Finds the answer to one question in the bytes of a line. The families say what a frame is; how to get on in a stream
// that holds noise, echoes, late answers and damaged frames is the same for all of them and is kept here.
#pragma once

#include <algorithm>
#include <boost/container/static_vector.hpp>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "bms/bytes.hpp"
#include "bms/error.hpp"

namespace bms {

/// What one candidate, a start byte in the stream and what follows it, turned out to be.
template <class Reply>
struct Finding {
  enum class What : std::uint8_t {
    noise,       ///< no candidate after all: the bytes after the start byte show it
    incomplete,  ///< worth waiting for `missing` more bytes
    hopeless,    ///< incomplete, and of a length that it cannot have: nothing to wait for
    rejected,    ///< not a frame, or one without sensible content; `reason` says why
    echo,        ///< our own request, sent back by a half-duplex adapter
    stranger,    ///< a sound frame that answers something else
    part,        ///< a sound frame of an answer that has several; the expectation has kept what it needs
    answer,      ///< a refusal is one, too
  };
  What what = What::incomplete;
  ErrorKind reason = ErrorKind::truncated;
  std::size_t advance = 1;  ///< where the search goes on, counted from the candidate's start
  std::size_t missing = 0;
  Reply reply;
};

/// What a stream of which nothing more will come contains.
template <class Reply>
struct Outcome {
  std::optional<Reply> answer;
  /// Without an answer: the kind of the first rejected candidate; unexpected_command when only frames that answer
  /// something else came; garbage when no frame even began.
  ErrorKind reason = ErrorKind::garbage;
  bool rejected = false;  ///< there was a candidate before the answer that was no frame
  unsigned strangers = 0;
  unsigned echoes = 0;
};

/// What is known after some bytes more.
template <class Reply>
struct Intake {
  std::optional<Reply> answer;  ///< points into the receiver; valid until its next call
  std::size_t missing = 1;      ///< without an answer: the least number of bytes that must still come
  bool begun = false;           ///< part of an answer is here, sound or damaged
  unsigned strangers = 0;       ///< frames in this chunk that answered something else
};

/// What a family knows of the answer to one question. It may collect parts while it examines: candidates come in the
/// order of the stream, each sound frame once.
///
/// `Reply`: what an answer is; may point into the bytes. `capacity`: bytes to keep, at least two of the longest frames.
/// `shortest`: bytes of the shortest answer. `starts`: whether a frame can begin with this byte. `examine`: judges the
/// candidate at the first byte; is never given an empty span. `may_answer`: whether the beginning of a candidate looks
/// like the answer. `question`: what was asked, for messages ("register 0x03").
template <class E>
concept ExpectedAnswer = std::copyable<E> && std::default_initializable<E> &&
                         requires(E expected, const E& unchanged, std::uint8_t byte, Bytes bytes) {
                           typename E::Reply;
                           requires std::default_initializable<typename E::Reply>;
                           requires E::capacity >= 2 * E::shortest;
                           { unchanged.starts(byte) } -> std::same_as<bool>;
                           { expected.examine(bytes) } -> std::same_as<Finding<typename E::Reply>>;
                           { unchanged.may_answer(bytes) } -> std::same_as<bool>;
                           { unchanged.question() } -> std::same_as<std::string>;
                         };

/// Searches a complete stream for the answer. Only candidates that begin before `limit` are looked at.
template <ExpectedAnswer Expectation>
[[nodiscard]] Outcome<typename Expectation::Reply> search(Bytes stream, Expectation expected,
                                                          std::size_t limit = SIZE_MAX) {
  using What = typename Finding<typename Expectation::Reply>::What;
  Outcome<typename Expectation::Reply> outcome;
  std::size_t at = 0;
  while (at < std::min(limit, stream.size())) {
    if (!expected.starts(stream[at])) {
      ++at;
      continue;
    }
    const auto finding = expected.examine(stream.subspan(at));
    at += finding.advance;
    switch (finding.what) {
      case What::answer: outcome.answer = finding.reply; return outcome;
      case What::noise:
      case What::part: break;
      case What::echo: ++outcome.echoes; break;
      case What::stranger: ++outcome.strangers; break;
      case What::incomplete:
      case What::hopeless:
      case What::rejected:
        // Too little of it is there to say that a frame began.
        if (finding.reason == ErrorKind::garbage) break;
        if (!outcome.rejected) outcome.reason = finding.reason;
        outcome.rejected = true;
        break;
    }
  }
  if (!outcome.rejected && outcome.strangers + outcome.echoes > 0) outcome.reason = ErrorKind::unexpected_command;
  return outcome;
}

/// Takes the bytes of a live line, in any slicing. It finds what search() finds in the same bytes, but does not wait
/// for frames of impossible length, and keeps a bounded number of bytes.
template <ExpectedAnswer Expectation>
class Receiver {
 public:
  using Reply = typename Expectation::Reply;

  /// Forgets everything and waits for the answer to another question.
  void expect(const Expectation& expected) {
    expected_ = fresh_ = expected;
    buffer_.clear();
    at_ = 0;
    noise_ = false;
    parts_ = false;
    answered_ = false;
    dropped_ = {};
  }

  /// Takes bytes as they came. Bytes after the answer are ignored, later calls are until expect().
  Intake<Reply> push(Bytes chunk) {
    Intake<Reply> intake;
    if (answered_) return intake;
    while (true) {
      const std::size_t fits = std::min(chunk.size(), Expectation::capacity - buffer_.size());
      buffer_.insert(buffer_.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(fits));
      chunk = chunk.subspan(fits);
      intake.answer = advance(intake.strangers);
      if (intake.answer || chunk.empty()) break;
      make_room();
    }
    answered_ = intake.answer.has_value();
    intake.missing = std::max<std::size_t>(1, missing_);
    intake.begun = noise_ || parts_ || (!pending().empty() && expected_.may_answer(pending()));
    return intake;
  }

  /// Nothing more will come: what was there, by the rules of search(). Forgets the bytes, and the parts.
  [[nodiscard]] Outcome<Reply> finish() {
    Outcome<Reply> outcome = search(Bytes(buffer_), fresh_);
    outcome.strangers += dropped_.strangers;
    outcome.echoes += dropped_.echoes;
    if (dropped_.rejected) {
      outcome.rejected = true;
      outcome.reason = dropped_.reason;
    } else if (parts_ && !outcome.rejected) {
      outcome.rejected = true;
      outcome.reason = ErrorKind::truncated;
    } else if (!outcome.rejected && outcome.strangers + outcome.echoes > 0) {
      outcome.reason = ErrorKind::unexpected_command;
    }
    expect(Expectation{fresh_});
    return outcome;
  }

  [[nodiscard]] const Expectation& expected() const { return fresh_; }

  /// Whether a single byte came since expect() or finish().
  [[nodiscard]] bool untouched() const { return buffer_.empty(); }

 private:
  using What = typename Finding<Reply>::What;

  [[nodiscard]] Bytes pending() const { return Bytes(buffer_).subspan(at_); }

  /// Decides candidates until one answers or more bytes are needed; then at_ is where the undecided one begins.
  std::optional<Reply> advance(unsigned& strangers) {
    missing_ = Expectation::shortest;
    while (at_ < buffer_.size()) {
      if (!expected_.starts(buffer_[at_])) {
        noise_ = true;
        ++at_;
        continue;
      }
      const Finding<Reply> finding = expected_.examine(pending());
      if (finding.what == What::answer) return finding.reply;
      if (finding.what == What::incomplete) {
        missing_ = finding.missing;
        return std::nullopt;
      }
      if (finding.what == What::part) {
        parts_ = true;
      } else if (finding.advance == 1) {
        // What cannot be a frame of its kind counts as noise even if it is whole already: whether it is depends on how
        // the stream was cut.
        noise_ = true;
      } else if (finding.what == What::stranger) {
        ++strangers;
      }
      at_ += finding.advance;
    }
    return std::nullopt;
  }

  /// A whole buffer without an answer: what is decided is given up, but not the reason why it was no answer.
  void make_room() {
    const Outcome<Reply> outcome = search(Bytes(buffer_), fresh_, at_);
    if (!dropped_.rejected) {
      dropped_.rejected = outcome.rejected;
      dropped_.reason = outcome.reason;
    }
    dropped_.strangers += outcome.strangers;
    dropped_.echoes += outcome.echoes;
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(at_));
    at_ = 0;
  }

  Expectation expected_{};
  Expectation fresh_{};  ///< the same, before it collected anything
  boost::container::static_vector<std::uint8_t, Expectation::capacity> buffer_;
  std::size_t at_ = 0;  ///< everything before is decided
  std::size_t missing_ = Expectation::shortest;
  bool noise_ = false;  ///< bytes came that belong to no frame
  bool parts_ = false;
  bool answered_ = false;
  Outcome<Reply> dropped_;  ///< what was in bytes that are no longer kept
};

}  // namespace bms
