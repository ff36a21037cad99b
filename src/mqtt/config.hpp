// How values are to reach a broker; section [mqtt] of config.ini.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bms::mqtt {

/// What may be changed by messages. The order is that of what they allow.
enum class Commands : std::uint8_t {
  no,
  limits,  ///< the owner's settings, each within what is configured
  all,     ///< the source of the SoC, the SoC itself and the history as well
};

/// Whose topics are filled as well.
enum class Aliases : std::uint8_t {
  no,
  chargery,  ///< the program chargery.py
  rec,       ///< the exporter of REC-BMSManager
};

/// Whether this is the name or address of a broker, and nothing besides: no scheme, no port.
[[nodiscard]] inline bool is_host(std::string_view text) {
  const bool is_ipv6 = std::ranges::count(text, ':') > 1;
  return text.find_first_of("/ @[]") == std::string_view::npos && (is_ipv6 || !text.contains(':'));
}

struct Config {
  std::string host{};            ///< empty: no broker
  std::optional<double> port{};  ///< empty: the usual one
  bool tls = false;
  std::string ca_file{};                ///< empty: the authorities that the system trusts
  std::string cert_file{}, key_file{};  ///< of this client; empty: none
  bool insecure = false;                ///< whoever answers is believed to be the broker
  std::string user{}, password_file{};  ///< empty: none
  std::string base = "dbus-bms";        ///< what all topics begin with
  bool discovery = true;
  std::string discovery_prefix = "homeassistant";
  double interval_s = 5;    ///< measurements are sent no more often
  double heartbeat_s = 25;  ///< and no more rarely
  Commands commands = Commands::no;
  Aliases aliases = Aliases::no;
  std::string alias_prefix{};  ///< empty: what that program begins its topics with

  [[nodiscard]] int port_number() const { return static_cast<int>(port.value_or(tls ? 8883 : 1883)); }
};

}  // namespace bms::mqtt
