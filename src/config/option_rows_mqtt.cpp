// Options of the way to a broker.
#include <array>

#include "config/option_places.hpp"
#include "config/option_rows.hpp"
#include "mqtt/topics.hpp"

namespace bms::config {

namespace {

constexpr std::array<std::string_view, 3> commands{"no", "limits", "all"};
constexpr std::array<std::string_view, 3> aliases{"no", "chargery", "rec"};

constexpr Option mqtt_rows[] = {
    {"host", "",
     Text{.place = at<&mqtt::Config::host>,
          .example = "192.168.1.10",
          .fits = mqtt::is_host,
          .form = "a name or an address alone, since the port is an option of its own"},
     "name or address of the broker; empty: nothing is sent"},
    {"port", "", OptionalNumber{1, 65535, at<&mqtt::Config::port>, "auto", true},
     "of the broker; `auto`: 1883, or 8883 with TLS"},
    {"tls", "", Flag{at<&mqtt::Config::tls>}, "the connection is encrypted, and the broker must prove who it is",
     Careful::higher},
    {"ca_file", "", Text{.place = at<&mqtt::Config::ca_file>, .example = "/data/mqtt/ca.crt"},
     "who vouches for the broker, as PEM; empty: the authorities that the system trusts"},
    {"cert_file", "", Text{.place = at<&mqtt::Config::cert_file>, .example = "/data/mqtt/client.crt"},
     "certificate of this program, for brokers that ask for one"},
    {"key_file", "", Text{.place = at<&mqtt::Config::key_file>, .example = "/data/mqtt/client.key"}, "the key to it"},
    {"insecure", "", Flag{at<&mqtt::Config::insecure>},
     "with TLS, the name in the broker's certificate may be another one; each start warns of it", Careful::lower},
    {"user", "", Text{.place = at<&mqtt::Config::user>, .example = "battery"},
     "name that the broker knows this program by"},
    {"password_file", "", Text{.place = at<&mqtt::Config::password_file>, .example = "/data/mqtt/password"},
     "a file whose first line is the password; nobody but its owner and group may read it. Where systemd hands over a "
     "credential `mqtt`, that is taken without it"},
    {"base", "",
     Text{.place = at<&mqtt::Config::base>,
          .example = "dbus-bms",
          .fits = mqtt::begins_topics,
          .form = mqtt::topics_beginning_form},
     "what all topics begin with"},
    {"discovery", "", Flag{at<&mqtt::Config::discovery>},
     "Home Assistant (2024.11 or later) finds the battery by itself"},
    {"discovery_prefix", "",
     Text{.place = at<&mqtt::Config::discovery_prefix>,
          .example = "homeassistant",
          .fits = mqtt::begins_topics,
          .form = mqtt::topics_beginning_form},
     "where Home Assistant looks"},
    {"interval", "s", Number{1, 3600, at<&mqtt::Config::interval_s>},
     "measurements are sent no more often; alarms, permissions and limits are sent at once"},
    {"heartbeat", "s", Number{5, 3600, at<&mqtt::Config::heartbeat_s>}, "they are sent no more rarely, changed or not"},
    {"commands", "", word<at<&mqtt::Config::commands>>(commands),
     "what messages may change: `limits` are the settings for the owner, within what is configured, `all` also the "
     "source of the SoC, the SoC, the history and, with `writes = switches`, the FETs of boards that have such "
     "switches. Whoever may publish at the broker can do so",
     Careful::lower},
    {"aliases", "", word<at<&mqtt::Config::aliases>>(aliases),
     "the first battery fills the topics of another program as well, so that what reads those goes on: `chargery` is "
     "chargery.py, `rec` REC-BMSManager"},
    {"alias_prefix", "",
     Text{.place = at<&mqtt::Config::alias_prefix>,
          .example = "chargerybms",
          .fits = mqtt::begins_topics,
          .form = mqtt::topics_beginning_form},
     "what those topics begin with; empty: as that program has it"},
};

}  // namespace

OptionGroup broker_options() {
  return {
      "MQTT: [mqtt]",
      "Values for a broker, Home Assistant among others; see [mqtt.md](mqtt.md). These options stand in a section of "
      "their own.",
      mqtt_rows};
}

}  // namespace bms::config
