// The way to a board through the driver that runs on its port.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "console/way.hpp"

namespace bms::console {

class SocketWay final : public Way {
 public:
  /// Connects. Errors: ErrorKind::silent when nobody listens there, link when it is not permitted, with what to do.
  [[nodiscard]] static Result<std::unique_ptr<SocketWay>> connect(const std::string& path);

  /// From now on who does not answer in time has not answered (ErrorKind::silent): it is busy with a board, or hangs.
  /// Empty: as long as it takes.
  void answer_within(std::optional<std::chrono::steady_clock::duration> time) { longest_wait_ = time; }

  [[nodiscard]] Result<Answer> ask(const Request& request,
                                   const std::function<void(const Progress&)>& progress) override;

 private:
  explicit SocketWay(const std::string& path) : path_(path) {}
  [[nodiscard]] Result<void> connect_now();
  void hang_up();
  [[nodiscard]] Result<std::string> next_line();

  std::string path_;
  boost::asio::io_context loop_{1};
  boost::asio::local::stream_protocol::socket stream_{loop_};
  std::string input_;
  std::optional<std::chrono::steady_clock::duration> longest_wait_;
};

}  // namespace bms::console
