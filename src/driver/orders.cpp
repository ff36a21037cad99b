#include "driver/orders.hpp"

#include <algorithm>
#include <utility>

namespace bms::driver {

namespace asio = boost::asio;

namespace {

/// Whether it is said in such words that the BMS has not done something. Its silence, or an answer that is damaged, may
/// hide that it has.
bool is_refusal(ErrorKind kind) {
  using enum ErrorKind;
  return kind == rejected || kind == status || kind == unsupported || kind == unverified;
}

Result<CommandResult> told(const Order& order, Result<CommandResult> outcome) {
  if (outcome || order.reads || is_refusal(outcome.error().kind)) return outcome;
  return failure(ErrorKind::unconfirmed, outcome.error().message + "; whether the BMS has done it is not known");
}

}  // namespace

Result<void> Orders::give(Order order) {
  if (closed_) return std::unexpected(*closed_);
  const auto same =
      std::ranges::find_if(waiting_, [&](const Order& other) { return !order.key.empty() && other.key == order.key; });
  if (same == waiting_.end() && waiting_.size() >= most && !order.begun) {
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
  under_way_ = &order;
  const auto ran = co_await session.run(*order.query);
  const bool answered = std::exchange(under_way_, nullptr) == nullptr;
  if (answered) co_return ran;
  order.on_outcome(told(order, ran ? order.query->result() : std::unexpected(ran.error())));
  co_return ran;
}

void Orders::close(const Error& why) {
  closed_ = why;
  for (Queue ended = std::exchange(waiting_, {}); const Order& order : ended) order.on_outcome(std::unexpected(why));
}

void Orders::end() {
  const Error why{.kind = ErrorKind::expired, .message = "the program ends", .status = {}};
  close(why);
  if (const Order* order = std::exchange(under_way_, nullptr)) order->on_outcome(told(*order, std::unexpected(why)));
}

Order Orders::take_out(Queue::iterator place) {
  Order order = std::move(*place);
  waiting_.erase(place);
  return order;
}

}  // namespace bms::driver
