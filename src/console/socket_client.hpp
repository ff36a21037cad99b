// One client of the socket: its lines, and what is sent to it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "console/socket.hpp"

namespace bms::console {

/// How many there are at once.
struct SocketUse {
  int clients = 0;
  int tracing = 0;
};

class SocketClient : public std::enable_shared_from_this<SocketClient> {
 public:
  using Stream = boost::asio::local::stream_protocol::socket;

  SocketClient(Stream stream, std::shared_ptr<const SocketServices> services, std::shared_ptr<SocketUse> use);
  ~SocketClient();
  SocketClient(const SocketClient&) = delete;
  SocketClient& operator=(const SocketClient&) = delete;

  /// Answers its requests until it goes, or has to.
  static boost::asio::awaitable<void> serve(std::shared_ptr<SocketClient> client);

 private:
  boost::asio::awaitable<bool> serve_once();
  boost::asio::awaitable<Answer> carry_out(Request request);
  boost::asio::awaitable<Answer> trace(Request request, Trace wish);
  boost::asio::awaitable<bool> send_past();
  boost::asio::awaitable<void> send_news(TimePoint end);
  boost::asio::awaitable<bool> send(std::string text);

  void hear(const Traffic& piece);
  [[nodiscard]] bool append(const std::string& line);
  void send_what_is_taken();
  void limit(std::chrono::milliseconds time);
  [[nodiscard]] std::string peer();

  Stream stream_;
  boost::asio::steady_timer timer_;
  boost::asio::steady_timer news_;  ///< ends when there is something to send of a trace
  std::shared_ptr<const SocketServices> services_;
  std::shared_ptr<SocketUse> use_;
  std::string input_;
  std::string output_;      ///< what has not been taken yet
  std::uint64_t lost_ = 0;  ///< pieces of a trace that there was no room for
  bool tracing_ = false;    ///< what is heard is sent in its turn
};

}  // namespace bms::console
