#include "mqtt/mqtt_face.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "items/battery_paths.hpp"
#include "mqtt/command.hpp"
#include "mqtt/json_text.hpp"
#include "mqtt/seconds.hpp"

namespace bms::mqtt {

using namespace std::chrono_literals;

namespace {

constexpr int commands_at_once = 10;
constexpr std::size_t most_answers = 20;  // that wait for room
constexpr auto pause_between_commands = 1s;
constexpr auto shortest_wait = 1s;
constexpr auto cells_pause = 2;  // single cells are sent half as often as the rest

/// No battery is called so in topics.
constexpr const char* alias_claim = "aliases:";

constexpr std::string_view order_path = "/Info/LastOrder";
constexpr std::string_view outcome_path = "/Info/LastOrderOutcome";
constexpr std::string_view waiting = "waiting";

}  // namespace

MqttFace::MqttFace(boost::asio::io_context& loop, Client& client, Notes notes)
    : client_(client),
      notes_(std::move(notes)),
      allowance_(commands_at_once, pause_between_commands),
      heartbeat_(loop),
      birth_(loop),
      random_(std::random_device{}()) {}

MqttFace::~MqttFace() {
  client_.remove(*this);
  if (values_ && online_) std::ignore = client_.publish(topics_.availability, "offline", Retain::yes);
  if (!claimed_.empty()) client_.release(claimed_);
  if (aliases_) client_.release(alias_claim);
}

bool MqttFace::claim(const std::string& battery_id) {
  const std::string id = topic_id(battery_id);
  if (id == claimed_) return true;
  if (!client_.claim(id)) return false;
  if (!claimed_.empty()) client_.release(claimed_);
  claimed_ = id;
  return true;
}

void MqttFace::meet(const std::string& battery_id, const Introduction& who, const UserBounds& bounds, Wishes& wishes) {
  const std::string id = topic_id(battery_id);
  topics_ = topics_of(client_.config(), id);
  facts_ = {.who = who, .version = BMS_VERSION, .device_instance = 0, .custom_name = {}};
  device_ = {.battery_id = id,
             .name = {},
             .info = {},
             .status_topic = client_.status_topic(),
             .topics = topics_,
             .may_be_changed = who.may_be_changed};
  bounds_ = bounds;
  wishes_ = &wishes;
}

void MqttFace::set_bounds(const UserBounds& bounds) {
  if (bounds == bounds_) return;
  bounds_ = bounds;
  if (!items_) return;
  items_->set_bounds(bounds);
  due_.discovery = true;  // it says how far settings go
}

void MqttFace::show_settings(const UserSettings& user) {
  user_ = user;
  if (items_) items_->set_user_settings(user);
}

bool MqttFace::enter(const Battery& battery, const Limits& limits) {
  if (items_ || topics_.state.empty()) return false;
  device_.info = battery.device;
  make_items(battery, limits);
  if (const auto name = items_->tree().find("/ProductName"))
    device_.name = std::get<std::string>(items_->tree()[*name].value);
  fill_aliases(battery);
  published_ = PublishedDocument(document_file(notes_.directory, device_.battery_id));
  for (const std::string& topic : {topics_.discovery, topics_.availability, topics_.info}) notes_.retained(topic);
  notes_.settled(facts_.who.place, device_.battery_id);
  client_.add(*this);
  say_everything();
  // Whoever sees the battery may order something at once.
  if (client_.connected()) client_.subscribe(topics_.commands + "+");
  publish(battery, limits);
  spdlog::info("at the broker as {}", topics_.state);
  return true;
}

/// Those topics do not say which battery they are of, so they can only be of one.
void MqttFace::fill_aliases(const Battery& battery) {
  const Config& config = client_.config();
  const AliasSet* set = alias_set(config.aliases);
  if (set == nullptr) return;
  if (client_.claim(alias_claim))
    aliases_.emplace(*set, config, battery);
  else
    spdlog::info("[mqtt] aliases: another battery fills those topics, {} does not", device_.name);
}

void MqttFace::make_items(const Battery& battery, const Limits& limits) {
  items_.emplace(facts_, battery, bounds_);
  items_->set_user_settings(user_);
  items::WriteHandlers written;
  if (facts_.who.may_be_changed) {
    written.user_settings = [this](const UserSettings& user) { wishes_->change_settings(user); };
    written.soc = [this](double soc_pct) { return wishes_->set_soc(soc_pct, "MQTT"); };
    written.switch_over = [this](const BmsSwitch& command) { return wishes_->switch_over(command, "MQTT"); };
    written.release_line = [this](double minutes) { return wishes_->release_line(minutes, "MQTT"); };
    written.exclude_pack = [this](std::size_t pack, bool excluded) {
      return wishes_->exclude_pack(pack, excluded, "MQTT");
    };
    written.clear_history = [this](int group) { wishes_->clear_history(group); };
  }
  items_->on_written(std::move(written));
  values_.emplace(*items_);
  items_->update(battery, limits);
  cell_count_ = battery.cell_count;
}

void MqttFace::publish(const Battery& battery, const Limits& limits) {
  if (!values_) return;
  items_->update(battery, limits);
  take_availability(battery.contact);
  take_news(values_->update(battery, limits));
  if (aliases_ && online_) aliases_->update(battery, Clock::now());
  follow_order();
  send();
}

void MqttFace::take_availability(Contact contact) {
  const bool online = contact == Contact::fresh || contact == Contact::returning;
  due_.availability |= online != online_;
  online_ = online;
}

void MqttFace::take_news(const News& news) {
  const Config& config = client_.config();
  const auto now = Clock::now();
  state_changed_ |= news.state;
  cells_changed_ |= news.cells;
  due_.discovery |= news.known && config.discovery;
  due_.state |= news.at_once || (state_changed_ && now - state_sent_at_ >= seconds(config.interval_s));
  due_.cells |= cells_changed_ && now - cells_sent_at_ >= cells_pause * seconds(config.interval_s);
}

void MqttFace::on_connected() {
  client_.subscribe(topics_.commands + "+");
  answers_.clear();  // nobody waits for them any more
  say_everything();
  send();
}

void MqttFace::say_everything() {
  due_ = {.discovery = client_.config().discovery, .availability = true, .info = true, .state = true, .cells = true};
  if (aliases_) aliases_->repeat();
}

/// Sends what is due, as long as it is taken.
void MqttFace::send() {
  // Nothing is put together for nobody.
  if (!values_ || !client_.connected()) return;
  if (!client_.has_room()) return client_.want_room();
  for (; !answers_.empty(); answers_.pop_front()) {
    if (!client_.publish(topics_.result, answers_.front(), Retain::no)) return;
  }
  if (due_.discovery && !send_discovery()) return;
  if (due_.availability && !send_retained(due_.availability, topics_.availability, online_ ? "online" : "offline"))
    return;
  if (due_.info && !send_retained(due_.info, topics_.info, info_document())) return;
  if (due_.state) {
    values_->write_state(document_);
    if (!send_values(due_.state, topics_.state, state_sent_at_)) return;
    state_changed_ = false;
    await_heartbeat();
  }
  if (due_.cells && cell_count_ > 0) {
    values_->write_cells(document_);
    if (!send_values(due_.cells, topics_.cells, cells_sent_at_)) return;
    cells_changed_ = false;
  }
  if (!aliases_ || !online_) return;
  aliases_->send([this](const std::string& topic,
                        const std::string& payload) { return client_.publish(topic, payload, Retain::no); },
                 Clock::now());
}

bool MqttFace::send_discovery() {
  const std::string document = discovery_document(device_, *values_, items_->tree(), client_.config());
  const std::string farewell = published_.farewell(document);
  if (!farewell.empty() && !client_.publish(topics_.discovery, farewell, Retain::yes)) return false;
  if (!send_retained(due_.discovery, topics_.discovery, document)) return false;
  published_.keep(document);
  return true;
}

bool MqttFace::send_retained(bool& due, const std::string& topic, const std::string& payload) {
  due = !client_.publish(topic, payload, Retain::yes);
  return !due;
}

bool MqttFace::send_values(bool& due, const std::string& topic, Clock::time_point& sent_at) {
  due = !client_.publish(topic, document_, Retain::no);
  if (!due) sent_at = Clock::now();
  return !due;
}

/// The timer is not moved with every message: it fires once in a while, and looks further.
void MqttFace::await_heartbeat() {
  if (heartbeat_.waits()) return;
  const auto beat = seconds(client_.config().heartbeat_s);
  const auto oldest = std::min(state_sent_at_, cell_count_ > 0 ? cells_sent_at_ : state_sent_at_);
  heartbeat_.at(std::max(oldest + beat, Clock::now() + shortest_wait), [this, beat] {
    const auto now = Clock::now();
    due_.state |= now - state_sent_at_ >= beat;
    due_.cells |= now - cells_sent_at_ >= beat;
    send();
    if (client_.connected()) await_heartbeat();
  });
}

std::string MqttFace::info_document() const {
  const DeviceInfo& info = device_.info;
  std::string text = "{";
  const auto add = [&text](std::string_view name, const std::string& value) {
    append_name(text, name);
    append_value(text, value.empty() ? items::Value{} : items::Value{value});
  };
  add("id", device_.battery_id);
  add("name", device_.name);
  add("family", info.family);
  add("model", info.model);
  add("serial", info.serial);
  add("firmware", info.firmware);
  append_name(text, "cells");
  append_value(text, static_cast<std::int32_t>(cell_count_));
  add("port", facts_.who.place);
  add("version", facts_.version);
  return text + "}";
}

void MqttFace::on_message(const Message& message) {
  const Config& config = client_.config();
  if (config.discovery && message.topic == config.discovery_prefix + "/status") {
    if (message.payload != "online") return;
    // Everybody who is asked does not answer at once.
    std::uniform_int_distribution<int> spread(1000, 5000);
    return birth_.after(std::chrono::milliseconds(spread(random_)), [this] {
      say_everything();
      send();
    });
  }
  obey(message);
}

void MqttFace::obey(const Message& message) {
  const auto command = command_of(message, topics_.commands, client_.config().commands);
  if (command && !*command) return;
  const std::string_view name = std::string_view(message.topic).substr(topics_.commands.size()).substr(0, 40);
  if (!command) return answer(name, false, command.error());
  if (!allowance_.take(Clock::now())) return answer(name, false, "busy: too many commands");
  const CommandRow& row = *(*command)->row;
  if (row.order && ordered_) return answer(name, false, "busy: the last order is not done yet");
  const auto item = items_->tree().find(row.path);
  if (!item) return answer(name, false, absence_of(row));
  const items::SetResult result = items_->tree().write(*item, (*command)->value);
  answer(row, result, words_of(**command, items_->tree()[*item], facts_.who.may_be_changed, result));
}

void MqttFace::answer(const CommandRow& row, items::SetResult result, std::string_view words) {
  const bool taken = result == items::SetResult::accepted;
  // What the BMS has to be told is not done yet.
  const bool waits = taken && row.order && outcome_of_order() == waiting;
  answer(row.name, taken, waits ? "taken; the BMS is told" : words);
  if (!taken) return;
  if (waits) ordered_ = Ordered{.name = row.name, .what = text_of(order_path)};
  // Whoever has set something sees it at once.
  due_.state = true;
  send();
}

void MqttFace::answer(std::string_view name, bool done, std::string_view words) {
  if (done)
    spdlog::info("{}: command {} by MQTT: {}", facts_.who.place, name, words);
  else
    // What came is in the answer alone: by it the log would tell a thousand lines apart.
    spdlog::warn("{}: command {} by MQTT is refused: {}", facts_.who.place, name,
                 words.substr(0, words.find(what_came)));
  if (answers_.size() < most_answers) answers_.push_back(result_document(name, done, words));
  send();
}

std::string MqttFace::outcome_of_order() const { return text_of(outcome_path); }

std::string MqttFace::text_of(std::string_view path) const {
  const auto item = items_->tree().find(path);
  const auto* text = item ? std::get_if<std::string>(&items_->tree()[*item].value) : nullptr;
  return text == nullptr ? std::string() : *text;
}

/// What has become of an order to the BMS, once that is known.
void MqttFace::follow_order() {
  if (!ordered_) return;
  const std::string outcome = outcome_of_order();
  // Somebody else has ordered something meanwhile, and only the newest order is followed.
  const bool other = text_of(order_path) != ordered_->what;
  if (!other && outcome == waiting) return;
  const Ordered done = *std::exchange(ordered_, std::nullopt);
  answer(done.name, !other && outcome.starts_with("done"),
         other ? "nobody knows: another order has followed" : outcome);
}

}  // namespace bms::mqtt
