// One connection to a broker, from its first byte to its last, as libmosquitto keeps it. A new connection is a new
// session, so that nothing that waited in an old one is ever sent as if it were news.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mqtt/config.hpp"
#include "mqtt/library.hpp"

namespace bms::mqtt {

/// A message that came. Longer ones than any that we want are cut, and known by that.
struct Message {
  std::string topic, payload;
  bool retained = false;
};
inline constexpr std::size_t longest_payload = 64;  ///< of what is meant for us; one byte more is kept

/// What the library has reported since it was asked for the last time.
struct Reports {
  std::optional<int> connected;     ///< the broker's answer: 0, or why not
  std::optional<int> disconnected;  ///< why
  int acknowledged = 0;             ///< how many messages the broker has
  std::vector<Message> messages;
  std::string complaint;  ///< of the library about the connection, in its words; empty: none
};

/// Why something was not done.
struct Failure {
  int code = MOSQ_ERR_SUCCESS;
  std::string words{};  ///< empty: it was done
};

/// What says that this program is gone, when it is. Without a topic nothing does.
struct Will {
  std::string topic, payload;
};

class Session {
 public:
  /// What is set up before a connection. `password` may be empty. `version`: of MQTT, 5 or 4 (which is 3.1.1).
  Session(const Library& library, const Config& config, const std::string& client_id, const std::string& password,
          const Will& will, int version);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  /// What could not be set up; empty: nothing.
  [[nodiscard]] const std::string& problem() const { return problem_; }

  /// Looks up the host, connects and greets; takes as long as these take. The only function for another thread, while
  /// nobody else touches the session.
  [[nodiscard]] Failure connect(const Config& config);

  /// What has happened in the other calls; forgets it.
  [[nodiscard]] Reports take_reports();

  /// The library's socket now; empty: it has none. It may be another one after each call.
  [[nodiscard]] std::optional<int> socket() const;
  [[nodiscard]] bool wants_to_write() const;

  /// Each returns MOSQ_ERR_SUCCESS or what went wrong.
  int read();
  int write();
  int look_after();
  int publish(const std::string& topic, const std::string& payload, int qos, bool retain);
  int subscribe(const std::string& filter, int qos);
  int disconnect();

  /// `complaint`: of the library about the same.
  [[nodiscard]] std::string in_words(int error, const std::string& complaint = {}) const;

 private:
  void set_up(const Config& config, const std::string& password, const Will& will);
  void set_up_tls(const Config& config);
  void check_file(const char* option, const std::string& file);
  void check(int error, const char* what);

  Library library_;
  std::unique_ptr<Reports> reports_ = std::make_unique<Reports>();  ///< the library knows where it is
  mosquitto* mosquitto_ = nullptr;
  int version_;
  std::string problem_;
};

}  // namespace bms::mqtt
