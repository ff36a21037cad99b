// A recorded line, played in its own time: nothing waits, every second of the recording passes at once.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "link/capture.hpp"
#include "link/link.hpp"

namespace bms::link {

/// Plays a capture. Each question is matched with the next recorded exchange that asked the same; the answer comes in
/// the recorded pieces at the recorded times. What came unasked is heard by whoever only listens. A question that is
/// not asked there any more is not answered: a recording that begins within a conversation may lack what is only asked
/// at its start. Beyond the last exchange the line is gone (ErrorKind::link).
class ReplayLink final : public Link {
 public:
  /// `on_time_passes` is called with every step of the clock before anything that happens at the new time.
  ReplayLink(std::vector<Exchange> exchanges, std::function<void(TimePoint)> on_time_passes);

  /// Time since the capture began, counted from the epoch of the clock.
  [[nodiscard]] TimePoint now() const override { return now_; }
  boost::asio::awaitable<void> sleep_until(TimePoint time) override;
  [[nodiscard]] Result<void> use_baud(unsigned /*baud*/) override { return {}; }
  boost::asio::awaitable<Result<void>> open() override;
  std::size_t discard_input() override;
  boost::asio::awaitable<Result<void>> write(Bytes bytes) override;
  [[nodiscard]] TimePoint earliest(std::size_t /*bytes*/) const override { return now_; }
  boost::asio::awaitable<Result<std::size_t>> read(std::span<std::uint8_t> buffer, TimePoint deadline) override;

 private:
  void advance_to(TimePoint time);
  [[nodiscard]] bool has_piece() const;
  [[nodiscard]] bool is_over() const;
  void turn_to_unasked();

  std::vector<Exchange> exchanges_;
  std::function<void(TimePoint)> on_time_passes_;
  TimePoint now_{};
  std::size_t next_ = 0;   ///< exchange that the next question is compared with
  std::size_t piece_ = 0;  ///< next piece of exchange next_ - 1
  std::size_t taken_ = 0;  ///< bytes of that piece already handed out
};

}  // namespace bms::link
