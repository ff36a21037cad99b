// The socket by which a running driver is asked: one line of JSON in, one line out, before it lines of progress and of
// what passes over the line, for whoever wants them.
//
// Whatever a client sends or does not read costs bounded memory and nobody else's time: few clients at once, short
// lines, a pace, and an end for those that fall silent within a line or do not take their answers.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bms/traffic.hpp"
#include "console/answer.hpp"
#include "console/request.hpp"

namespace bms::console {

/// Carries out a request of `who` ("user 0, process 4711"); calls `progress` as often as it likes.
using Answerer = std::function<boost::asio::awaitable<Answer>(Request request, std::string who,
                                                              std::function<void(const Progress&)> progress)>;

/// What is behind a socket.
struct SocketServices {
  Answerer answer;
  /// Tells what passes over the line; must not wait. Empty, as is `past` then: nobody can hear it here.
  std::function<Listening(TrafficListener listener)> listen{};
  /// What has been kept of that, the oldest piece first.
  std::function<std::vector<KeptTraffic>()> past{};
};

class Socket {
 public:
  class Place;

  /// Listens at `path` for the owner and group of the process; makes its directory. What an earlier process has left
  /// there is replaced; where another one still listens, its end is waited for. Clients that are there outlive the
  /// socket, and what `services` hold with them, until they go or the loop ends. If it cannot listen, problem() says
  /// why.
  Socket(boost::asio::io_context& loop, std::string path, SocketServices services);
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  /// Why nobody could ask here at the beginning; empty: everybody who is permitted can.
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  std::shared_ptr<Place> place_;
  std::string problem_;
};

/// Where the driver of a port listens.
[[nodiscard]] std::string socket_path(const std::string& run_directory, const std::string& port_name);

/// A line of progress, and an answer, as they pass the socket.
[[nodiscard]] std::string written(const Progress& progress);
[[nodiscard]] std::string written(const Answer& answer);

}  // namespace bms::console
