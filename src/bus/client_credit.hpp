// How much each client of the bus may have of us before it shows that it reads. Knows no D-Bus.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bms::bus {

/// What a client may expect of its next call.
enum class Credit : std::uint8_t {
  answer,   ///< everything
  refusal,  ///< a short error
  silence,  ///< nothing: whatever is sent to it may lie on the bus for ever
};

/// The bus keeps what a client does not read, and counts it as ours: when that is too much, the bus reads nothing of us
/// any more, not even a limit that others wait for (dbus-daemon: max_incoming_bytes). So each client has a credit. It
/// is in debt by what it was sent, until it shows that it has read that, or time passes. A client that answers a
/// question has read what came before it, as answers and questions keep their order.
class ClientCredit {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  static constexpr std::size_t most_clients = 64;                  ///< in debt at the same time
  static constexpr double answered_below = 512 * 1024;             ///< bytes of debt
  static constexpr double refused_below = 576 * 1024;              ///< room for some hundred refusals
  static constexpr double asked_above = 128 * 1024;                ///< a client with so much debt is worth a question
  static constexpr double forgiven_per_s = 32 * 1024.0;            ///< of all debts together
  static constexpr auto question_time = std::chrono::seconds{25};  ///< between two questions to the same client

  /// What `client` may expect now.
  [[nodiscard]] Credit of(std::string_view client, TimePoint now);

  /// Something of this size is sent to it.
  void charge(std::string_view client, std::size_t bytes, TimePoint now);

  /// Whether it is time to ask the client whether it reads; the question counts as asked then.
  [[nodiscard]] bool must_be_asked(std::string_view client, TimePoint now);

  /// It has answered the question: what it was sent before that is forgotten.
  void has_read(std::string_view client);

  /// It has left the bus.
  void left(std::string_view client);

  [[nodiscard]] std::size_t clients_in_debt() const { return debtors_.size(); }

 private:
  struct Debtor {
    std::string client;
    double debt = 0;
    double asked_with = 0;  ///< the debt when it was asked
    TimePoint asked_at{};
    bool asked = false;
  };

  [[nodiscard]] Debtor* find(std::string_view client);
  void forgive(TimePoint now);

  std::vector<Debtor> debtors_;
  TimePoint forgiven_until_{};
};

}  // namespace bms::bus
