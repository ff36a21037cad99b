#include "mqtt/exchanges.hpp"

#include <spdlog/spdlog.h>

#include <chrono>
#include <utility>

#include "mqtt/topics.hpp"

namespace bms::mqtt {

using namespace std::chrono_literals;

namespace {

// All drivers of a machine have found their boards by then.
constexpr auto grace = 30s;

}  // namespace

Exchanges::Exchanges(boost::asio::io_context& loop, Client& client, RetainedTopics& retained, std::string directory)
    : loop_(loop), client_(client), retained_(retained), directory_(std::move(directory)) {
  client_.add(*this);
}

Exchanges::~Exchanges() { client_.remove(*this); }

void Exchanges::settle(const std::string& place, const std::string& id) {
  const std::string before = retained_.settle(place, id);
  if (before.empty()) return;
  waiting_.emplace_back(loop_).after(grace, [this, place, before] {
    if (is_somewhere(directory_, before)) return;
    spdlog::info("another board is on {} now: {} is forgotten at the broker", place, before);
    empty_topics_of(before);
  });
}

void Exchanges::empty_topics_of(const std::string& id) {
  const Topics topics = topics_of(client_.config(), id);
  for (const std::string& topic : {topics.discovery, topics.availability, topics.info}) {
    if (retained_.topics().contains(topic)) to_empty_.push_back(topic);
  }
  send();
}

void Exchanges::send() {
  while (!to_empty_.empty() && client_.connected()) {
    if (!client_.has_room() || !client_.publish(to_empty_.back(), "", Retain::yes)) return client_.want_room();
    retained_.forget(to_empty_.back());
    to_empty_.pop_back();
  }
}

}  // namespace bms::mqtt
