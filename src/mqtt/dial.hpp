// Connecting takes as long as a name server, a route and a broker like, and libmosquitto waits for all of them. So it
// is done in a thread of its own, which has the session for itself until it is done, and touches nothing else.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <memory>

#include "mqtt/session.hpp"

namespace bms::mqtt {

class Dial {
 public:
  /// Hands the session over to a thread, and calls `on_end` from the event loop when the thread is done: with the
  /// session, and with what went wrong, if anything did. If this object goes first, `on_end` is never called, and the
  /// thread ends the session by itself.
  using OnEnd = std::function<void(std::unique_ptr<Session> session, Failure failure)>;
  Dial(boost::asio::io_context& loop, std::unique_ptr<Session> session, Config config, OnEnd on_end);
  Dial(const Dial&) = delete;
  Dial& operator=(const Dial&) = delete;
  ~Dial();

 private:
  struct Call;

  void await_end();

  std::shared_ptr<Call> call_;  ///< the thread's, too
  boost::asio::posix::stream_descriptor ended_;
  OnEnd on_end_;
  std::shared_ptr<const bool> here_ = std::make_shared<bool>();
};

}  // namespace bms::mqtt
