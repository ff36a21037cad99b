// Takes the bytes of a live port, in any slicing, and finds the answer to one question in them.
//
// It finds what search() finds in the same bytes, but does not wait for frames of impossible length, and keeps a
// bounded number of bytes.
#pragma once

#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "bms/bytes.hpp"
#include "bms/error.hpp"
#include "jbd/jbd_frame.hpp"

namespace bms::jbd {

/// What is known after some bytes more.
struct Intake {
  std::optional<Reply> answer;           ///< points into the receiver; valid until its next call
  std::size_t missing = frame_overhead;  ///< without an answer: the least number of bytes that must still come
  bool begun = false;                    ///< part of an answer is here, sound or damaged
  unsigned strangers = 0;                ///< frames in this chunk that answered something else
};

class FrameReceiver {
 public:
  /// Forgets everything and waits for the answer to another question.
  void expect(const Expectation& expected);

  /// Takes bytes as they came. Bytes behind the answer are ignored, later calls are until expect().
  Intake push(Bytes chunk);

  /// Nothing more will come: what was there, by the rules of search(). Forgets the bytes.
  [[nodiscard]] Outcome finish();

  /// Whether a single byte came since expect() or finish().
  [[nodiscard]] bool untouched() const { return buffer_.empty(); }

 private:
  /// Long enough for the traffic of one attempt at 9600 baud, so that reasons are as exact as for a recorded stream.
  static constexpr std::size_t capacity = 1024;
  static_assert(capacity >= 2 * max_frame_size);

  [[nodiscard]] std::optional<Reply> advance(unsigned& strangers);
  void make_room();
  [[nodiscard]] Bytes pending() const { return Bytes(buffer_).subspan(at_); }
  [[nodiscard]] bool pending_may_answer() const;

  Expectation expected_;
  boost::container::static_vector<std::uint8_t, capacity> buffer_;
  std::size_t at_ = 0;  ///< everything before is decided
  bool noise_ = false;  ///< bytes came that belong to no frame
  bool answered_ = false;
  Outcome dropped_;  ///< what was in bytes that are no longer kept
};

}  // namespace bms::jbd
