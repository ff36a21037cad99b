// All that a process has to do with a broker: the way there, and a face for each of its batteries.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>

#include "bms/face.hpp"
#include "mqtt/client.hpp"
#include "mqtt/config.hpp"
#include "mqtt/exchanges.hpp"
#include "mqtt/retained_topics.hpp"

namespace bms::mqtt {

class Exporter {
 public:
  /// Where no host is configured nothing is loaded and nothing happens. Where something is missing the log says what,
  /// and nothing else happens either. `port`: the first of the process; `state_directory`: what outlives it.
  Exporter(boost::asio::io_context& loop, const Config& config, const std::string& port,
           const std::string& state_directory);

  /// Whether batteries can have a face.
  [[nodiscard]] bool works() const { return client_.has_value(); }

  /// A face for one battery; this object outlives it. Precondition: works().
  [[nodiscard]] std::unique_ptr<Face> make_face();

  /// Takes leave of the broker; its faces are of no use from then on.
  void stop();

 private:
  boost::asio::io_context& loop_;
  std::optional<Client> client_;
  std::string directory_;
  std::optional<RetainedTopics> retained_;
  std::optional<Exchanges> exchanges_;
  bool note_failed_ = false;
};

/// What a process calls itself at the broker: "raspberrypi-ttyUSB0".
[[nodiscard]] std::string client_name(const std::string& port);

}  // namespace bms::mqtt
