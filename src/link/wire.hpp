// When bytes can be here at the earliest: they pass a wire one after the other, at its speed.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

#include "bms/time.hpp"

namespace bms::link {

/// One wire, shared by questions and answers. Asked before a wait, so that nobody is woken for what cannot be complete.
class Wire {
 public:
  explicit Wire(unsigned baud) : baud_(baud) {}

  [[nodiscard]] unsigned baud() const { return baud_; }
  void use_baud(unsigned baud) { baud_ = baud; }

  /// How long so many bytes take.
  [[nodiscard]] Clock::duration time(std::size_t bytes) const {
    return std::chrono::nanoseconds(bytes * bits_per_character * 1'000'000'000ULL / baud_);
  }

  /// It is known to be quiet at this moment.
  void quiet(TimePoint now) { quiet_since_ = now; }

  /// So many bytes were handed over to be sent.
  void sent(std::size_t bytes, TimePoint now) { quiet_since_ = std::max(quiet_since_, now) + time(bytes); }

  /// Bytes were taken from it.
  void received(TimePoint now) { quiet_since_ = now - time(held_back); }

  /// Before this moment the last of so many further bytes cannot be here.
  [[nodiscard]] TimePoint earliest(std::size_t bytes) const { return quiet_since_ + time(bytes > 0 ? bytes - 1 : 0); }

 private:
  static constexpr unsigned bits_per_character = 10;  // 8N1: start, 8 data, stop

  // An adapter or UART hands bytes over in small lots: what is read now may have passed the wire this many bytes ago.
  static constexpr std::size_t held_back = 8;

  unsigned baud_;
  TimePoint quiet_since_{};  ///< when the last known byte has passed, in either direction
};

}  // namespace bms::link
