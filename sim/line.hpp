// The wire: bytes leave at the baud rate, in real time, one answer after the other.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "pty.hpp"

namespace bms::sim {

struct LineOptions {
  unsigned baud = 0;
  std::size_t chunk = 8;  ///< bytes that a UART collects before it hands them on
};

class Line {
 public:
  using Clock = std::chrono::steady_clock;
  using OnSent = std::function<void()>;

  Line(boost::asio::io_context& loop, Pty& pty, const LineOptions& options);

  /// How long `count` bytes take on the wire (8N1: ten bits each).
  [[nodiscard]] Clock::duration duration(std::size_t count) const;

  /// Sends after everything that was handed over before, and not before `earliest`. `on_sent` is called right after
  /// the last byte was written.
  void send(std::vector<std::uint8_t> bytes, Clock::time_point earliest, OnSent on_sent);

  /// Forgets what was not sent.
  void clear();

 private:
  struct Message {
    std::vector<std::uint8_t> bytes;
    Clock::time_point earliest;
    OnSent on_sent;
  };

  void start_next();
  void send_chunk(std::size_t offset);

  Pty& pty_;
  LineOptions options_;
  boost::asio::steady_timer timer_;
  std::deque<Message> waiting_;
  Clock::time_point began_{};  ///< when the first bit of the message under way left
  Clock::time_point free_at_{};
};

}  // namespace bms::sim
