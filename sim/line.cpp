// Pacing: a chunk is handed on when its last byte would have come in at the other end.
#include "line.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace bms::sim {

Line::Line(boost::asio::io_context& loop, Pty& pty, const LineOptions& options)
    : pty_(pty), options_(options), timer_(loop) {}

Line::Clock::duration Line::duration(std::size_t count) const {
  constexpr double bits_per_byte = 10;
  return std::chrono::duration_cast<Clock::duration>(
      std::chrono::duration<double>(static_cast<double>(count) * bits_per_byte / options_.baud));
}

void Line::send(std::vector<std::uint8_t> bytes, Clock::time_point earliest, OnSent on_sent) {
  if (bytes.empty()) return;
  waiting_.push_back({std::move(bytes), earliest, std::move(on_sent)});
  if (waiting_.size() == 1) start_next();
}

void Line::clear() {
  waiting_.clear();
  timer_.cancel();
}

void Line::start_next() {
  if (waiting_.empty()) return;
  began_ = std::max({waiting_.front().earliest, free_at_, Clock::now()});
  send_chunk(0);
}

void Line::send_chunk(std::size_t offset) {
  const std::size_t end = std::min(offset + options_.chunk, waiting_.front().bytes.size());
  timer_.expires_at(began_ + duration(end));
  timer_.async_wait([this, offset, end](boost::system::error_code error) {
    if (error || waiting_.empty()) return;
    pty_.write(std::span(waiting_.front().bytes).subspan(offset, end - offset));
    if (end < waiting_.front().bytes.size()) return send_chunk(end);
    free_at_ = began_ + duration(end);
    const OnSent on_sent = std::move(waiting_.front().on_sent);
    waiting_.pop_front();
    if (on_sent) on_sent();
    start_next();
  });
}

}  // namespace bms::sim
