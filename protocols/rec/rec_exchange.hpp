// One question on a live line: its bytes, its patience, and what has come of its answer.
#pragma once

#include <boost/container/static_vector.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "bms/protocol.hpp"
#include "conversation.hpp"
#include "rec/rec_answer.hpp"

namespace bms::rec {

/// A unit answers in between measuring, when it has time: wait 350 ms, then ask again (REC ACTIVE BMS 4S manual; 350 ms
/// also in JohnVidler/REC-BMS-Control, whose recording shows one miss in a hundred).
inline constexpr Patience usual_patience{.attempts = 3,
                                         .first_byte = std::chrono::milliseconds(350),
                                         .whole = std::chrono::milliseconds(1000),
                                         .gap = std::chrono::milliseconds(100),
                                         .pause = std::chrono::milliseconds(20)};

/// For arrays of several units, or of nobody knows how many: the next data frame may take its time.
inline constexpr Patience patience_for_units{.attempts = 3,
                                             .first_byte = std::chrono::milliseconds(350),
                                             .whole = std::chrono::milliseconds(1500),
                                             .gap = std::chrono::milliseconds(350),
                                             .pause = std::chrono::milliseconds(20)};

class Exchange {
 public:
  /// Opens a question. What the last answer points to is gone.
  void ask(const RequestBytes& bytes, const Question& question, const Patience& patience);

  /// No further question.
  void close() { open_ = false; }

  [[nodiscard]] bool open() const { return open_; }

  /// See Dialogue::request().
  [[nodiscard]] std::optional<Request> request() const;

  /// Takes bytes as they came. The answer points into the exchange and stays until the next question.
  [[nodiscard]] std::optional<Answer> receive(Bytes chunk, Progress& progress);

  /// How many attempts at the open question were not answered in time. Their answers may still be on their way.
  [[nodiscard]] int attempts_missed() const { return attempts_ended_ - settled_by_silence_; }

  /// See Dialogue::timed_out().
  [[nodiscard]] Error timed_out();

  /// After the last attempt: an answer that could only be recognised when nothing more came. That is one after a false
  /// beginning of a frame, and all units in a single frame, if every attempt has ended that way.
  [[nodiscard]] const std::optional<Answer>& late_answer() const { return late_answer_; }

 private:
  /// What comes beyond that in one attempt cannot be an answer: 16 units of 16 cells need 1136 bytes.
  static constexpr std::size_t capacity = 4096;

  [[nodiscard]] Error why_no_answer(const Findings& findings) const;

  RequestBytes bytes_;
  Question question_;
  Patience patience_{};
  bool open_ = false;

  boost::container::static_vector<std::uint8_t, capacity> buffer_;
  bool attempt_over_ = false;  ///< what is in the buffer belongs to the last attempt
  unsigned strangers_ = 0;     ///< of this attempt, reported already
  int attempts_ended_ = 0;
  int settled_by_silence_ = 0;
  std::optional<Answer> late_answer_;
};

}  // namespace bms::rec
