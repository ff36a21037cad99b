// What has passed over a line lately: the last minute of it, in a fixed amount of memory.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "bms/traffic.hpp"

namespace bms::link {

class TrafficMemory {
 public:
  static constexpr std::size_t usual_size = 100 * 1024;
  static constexpr std::chrono::seconds usual_span{60};

  /// Takes `size` bytes for good; a piece needs ten more than it has.
  explicit TrafficMemory(std::size_t size = usual_size, Clock::duration span = usual_span) : ring_(size), span_(span) {}

  /// Keeps a piece, and forgets the oldest ones as far as room or time ask for it. One that is larger than all of the
  /// room is left out.
  void keep(const Traffic& piece);

  /// What is known of the last minute before `now`, the oldest piece first.
  [[nodiscard]] std::vector<KeptTraffic> recall(TimePoint now) const;

 private:
  struct Header {
    std::int64_t at_ns = 0;
    std::uint16_t size = 0;
    bool sent = false;
  };

  [[nodiscard]] Header header_at(std::size_t offset) const;
  void put(Bytes bytes);
  void take(std::size_t offset, std::span<std::uint8_t> to) const;
  void forget_oldest();

  std::vector<std::uint8_t> ring_;
  Clock::duration span_;
  std::size_t oldest_ = 0;  ///< where the oldest piece begins
  std::size_t used_ = 0;
};

}  // namespace bms::link
