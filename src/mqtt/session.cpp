#include "mqtt/session.hpp"

#include <mqtt_protocol.h>
#include <netdb.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace bms::mqtt {

namespace {

// Signs of life when there is nothing to say; a broker that is gone is noticed after twice that time.
constexpr int keepalive_s = 30;
// A broker does not send us a larger packet, so that nobody can make us hold one. Ours need far less.
constexpr std::uint32_t largest_packet = 4096;
constexpr std::size_t most_messages = 64;  // between two looks; more of them at once are nobody's wishes

constexpr const char* authorities_of_system = "/etc/ssl/certs";

Reports& reports_of(void* object) { return *static_cast<Reports*>(object); }

void on_connect(mosquitto* /*session*/, void* object, int code) { reports_of(object).connected = code; }
void on_disconnect(mosquitto* /*session*/, void* object, int code) { reports_of(object).disconnected = code; }
void on_publish(mosquitto* /*session*/, void* object, int /*id*/) { ++reports_of(object).acknowledged; }

// Exceptions must not pass through the library; without memory the message is lost.
void on_message(mosquitto* /*session*/, void* object, const mosquitto_message* message) try {
  Reports& reports = reports_of(object);
  if (reports.messages.size() >= most_messages) return;
  const std::size_t size = std::min(static_cast<std::size_t>(std::max(message->payloadlen, 0)), longest_payload + 1);
  reports.messages.push_back({.topic = message->topic,
                              .payload = std::string(static_cast<const char*>(message->payload), size),
                              .retained = message->retain});
} catch (...) {  // NOLINT(bugprone-empty-catch): see above
}

void on_log(mosquitto* /*session*/, void* object, int level, const char* text) try {
  Reports& reports = reports_of(object);
  if (level == MOSQ_LOG_ERR && reports.complaint.empty()) reports.complaint = text;
} catch (...) {  // NOLINT(bugprone-empty-catch): see above
}

}  // namespace

Session::Session(const Library& library, const Config& config, const std::string& client_id,
                 const std::string& password, const Will& will, int version)
    : library_(library), mosquitto_(library.create(client_id.c_str(), true, reports_.get())), version_(version) {
  if (mosquitto_ == nullptr) {
    problem_ = std::generic_category().message(errno);
    return;
  }
  set_up(config, password, will);
}

Session::~Session() {
  if (mosquitto_ != nullptr) library_.destroy(mosquitto_);
}

void Session::set_up(const Config& config, const std::string& password, const Will& will) {
  library_.connect_callback_set(mosquitto_, on_connect);
  library_.disconnect_callback_set(mosquitto_, on_disconnect);
  library_.publish_callback_set(mosquitto_, on_publish);
  library_.message_callback_set(mosquitto_, on_message);
  library_.log_callback_set(mosquitto_, on_log);
  check(library_.int_option(mosquitto_, MOSQ_OPT_PROTOCOL_VERSION, version_), "version");
  if (!will.topic.empty())
    check(library_.will_set(mosquitto_, will.topic.c_str(), static_cast<int>(will.payload.size()), will.payload.data(),
                            1, true),
          "will");
  if (!config.user.empty())
    check(library_.username_pw_set(mosquitto_, config.user.c_str(), password.empty() ? nullptr : password.c_str()),
          "user");
  if (config.tls) set_up_tls(config);
}

void Session::set_up_tls(const Config& config) {
  check_file("ca_file", config.ca_file);
  check_file("cert_file", config.cert_file);
  check_file("key_file", config.key_file);
  const auto file = [](const std::string& name) { return name.empty() ? nullptr : name.c_str(); };
  if (config.ca_file.empty()) check(library_.int_option(mosquitto_, MOSQ_OPT_TLS_USE_OS_CERTS, 1), "authorities");
  if (!config.ca_file.empty() || !config.cert_file.empty()) {
    // It takes no certificate of ours without authorities for theirs.
    const char* const directory = config.ca_file.empty() ? authorities_of_system : nullptr;
    check(library_.tls_set(mosquitto_, file(config.ca_file), directory, file(config.cert_file), file(config.key_file),
                           nullptr),
          "ca_file, cert_file or key_file");
  }
  if (config.insecure) check(library_.tls_insecure_set(mosquitto_, true), "insecure");
}

/// Whether a file can be read; the library does not say which one cannot.
void Session::check_file(const char* option, const std::string& file) {
  if (!file.empty() && access(file.c_str(), R_OK) != 0 && problem_.empty())
    problem_ = std::string(option) + " = " + file + ": " + std::generic_category().message(errno);
}

void Session::check(int error, const char* what) {
  if (error != MOSQ_ERR_SUCCESS && problem_.empty()) problem_ = std::string(what) + ": " + in_words(error);
}

Failure Session::connect(const Config& config) {
  mosquitto_property* properties = nullptr;
  if (version_ == MQTT_PROTOCOL_V5)
    library_.property_add_int32(&properties, MQTT_PROP_MAXIMUM_PACKET_SIZE, largest_packet);
  errno = 0;
  const int error =
      library_.connect_bind(mosquitto_, config.host.c_str(), config.port_number(), keepalive_s, nullptr, properties);
  const int why = errno;
  library_.property_free_all(&properties);
  if (error == MOSQ_ERR_SUCCESS) return {};
  if (error == MOSQ_ERR_EAI) return {error, gai_strerror(why)};
  if (error == MOSQ_ERR_ERRNO) return {error, std::generic_category().message(why)};
  return {error, in_words(error, reports_->complaint)};
}

Reports Session::take_reports() { return std::exchange(*reports_, {}); }

std::optional<int> Session::socket() const {
  const int descriptor = library_.socket(mosquitto_);
  return descriptor < 0 ? std::nullopt : std::optional(descriptor);
}

bool Session::wants_to_write() const { return library_.want_write(mosquitto_); }

int Session::read() { return library_.loop_read(mosquitto_, 1); }
int Session::write() { return library_.loop_write(mosquitto_, 1); }
int Session::look_after() { return library_.loop_misc(mosquitto_); }

int Session::publish(const std::string& topic, const std::string& payload, int qos, bool retain) {
  return library_.publish(mosquitto_, nullptr, topic.c_str(), static_cast<int>(payload.size()), payload.data(), qos,
                          retain);
}

int Session::subscribe(const std::string& filter, int qos) {
  return library_.subscribe(mosquitto_, nullptr, filter.c_str(), qos);
}

int Session::disconnect() { return library_.disconnect(mosquitto_); }

std::string Session::in_words(int error, const std::string& complaint) const {
  // "OpenSSL Error[0]: error:0A000086:SSL routines::certificate verify failed"
  if (!complaint.empty()) return complaint.substr(complaint.rfind(':') + 1);
  return error == MOSQ_ERR_ERRNO ? std::generic_category().message(errno) : library_.strerror(error);
}

}  // namespace bms::mqtt
