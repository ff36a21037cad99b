// Finds the frames in what a board keeps saying. Bytes come in any slicing and at any time; what is half a frame now is
// continued by the next bytes.
//
// A receiver of its own, because here nothing is asked: there is no question at which to begin anew, every frame
// counts, and bytes after one that was waited for are the beginning of the next one.
#pragma once

#include <algorithm>
#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "bms/bytes.hpp"
#include "bms/error.hpp"
#include "chargery/chargery_frame.hpp"

namespace bms::chargery {

/// A frame where it was found.
struct Found {
  Message message;
  std::size_t offset = 0;  ///< of its first byte, counted from the beginning of the stream
  std::size_t size = 0;
};

/// The stream. The first candidate that is not a frame is searched again from its second byte on: the 8-bit sum is weak
/// and a header can be chance, so a whole length is never skipped for a frame that was not one.
class FrameStream {
 public:
  /// Takes bytes as they came and calls `on_frame(const Found&)` for each frame, in their order.
  template <class OnFrame>
  void push(Bytes chunk, OnFrame on_frame) {
    while (!chunk.empty()) {
      const std::size_t fits = std::min(chunk.size(), capacity - buffer_.size());
      buffer_.insert(buffer_.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(fits));
      chunk = chunk.subspan(fits);
      decide(false, on_frame);
    }
  }

  /// The line was silent for longer than a frame ever pauses: what is incomplete will stay so, and may hide frames.
  template <class OnFrame>
  void end(OnFrame on_frame) {
    decide(true, on_frame);
  }

  /// The least number of bytes that must still come before there can be another frame.
  [[nodiscard]] std::size_t missing() const { return missing_; }

  /// Bytes outside all frames so far.
  [[nodiscard]] std::size_t discarded() const { return discarded_; }

  /// The first candidate since this was asked last that had a header and a known command and was no frame all the same,
  /// and forgets it. Separators, text and a stream that begins inside a frame are not damage.
  [[nodiscard]] std::optional<Error> take_damage() { return std::exchange(damage_, std::nullopt); }
  [[nodiscard]] bool damaged() const { return damage_.has_value(); }

 private:
  /// Room for an incomplete frame and more than a second one.
  static constexpr std::size_t capacity = 2 * longest_frame + 6;

  template <class OnFrame>
  void decide(bool ended, OnFrame on_frame) {
    std::size_t at = 0;
    missing_ = shortest_frame;
    while (at < buffer_.size()) {
      const Step step = decide_at(at, ended);
      if (step.advance == 0) break;
      if (step.found) on_frame(*step.found);
      at += step.advance;
      missing_ = shortest_frame;
    }
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(at));
    begin_ += at;
  }

  struct Step {
    std::size_t advance = 0;  ///< 0: more bytes are needed
    std::optional<Found> found;
  };
  [[nodiscard]] Step decide_at(std::size_t at, bool ended);

  boost::container::static_vector<std::uint8_t, capacity> buffer_;
  std::size_t begin_ = 0;  ///< offset of the buffer in the stream
  std::size_t missing_ = shortest_frame;
  std::size_t discarded_ = 0;
  std::optional<Error> damage_;
};

}  // namespace bms::chargery
