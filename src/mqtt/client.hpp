// The way to the broker, for all batteries of this process: connects, connects again, and says whether there is room.
// Whatever the broker does, nothing here waits, nothing is kept for later, and nothing is thrown.
#pragma once

#include <mqtt_protocol.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "bms/timer.hpp"
#include "mqtt/config.hpp"
#include "mqtt/dial.hpp"
#include "mqtt/library.hpp"
#include "mqtt/session.hpp"
#include "mqtt/watched_socket.hpp"

namespace bms::mqtt {

/// Whether the broker is to hold a message for those who come later. Such messages are sent until the broker has them,
/// others once.
enum class Retain : bool { no, yes };

/// Who uses the way to the broker.
class Listener {
 public:
  Listener() = default;
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  virtual ~Listener() = default;

  /// The broker is there, and knows nothing of what was sent before.
  virtual void on_connected() = 0;

  /// There is room again for what was not taken.
  virtual void on_room() = 0;

  virtual void on_message(const Message& message) = 0;
};

/// Whether others see at the broker that this program is there.
enum class Presence : bool { hidden, shown };

class Client {
 public:
  /// `name`: which of all programs at this broker this is, as part of a topic: "raspberrypi-ttyUSB0".
  Client(boost::asio::io_context& loop, const Library& library, Config config, std::string name,
         Presence presence = Presence::shown);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();

  /// Begins to connect.
  void start();

  /// Says that this program goes, and takes leave; waits half a second at most.
  void stop();

  [[nodiscard]] bool connected() const { return connected_; }

  /// Whether a message would be taken.
  [[nodiscard]] bool has_room() const;

  /// on_room() or on_connected() is to come.
  void want_room() { room_missed_ = true; }

  /// False: it was not taken, and is forgotten.
  [[nodiscard]] bool publish(const std::string& topic, const std::string& payload, Retain retain);

  /// Wants messages for a topic or a pattern of them; for this connection. What the broker is sent twice it may lose.
  void subscribe(const std::string& filter);

  /// Those who hear of the broker; a listener must take itself away before it goes.
  void add(Listener& listener);
  void remove(Listener& listener);

  /// Takes a name below `base` for one battery of this process. False: another one has it.
  [[nodiscard]] bool claim(const std::string& id) { return ids_.insert(id).second; }
  void release(const std::string& id) { ids_.erase(id); }

  [[nodiscard]] const Config& config() const { return config_; }

  /// Where it says whether this program is there, as "online" and "offline".
  [[nodiscard]] const std::string& status_topic() const { return will_.topic; }

  /// How many messages the broker has not acknowledged yet.
  [[nodiscard]] int pending() const { return pending_; }

 private:
  using Clock = std::chrono::steady_clock;

  void attempt();
  void take_over(std::unique_ptr<Session> session, const Failure& failure);
  void settle(int error);
  void take(const Reports& reports);
  void greet(int code);
  void fail(const std::string& why, bool grave);
  void lose(const std::string& why, bool grave);
  void retry_after(Clock::duration delay);
  void settle_soon(int error);
  void look_after();
  void call_for_write();
  void for_each_listener(void (Listener::*what)());
  [[nodiscard]] std::string place() const;

  boost::asio::io_context& loop_;
  Library library_;
  Config config_;
  std::string name_;
  Will will_;
  int version_ = MQTT_PROTOCOL_V5;
  std::vector<Listener*> listeners_;
  std::set<std::string> ids_;

  std::optional<Dial> dial_;
  std::unique_ptr<Session> session_;
  WatchedSocket socket_;
  Timer retry_, care_, patience_;
  bool connected_ = false;
  bool room_missed_ = false;  ///< somebody waits for room
  bool settling_ = false;     ///< what was sent is about to be followed up ...
  int send_error_ = 0;        ///< ... and what has gone wrong with it
  int pending_ = 0;
  Clock::time_point connected_at_{}, progress_at_{};
  Clock::duration delay_;
  int quick_losses_ = 0;
  std::string last_problem_;
  std::minstd_rand random_;
  std::shared_ptr<const bool> here_ = std::make_shared<bool>();
};

}  // namespace bms::mqtt
