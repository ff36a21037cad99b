#include "link/replay_link.hpp"

#include <algorithm>
#include <utility>

namespace bms::link {

namespace asio = boost::asio;

namespace {

TimePoint at(double time_s) {
  return TimePoint{} + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(time_s));
}

}  // namespace

ReplayLink::ReplayLink(std::vector<Exchange> exchanges, std::function<void(TimePoint)> on_time_passes)
    : exchanges_(std::move(exchanges)), on_time_passes_(std::move(on_time_passes)) {}

void ReplayLink::advance_to(TimePoint time) {
  if (time <= now_) return;
  now_ = time;
  on_time_passes_(now_);
}

asio::awaitable<void> ReplayLink::sleep_until(TimePoint time) {
  advance_to(time);
  co_return;
}

asio::awaitable<Result<void>> ReplayLink::open() {
  if (next_ >= exchanges_.size()) co_return failure(ErrorKind::link, "the capture has ended");
  co_return Result<void>{};
}

bool ReplayLink::has_piece() const { return next_ > 0 && piece_ < exchanges_[next_ - 1].response.size(); }

/// Whether nothing is left that could still be asked.
bool ReplayLink::is_over() const { return next_ >= exchanges_.size() || now_ > at(exchanges_.back().time_s); }

/// Goes on to the next exchange if nobody had to ask for it.
void ReplayLink::turn_to_unasked() {
  while (!has_piece() && next_ < exchanges_.size() && exchanges_[next_].request.empty()) {
    ++next_;
    piece_ = 0;
    taken_ = 0;
  }
}

std::size_t ReplayLink::discard_input() {
  std::size_t dropped = 0;
  while (has_piece() && at(exchanges_[next_ - 1].response[piece_].first) <= now_) {
    dropped += exchanges_[next_ - 1].response[piece_].second.size() - taken_;
    ++piece_;
    taken_ = 0;
  }
  return dropped;
}

asio::awaitable<Result<void>> ReplayLink::write(Bytes bytes) {
  const auto asks_the_same = [bytes](const Exchange& exchange) { return std::ranges::equal(exchange.request, bytes); };
  const auto from = exchanges_.begin() + static_cast<std::ptrdiff_t>(next_);
  const auto found = std::find_if(from, exchanges_.end(), asks_the_same);
  if (found == exchanges_.end()) {
    if (is_over()) next_ = exchanges_.size();
    piece_ = next_ == 0 ? 0 : exchanges_[next_ - 1].response.size();
    if (is_over()) co_return failure(ErrorKind::link, "the capture has ended");
    co_return Result<void>{};
  }
  next_ = static_cast<std::size_t>(found - exchanges_.begin()) + 1;
  piece_ = 0;
  taken_ = 0;
  advance_to(at(found->time_s));
  co_return Result<void>{};
}

asio::awaitable<Result<std::size_t>> ReplayLink::read(std::span<std::uint8_t> buffer, TimePoint deadline) {
  turn_to_unasked();
  if (!has_piece()) {
    const bool only_listened = !exchanges_.empty() && exchanges_.back().request.empty();
    if (only_listened && next_ == exchanges_.size()) co_return failure(ErrorKind::link, "the capture has ended");
    advance_to(deadline);
    co_return std::size_t{0};
  }
  const auto& [time_s, piece] = exchanges_[next_ - 1].response[piece_];
  if (at(time_s) > deadline) {
    advance_to(deadline);
    co_return std::size_t{0};
  }
  advance_to(at(time_s));
  const std::size_t count = std::min(buffer.size(), piece.size() - taken_);
  std::copy_n(piece.begin() + static_cast<std::ptrdiff_t>(taken_), count, buffer.begin());
  taken_ += count;
  if (taken_ == piece.size()) {
    ++piece_;
    taken_ = 0;
  }
  co_return count;
}

}  // namespace bms::link
