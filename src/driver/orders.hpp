// What a BMS is to be told besides being read: orders wait here for their turn on the line, and whoever gave one hears
// what became of it, whatever that is.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "bms/protocol.hpp"
#include "line/session.hpp"

namespace bms::driver {

/// One order.
struct Order {
  std::string what;   ///< in words: "SoC of 80.0 %"
  std::string owner;  ///< who gave it: "D-Bus"
  std::string key{};  ///< a waiting order with the same key is superseded by this one; empty: none is
  std::unique_ptr<Query<CommandResult>> query;
  bool reads = false;       ///< it only asks, so that without an answer nothing is in doubt
  bool begun = false;       ///< it belongs to what has begun already: it is taken even when too many are waiting
  Clock::duration pause{};  ///< from its beginning to that of the next one with the same key, at least
  TimePoint deadline;       ///< not begun by then, it never will be

  /// Called exactly once. Errors: ErrorKind::superseded, expired, or that of close() when the BMS has heard nothing of
  /// it, unconfirmed when that is not known, else why the BMS has not done it.
  std::function<void(const Result<CommandResult>& outcome)> on_outcome;
};

/// The orders of one battery, in the order in which they were given.
class Orders {
 public:
  static constexpr std::size_t most = 8;

  /// Closed, until open() is called. `on_given` is called when an order has been taken, to wake the line.
  explicit Orders(std::function<void()> on_given) : on_given_(std::move(on_given)) {}
  Orders(const Orders&) = delete;
  Orders& operator=(const Orders&) = delete;

  /// Puts an order into the queue. Errors: ErrorKind::busy when too many are waiting, or that of close(); its
  /// on_outcome is not called then.
  [[nodiscard]] Result<void> give(Order order);

  /// From when on an order can be carried out; empty: none is waiting.
  [[nodiscard]] std::optional<TimePoint> due() const;

  /// Ends all orders that have waited too long.
  void expire(TimePoint now);

  /// Carries out the first order that is due, if there is one, and tells its owner. Errors: ErrorKind::link when the
  /// line went away meanwhile.
  boost::asio::awaitable<Result<void>> carry_out_next(line::Session& session, TimePoint now);

  /// There is contact with the BMS: orders are taken.
  void open() { closed_.reset(); }

  /// Contact is lost: nothing that waits will be carried out, and nothing is taken, for this reason.
  void close(const Error& why);

  /// Likewise when the program ends; the order that is being carried out is answered, too.
  void end();

 private:
  using Queue = std::deque<Order>;
  [[nodiscard]] Order take_out(Queue::iterator place);
  [[nodiscard]] TimePoint due(const Order& order) const;

  std::function<void()> on_given_;
  Queue waiting_;
  const Order* under_way_ = nullptr;
  std::map<std::string, TimePoint> paused_;  ///< until when orders with this key have to wait
  std::optional<Error> closed_ =
      Error{.kind = ErrorKind::silent, .message = "the BMS has not answered yet", .status = {}};
};

}  // namespace bms::driver
