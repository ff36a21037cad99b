// The face of a battery at a broker: sends what is known of it, and brings back what is ordered there. Whatever the
// broker does, nothing here waits, and what it does not take is sent as it is by then, not as it was.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <random>
#include <string>

#include "bms/face.hpp"
#include "bms/timer.hpp"
#include "items/battery_items.hpp"
#include "mqtt/alias_topics.hpp"
#include "mqtt/allowance.hpp"
#include "mqtt/client.hpp"
#include "mqtt/discovery.hpp"
#include "mqtt/published_document.hpp"
#include "mqtt/topics.hpp"
#include "mqtt/values.hpp"

namespace bms::mqtt {

/// What outlives the process of what was said at the broker.
struct Notes {
  /// Hears of every topic that the broker is to hold, so that it can be emptied when nobody wants it any more.
  std::function<void(const std::string& topic)> retained;
  /// Hears where the battery is, as soon as it is seen.
  std::function<void(const std::string& place, const std::string& id)> settled;
  std::string directory;  ///< where the newest discovery document is kept
};

class MqttFace final : public Face, private Listener {
 public:
  /// `client` outlives the face.
  MqttFace(boost::asio::io_context& loop, Client& client, Notes notes);
  ~MqttFace() override;

  /// False: another battery of this process has a name that is the same in topics.
  [[nodiscard]] bool claim(const std::string& battery_id) override;
  void meet(const std::string& battery_id, const Introduction& who, const UserBounds& bounds, Wishes& wishes) override;
  void set_bounds(const UserBounds& bounds) override;
  void show_settings(const UserSettings& user) override;
  bool enter(const Battery& battery, const Limits& limits) override;
  void publish(const Battery& battery, const Limits& limits) override;

 private:
  using Clock = std::chrono::steady_clock;

  /// What is to be sent as soon as there is room, the first of these first.
  struct Due {
    bool discovery = false, availability = false, info = false, state = false, cells = false;
  };

  /// A command that became an order to the BMS.
  struct Ordered {
    std::string_view name;  ///< of the command
    std::string what;       ///< the order in words
  };

  void on_connected() override;
  void on_room() override { send(); }
  void on_message(const Message& message) override;

  void fill_aliases(const Battery& battery);
  void make_items(const Battery& battery, const Limits& limits);
  void take_news(const News& news);
  void take_availability(Contact contact);
  void send();
  [[nodiscard]] bool send_discovery();
  bool send_retained(bool& due, const std::string& topic, const std::string& payload);
  bool send_values(bool& due, const std::string& topic, Clock::time_point& sent_at);
  void await_heartbeat();
  void say_everything();
  void obey(const Message& message);
  void answer(const CommandRow& row, items::SetResult result, std::string_view words);
  void answer(std::string_view name, bool done, std::string_view words);
  void follow_order();
  [[nodiscard]] std::string outcome_of_order() const;
  [[nodiscard]] std::string text_of(std::string_view path) const;
  [[nodiscard]] std::string info_document() const;

  Client& client_;
  Notes notes_;
  Topics topics_;
  std::string claimed_;
  Device device_;
  items::ServiceFacts facts_;
  UserBounds bounds_;
  UserSettings user_;
  Wishes* wishes_ = nullptr;
  std::optional<items::BatteryItems> items_;
  std::optional<Values> values_;
  std::optional<AliasTopics> aliases_;
  Due due_;
  bool online_ = false;
  bool state_changed_ = false, cells_changed_ = false;
  std::size_t cell_count_ = 0;
  PublishedDocument published_;
  Clock::time_point state_sent_at_{}, cells_sent_at_{};
  std::string document_;  ///< its memory is used again
  Allowance allowance_;
  std::deque<std::string> answers_;  ///< to commands, that wait for room
  std::optional<Ordered> ordered_;   ///< whose outcome is still to come
  Timer heartbeat_, birth_;
  std::minstd_rand random_;
};

}  // namespace bms::mqtt
