// The way to a board through the driver that runs on its port.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <memory>
#include <string>

#include "console/way.hpp"

namespace bms::console {

class SocketWay final : public Way {
 public:
  /// Connects. Errors: ErrorKind::silent when nobody listens there, link when it is not permitted, with what to do.
  [[nodiscard]] static Result<std::unique_ptr<Way>> connect(const std::string& path);

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
};

}  // namespace bms::console
