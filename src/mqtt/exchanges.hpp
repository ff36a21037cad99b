// Boards that others have taken the place of: nobody will ever say at the broker that they are gone, so their topics
// are emptied.
#pragma once

#include <boost/asio/io_context.hpp>
#include <list>
#include <string>
#include <vector>

#include "bms/timer.hpp"
#include "mqtt/client.hpp"
#include "mqtt/retained_topics.hpp"

namespace bms::mqtt {

class Exchanges final : private Listener {
 public:
  /// All of these outlive it. `directory`: where processes keep which topics the broker holds.
  Exchanges(boost::asio::io_context& loop, Client& client, RetainedTopics& retained, std::string directory);
  ~Exchanges() override;

  /// A battery is at this place. If another one was there, that one is forgotten at the broker in a while, unless it
  /// has turned up elsewhere by then: ports change their names when the machine starts.
  void settle(const std::string& place, const std::string& id);

 private:
  void on_connected() override { send(); }
  void on_room() override { send(); }
  void on_message(const Message& /*message*/) override {}

  void empty_topics_of(const std::string& id);
  void send();

  boost::asio::io_context& loop_;
  Client& client_;
  RetainedTopics& retained_;
  std::string directory_;
  std::list<Timer> waiting_;
  std::vector<std::string> to_empty_;
};

}  // namespace bms::mqtt
