#include "driver/orders.hpp"

#include <algorithm>
#include <utility>

namespace bms::driver {

namespace asio = boost::asio;

Result<void> Orders::give(Order order) {
  if (closed_) return std::unexpected(*closed_);
  const auto same =
      std::ranges::find_if(waiting_, [&](const Order& other) { return !order.key.empty() && other.key == order.key; });
  if (same == waiting_.end() && waiting_.size() >= most) {
    return failure(ErrorKind::busy,
                   std::to_string(waiting_.size()) + " orders are waiting for the BMS already; try again in a moment");
  }
  std::optional<Order> superseded;
  if (same != waiting_.end()) superseded = take_out(same);
  waiting_.push_back(std::move(order));
  on_given_();
  if (superseded) {
    const std::string by = waiting_.back().what + ", ordered by " + waiting_.back().owner;
    superseded->on_outcome(failure(ErrorKind::superseded, "superseded by " + by));
  }
  return {};
}

std::optional<TimePoint> Orders::due() const {
  std::optional<TimePoint> first;
  for (const Order& order : waiting_) {
    if (!first || due(order) < *first) first = due(order);
  }
  return first;
}

TimePoint Orders::due(const Order& order) const {
  const auto paused = paused_.find(order.key);
  return paused == paused_.end() ? TimePoint::min() : paused->second;
}

void Orders::expire(TimePoint now) {
  const auto late = [now](const Order& order) { return order.deadline < now; };
  for (auto order = std::ranges::find_if(waiting_, late); order != waiting_.end();
       order = std::ranges::find_if(waiting_, late)) {
    take_out(order).on_outcome(
        failure(ErrorKind::expired, "its turn did not come in time; the BMS has not heard of it"));
  }
}

asio::awaitable<Result<void>> Orders::carry_out_next(line::Session& session, TimePoint now) {
  expire(now);
  std::erase_if(paused_, [now](const auto& pause) { return pause.second <= now; });
  const auto next = std::ranges::find_if(waiting_, [&](const Order& order) { return due(order) <= now; });
  if (next == waiting_.end()) co_return Result<void>{};
  const Order order = take_out(next);
  if (!order.key.empty() && order.pause > Clock::duration{}) paused_[order.key] = now + order.pause;
  const auto ran = co_await session.run(*order.query);
  if (ran) {
    order.on_outcome(order.query->result());
  } else {
    order.on_outcome(failure(ErrorKind::link, ran.error().message + "; whether the BMS has done it is not known"));
  }
  co_return ran;
}

void Orders::close(const Error& why) {
  closed_ = why;
  for (Queue ended = std::exchange(waiting_, {}); const Order& order : ended) order.on_outcome(std::unexpected(why));
}

Order Orders::take_out(Queue::iterator place) {
  Order order = std::move(*place);
  waiting_.erase(place);
  return order;
}

}  // namespace bms::driver
