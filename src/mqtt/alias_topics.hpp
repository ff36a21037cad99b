// Fills the topics of another program with the values of one battery, for what reads those.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "bms/battery.hpp"
#include "mqtt/alias_rows.hpp"
#include "mqtt/config.hpp"

namespace bms::mqtt {

class AliasTopics {
 public:
  using Clock = std::chrono::steady_clock;

  /// `battery`: which has the cells and sensors that it is going to have.
  AliasTopics(const AliasSet& set, const Config& config, const Battery& battery);

  /// Takes over what is known now. What has changed becomes due after the interval, all else after the heartbeat.
  void update(const Battery& battery, Clock::time_point now);

  /// Everything that is known is due.
  void repeat();

  /// Takes a message, or not.
  using Publish = std::function<bool(const std::string& topic, const std::string& payload)>;

  /// Sends what is due, as long as it is taken.
  void send(const Publish& publish, Clock::time_point now);

 private:
  struct Entry {
    const AliasRow* row;
    std::size_t number;  ///< 0: there is one of it
    std::string topic;
    std::string text{};  ///< empty: not known
    bool changed = false, due = false;
  };

  Clock::duration interval_, heartbeat_;
  std::vector<Entry> entries_;
  Clock::time_point sent_at_{}, all_sent_at_{};
};

}  // namespace bms::mqtt
