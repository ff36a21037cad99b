// The socket of a library that opens and closes it by itself. What the event loop watches is a second descriptor of the
// same socket: if it watched the library's own, it would act on a number that may be the serial port's by then.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <memory>
#include <optional>

#include "bms/timer.hpp"

namespace bms::mqtt {

class WatchedSocket {
 public:
  /// Called when there is something to read, or room to write.
  struct Handlers {
    std::function<void()> readable, writable;
  };
  WatchedSocket(boost::asio::io_context& loop, Handlers handlers);

  /// To be called after each call of the library: which socket it has now (empty: none), and whether it wants to write.
  void follow(std::optional<int> socket, bool wants_to_write);

  /// `writable` was called, and the library wants to write all the same: it waits for something else, as it does in the
  /// middle of a TLS handshake, and would be asked again and again for nothing.
  void note_written() { written_ = true; }

 private:
  void watch_input();
  void watch_output();

  boost::asio::posix::stream_descriptor descriptor_;
  Handlers handlers_;
  Timer pause_;
  bool input_awaited_ = false, output_awaited_ = false;
  bool written_ = false;               ///< since something came
  std::shared_ptr<const bool> watch_;  ///< of this socket: what is reported of an earlier one does not count
};

}  // namespace bms::mqtt
