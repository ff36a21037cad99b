#include "mqtt/client.hpp"

#include <poll.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <csignal>
#include <exception>
#include <utility>

#include "mqtt/password.hpp"

namespace bms::mqtt {

using namespace std::chrono_literals;

namespace {

constexpr std::string_view online = "online";
constexpr std::string_view offline = "offline";

constexpr auto first_delay = 1s;  // a broker that was updated is back by then
constexpr auto longest_delay = 300s;
constexpr auto longest_delay_of_an_open_door = 16s;  // to a broker that has let us in before
constexpr auto greeting_patience = 20s;
constexpr auto look_pause = 10s;         // from one look at keepalives to the next
constexpr auto progress_patience = 60s;  // with a broker that acknowledges nothing
constexpr auto leave_patience = 500ms;
constexpr auto short_connection = 10s;
constexpr int losses_to_mention = 2;
constexpr int most_pending = 16;  // messages on their way
// A TLS record may hold several packets, and the socket tells of the record alone.
constexpr int reads_at_once = 4;

/// How a broker refuses; of MQTT 3.1.1 and of 5.
struct Refusal {
  int code;
  std::string_view words;
  bool grave;  ///< it will not be otherwise soon
};
constexpr Refusal refusals[] = {
    {2, "the client id is refused", true},
    {3, "the broker is not available", false},
    {4, "user or password is wrong", true},
    {5, "user or password is wrong", true},
    {MQTT_RC_CLIENTID_NOT_VALID, "the client id is refused", true},
    {MQTT_RC_BAD_USERNAME_OR_PASSWORD, "user or password is wrong", true},
    {MQTT_RC_NOT_AUTHORIZED, "user or password is wrong", true},
    {MQTT_RC_SERVER_UNAVAILABLE, "the broker is not available", false},
    {MQTT_RC_SERVER_BUSY, "the broker is busy", false},
    {MQTT_RC_BANNED, "this program is banned there", true},
};

bool is_old_broker(int code) { return code == 1 || code == MQTT_RC_UNSUPPORTED_PROTOCOL_VERSION; }

/// A broker that goes away while something is written must not take the process with it.
void survive_broken_pipes() {
  struct sigaction present{};
  if (sigaction(SIGPIPE, nullptr, &present) == 0 && present.sa_handler == SIG_DFL) std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace

Client::Client(boost::asio::io_context& loop, const Library& library, Config config, std::string name,
               Presence presence)
    : loop_(loop),
      library_(library),
      config_(std::move(config)),
      name_(std::move(name)),
      will_{.topic = presence == Presence::shown ? config_.base + "/" + name_ + "/status" : std::string(),
            .payload = std::string(offline)},
      socket_(loop, {.readable =
                         [this] {
                           int error = MOSQ_ERR_SUCCESS;
                           for (int i = 0; i < reads_at_once && error == MOSQ_ERR_SUCCESS; ++i)
                             error = session_->read();
                           settle(error);
                         },
                     .writable =
                         [this] {
                           const int error = session_->write();
                           socket_.note_written();
                           settle(error);
                         }}),
      retry_(loop),
      care_(loop),
      patience_(loop),
      delay_(first_delay),
      random_(std::random_device{}()) {}

Client::~Client() = default;

std::string Client::place() const { return config_.host + ":" + std::to_string(config_.port_number()); }

void Client::start() {
  survive_broken_pipes();
  if (config_.tls && config_.insecure)
    spdlog::warn("[mqtt] insecure: nobody checks that {} is the broker it says it is", config_.host);
  attempt();
}

void Client::attempt() {
  const auto password = password_of(config_);
  if (!password) return fail(password.error(), true);
  auto session = std::make_unique<Session>(library_, config_, "dbus-bms-" + name_, *password, will_, version_);
  if (!session->problem().empty()) return fail(session->problem(), true);
  try {
    dial_.emplace(loop_, std::move(session), config_, [this](std::unique_ptr<Session> used, const Failure& failure) {
      take_over(std::move(used), failure);
    });
  } catch (const std::exception& problem) {  // no thread, or no descriptor
    fail(problem.what(), false);
  }
}

void Client::take_over(std::unique_ptr<Session> session, const Failure& failure) {
  dial_.reset();
  if (failure.code != MOSQ_ERR_SUCCESS) return fail(failure.words, failure.code == MOSQ_ERR_TLS);
  session_ = std::move(session);
  pending_ = 0;
  send_error_ = MOSQ_ERR_SUCCESS;
  patience_.after(greeting_patience, [this] { lose("it does not greet", false); });
  settle(MOSQ_ERR_SUCCESS);
}

/// After each call of the library that may have done anything.
void Client::settle(int error) {
  const Reports reports = session_->take_reports();
  take(reports);
  if (!session_) return;
  // Who they are will not be otherwise soon.
  const bool grave = error == MOSQ_ERR_TLS && !connected_;
  if (reports.disconnected == MQTT_RC_SESSION_TAKEN_OVER) return lose("another program has the same client id", false);
  if (error != MOSQ_ERR_SUCCESS) return lose(session_->in_words(error, reports.complaint), grave);
  if (reports.disconnected) return lose(session_->in_words(*reports.disconnected, reports.complaint), false);
  if (!session_->socket()) return lose("it has closed the connection", false);
  socket_.follow(session_->socket(), session_->wants_to_write());
  call_for_write();
}

void Client::call_for_write() {
  if (!room_missed_ || !has_room()) return;
  room_missed_ = false;
  for_each_listener(&Listener::on_room);
}

void Client::take(const Reports& reports) {
  if (reports.acknowledged > 0) {
    pending_ = std::max(0, pending_ - reports.acknowledged);
    progress_at_ = Clock::now();
  }
  if (reports.connected && !connected_) greet(*reports.connected);
  for (const Message& message : reports.messages) {
    const std::vector<Listener*> present = listeners_;
    for (Listener* listener : present) listener->on_message(message);
  }
}

void Client::greet(int code) {
  patience_.cancel();
  if (is_old_broker(code) && version_ == MQTT_PROTOCOL_V5) {
    version_ = MQTT_PROTOCOL_V311;
    socket_.follow(std::nullopt, false);
    session_.reset();
    return attempt();
  }
  if (code != 0) {
    const auto* const refusal = std::ranges::find(refusals, code, &Refusal::code);
    const bool known = refusal != std::end(refusals);
    return lose(known ? std::string(refusal->words) : "it refuses, code " + std::to_string(code),
                known && refusal->grave);
  }
  connected_ = true;
  connected_at_ = progress_at_ = Clock::now();
  last_problem_.clear();
  spdlog::info("connected to the broker {}", place());
  look_after();
  if (config_.discovery) subscribe(config_.discovery_prefix + "/status");
  if (!will_.topic.empty() && !publish(will_.topic, std::string(online), Retain::yes)) return;
  for_each_listener(&Listener::on_connected);
}

void Client::for_each_listener(void (Listener::*what)()) {
  const std::vector<Listener*> present = listeners_;
  for (Listener* listener : present) {
    if (std::ranges::find(listeners_, listener) != listeners_.end()) (listener->*what)();
  }
}

bool Client::has_room() const {
  return connected_ && send_error_ == MOSQ_ERR_SUCCESS && pending_ < most_pending && !session_->wants_to_write();
}

bool Client::publish(const std::string& topic, const std::string& payload, Retain retain) {
  if (!has_room()) {
    room_missed_ = true;
    return false;
  }
  const bool retained = retain == Retain::yes;
  const int error = session_->publish(topic, payload, retained ? 1 : 0, retained);
  if (error != MOSQ_ERR_SUCCESS) {
    settle_soon(error);
    return false;
  }
  ++pending_;
  settle_soon(MOSQ_ERR_SUCCESS);
  return true;
}

void Client::subscribe(const std::string& filter) {
  if (connected_) settle_soon(session_->subscribe(filter, 0));
}

/// What was sent may have closed the connection, or left something to be written; whoever sends is not disturbed by it.
void Client::settle_soon(int error) {
  if (error != MOSQ_ERR_SUCCESS) send_error_ = error;
  if (std::exchange(settling_, true)) return;
  boost::asio::post(loop_, [this, here = std::weak_ptr(here_)] {
    if (here.expired()) return;
    settling_ = false;
    if (session_) settle(send_error_);
  });
}

void Client::lose(const std::string& why, bool grave) {
  if (!session_) return;
  const bool was_connected = std::exchange(connected_, false);
  patience_.cancel();
  care_.cancel();
  socket_.follow(std::nullopt, false);
  session_.reset();
  if (was_connected) {
    const bool quick = Clock::now() - connected_at_ < short_connection;
    quick_losses_ = quick ? quick_losses_ + 1 : 0;
    delay_ = quick ? std::min<Clock::duration>(delay_, longest_delay_of_an_open_door) : first_delay;
    if (quick_losses_ == losses_to_mention)
      spdlog::warn("the broker ends each connection at once; does another program call itself dbus-bms-{}?", name_);
  }
  fail(why, grave);
}

void Client::fail(const std::string& why, bool grave) {
  if (why != last_problem_) spdlog::warn("no connection to the broker {}: {}", place(), why);
  last_problem_ = why;
  if (grave) delay_ = longest_delay;
  std::uniform_real_distribution<double> spread(0.8, 1.2);
  retry_after(std::chrono::duration_cast<Clock::duration>(delay_ * spread(random_)));
  delay_ = std::min<Clock::duration>(2 * delay_, longest_delay);
}

void Client::retry_after(Clock::duration delay) {
  retry_.after(delay, [this] { attempt(); });
}

/// Keepalives, and a broker that takes nothing.
void Client::look_after() {
  care_.after(look_pause, [this] {
    if (!session_) return;
    look_after();
    if (pending_ > 0 && Clock::now() - progress_at_ > progress_patience) return lose("it acknowledges nothing", false);
    int error = session_->look_after();
    if (error == MOSQ_ERR_SUCCESS) error = session_->read();
    settle(error);
  });
}

void Client::stop() {
  retry_.cancel();
  care_.cancel();
  patience_.cancel();
  dial_.reset();
  if (!session_) return;
  const auto end = Clock::now() + leave_patience;
  if (connected_ && !will_.topic.empty()) std::ignore = session_->publish(will_.topic, will_.payload, 1, true);
  std::ignore = session_->disconnect();
  while (session_->socket() && session_->wants_to_write() && Clock::now() < end) {
    pollfd room{.fd = *session_->socket(), .events = POLLOUT, .revents = 0};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    if (::poll(&room, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0))) <= 0) break;
    if (session_->write() != MOSQ_ERR_SUCCESS) break;
  }
  connected_ = false;
  socket_.follow(std::nullopt, false);
  session_.reset();
}

void Client::add(Listener& listener) { listeners_.push_back(&listener); }

void Client::remove(Listener& listener) { std::erase(listeners_, &listener); }

}  // namespace bms::mqtt
