#include "link/tap.hpp"

#include <utility>

namespace bms::link {

namespace asio = boost::asio;

Listening Tap::listen(TrafficListener listener) {
  auto shared = std::make_shared<TrafficListener>(std::move(listener));
  listeners_.push_back(shared);
  return shared;
}

std::vector<KeptTraffic> Tap::recall(TimePoint now) const {
  return memory_ ? memory_->recall(now) : std::vector<KeptTraffic>();
}

void Tap::sent(TimePoint at, Bytes question) {
  censored_.assign(question.begin(), question.end());
  censor_->sent(censored_);
  if (is_heard()) tell({.at = at, .sent = true, .bytes = censored_});
}

void Tap::received(TimePoint at, Bytes piece) {
  censored_.assign(piece.begin(), piece.end());
  censor_->received(censored_);
  tell({.at = at, .sent = false, .bytes = censored_});
}

void Tap::tell(const Traffic& piece) {
  if (memory_) memory_->keep(piece);
  // One that is told may end, or another one begin, meanwhile.
  // NOLINTNEXTLINE(modernize-loop-convert): the list may grow
  for (std::size_t i = 0; i < listeners_.size(); ++i) {
    if (const auto listener = listeners_[i].lock()) (*listener)(piece);
  }
  std::erase_if(listeners_, [](const auto& listener) { return listener.expired(); });
}

asio::awaitable<Result<void>> TappedLink::write(Bytes bytes) {
  tap_.sent(line_.now(), bytes);
  return line_.write(bytes);
}

asio::awaitable<Result<std::size_t>> TappedLink::read(std::span<std::uint8_t> buffer, TimePoint deadline) {
  return tap_.is_heard() ? read_aloud(buffer, deadline) : line_.read(buffer, deadline);
}

asio::awaitable<Result<std::size_t>> TappedLink::read_aloud(std::span<std::uint8_t> buffer, TimePoint deadline) {
  auto got = co_await line_.read(buffer, deadline);
  if (got && *got > 0) tap_.received(line_.now(), Bytes(buffer).first(*got));
  co_return got;
}

}  // namespace bms::link
