#include "cli/status/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "registry.hpp"

namespace bms::cli {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view left_out = "...";

/// A value as words; what comes from outside steers no terminal.
std::string words(const Json& value) {
  if (value.is_null()) return "--";
  std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  for (char& letter : text) {
    if (std::iscntrl(static_cast<unsigned char>(letter)) != 0) letter = '?';
  }
  return text;
}

std::string duration(long seconds) {
  constexpr long minute = 60, hour = 60 * minute, day = 24 * hour;
  if (seconds >= day) return fmt::format("{} d {} h", seconds / day, seconds % day / hour);
  if (seconds >= hour) return fmt::format("{} h {} min", seconds / hour, seconds % hour / minute);
  if (seconds >= minute) return fmt::format("{} min {} s", seconds / minute, seconds % minute);
  return fmt::format("{} s", seconds);
}

std::string line(std::string_view title, const std::string& text) { return fmt::format("{:<10} {}\n", title, text); }

/// How a fact is shown.
struct Shown {
  const char* key;
  const char* title;      ///< may be empty
  const char* unit = "";  ///< of a number; empty: it is shown as it is
  int decimals = 0;
  double per_unit = 1;  ///< how many of what is known make one of the unit
};

constexpr double kilobytes_per_megabyte = 1024;

std::string words(const Json& value, const Shown& shown) {
  if (!value.is_number() || *shown.unit == '\0') return words(value);
  return fmt::format("{:.{}f} {}", value.get<double>() / shown.per_unit, shown.decimals, shown.unit);
}

/// "title value unit" for those keys that are there.
std::string listed(const Json& of, std::initializer_list<Shown> all) {
  std::string text;
  for (const Shown& shown : all) {
    const auto found = of.find(shown.key);
    if (found == of.end() || words(*found).empty()) continue;
    text += fmt::format("{}{}{}{}", text.empty() ? "" : ", ", shown.title, *shown.title == '\0' ? "" : " ",
                        words(*found, shown));
  }
  return text;
}

std::string ports(const Json& ports) {
  if (ports.empty()) return line("ports", "no adapter is plugged in");
  std::string text;
  for (const Json& port : ports) {
    std::string users;
    for (const Json& user : port.at("used_by")) {
      users += fmt::format("{}{} ({})", users.empty() ? "" : ", ", words(user.at("name")), words(user.at("pid")));
    }
    if (port.value("used_by_is_all", true)) {
      if (users.empty()) users = "nobody has it open";
    } else {
      users += users.empty() ? "who has it open only root can see: sudo dbus-bms status"
                             : "; others that have it open only root can see";
    }
    text += line("port", words(port.at("port")) + ": " + users);
  }
  return text;
}

std::string processes(const Json& processes) {
  if (processes.empty()) return line("processes", "none");
  std::string text;
  for (const Json& process : processes) {
    text += line("process",
                 fmt::format("{}: up {}, {}", words(process.at("command")), duration(process.at("up_s").get<long>()),
                             listed(process, {{"cpu_s", "CPU", "s", 1},
                                              {"memory_kb", "memory", "MB", 0, kilobytes_per_megabyte},
                                              {"pid", "pid"}})));
  }
  return text;
}

std::string batteries(const Json& facts) {
  if (const std::string why = facts.at("bus").get<std::string>(); !why.empty()) return line("bus", words(why));
  if (facts.at("batteries").empty()) return line("batteries", "none on the bus");
  std::string text;
  for (const Json& battery : facts.at("batteries")) {
    text += line("battery", words(battery.at("service")) + (battery.at("answers") == true ? "" : " does not answer"));
    for (const std::string& details :
         {listed(battery, {{"product", ""}, {"name", ""}, {"instance", "instance"}, {"serial", "serial"}}),
          listed(battery, {{"driver", ""}, {"driver_version", ""}}),
          listed(battery, {{"state", "state"},
                           {"error_code", "error code"},
                           {"soc_pct", "SoC", "%", 1},
                           {"voltage_v", "voltage", "V", 2},
                           {"current_a", "current", "A", 1}}),
          listed(
              battery,
              {{"cvl_v", "CVL", "V", 2}, {"ccl_a", "CCL", "A", 1}, {"dcl_a", "DCL", "A", 1}, {"charge_mode", ""}})}) {
      if (!details.empty()) text += line("", details);
    }
    for (const Json& alarm : battery.at("alarms")) text += line("", "alarm: " + words(alarm));
  }
  return text;
}

std::string heartbeats(const Json& heartbeats) {
  std::string text;
  for (const Json& beat : heartbeats) {
    const Json& age = beat.at("age_s");
    text += line("data of", words(beat.at("battery")) +
                                (age.is_null() ? ": none yet" : ": " + duration(age.get<long>()) + " old"));
  }
  return text;
}

std::string configuration(const Json& facts) {
  const std::string source = words(facts.at("source"));
  constexpr std::string_view title = "configuration: ";
  std::string text = line("config", source.starts_with(title) ? source.substr(title.size()) : source);
  for (const Json& fault : facts.at("faults")) text += line("", "fault: " + words(fault));
  return text;
}

std::string complaints(const Json& complaints) {
  std::string text;
  for (const Json& each : complaints) {
    text += line("log", listed(each, {{"time", ""}, {"service", ""}, {"line", ""}}));
  }
  return text;
}

/// Calls `change` for every text in it.
template <class Change>
void for_each_text(Json& value, const Change& change) {
  if (value.is_string()) {
    auto& text = value.get_ref<std::string&>();
    text = change(std::move(text));
  } else if (value.is_structured()) {
    for (Json& each : value) for_each_text(each, change);
  }
}

std::string without(std::string text, const std::string& secret) {
  for (std::size_t at = 0; (at = text.find(secret, at)) != std::string::npos; at += left_out.size()) {
    text.replace(at, secret.size(), left_out);
  }
  return text;
}

bool same_letter(char a, char b) {
  return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
}

/// "JBD:DEMO0001" becomes "JBD:...", wherever it stands.
std::string without_identity_of(std::string text, std::string_view family) {
  const std::string key = std::string(family) + ":";
  constexpr const char* ends = " ]\"',;)";
  for (std::size_t at = 0;;) {
    const auto found =
        std::search(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), key.begin(), key.end(), same_letter);
    if (found == text.end()) return text;
    const auto begin = static_cast<std::size_t>(found - text.begin()) + key.size();
    const std::size_t end = std::min(text.find_first_of(ends, begin), text.size());
    if (end > begin) text.replace(begin, end - begin, left_out);
    at = begin;
  }
}

}  // namespace

std::string status_page(const Json& facts) {
  const Json& versions = facts.at("versions");
  return line("versions", listed(versions, {{"program", ""}, {"system", ""}, {"machine", ""}, {"kernel", ""}})) +
         line("machine",
              listed(versions, {{"load", "load"}, {"memory_available_kb", "free", "MB", 0, kilobytes_per_megabyte}})) +
         ports(facts.at("ports")) + processes(facts.at("processes")) + batteries(facts) +
         heartbeats(facts.at("heartbeats")) + configuration(facts.at("configuration")) +
         complaints(facts.at("complaints"));
}

void leave_out_serial_numbers(Json& facts) {
  std::vector<std::string> secrets;
  for (const Json& battery : facts.at("batteries")) {
    const std::string serial =
        battery.value("serial", Json()).is_string() ? battery.at("serial").get<std::string>() : "";
    // A port in its place tells nobody anything.
    if (serial.empty() || serial.starts_with("tty")) continue;
    secrets.push_back(serial);
    // The product may carry its end: "JBD BMS (0001)".
    const std::string product = words(battery.value("product", Json()));
    const std::size_t begin = product.rfind('('), end = product.rfind(')');
    if (begin == std::string::npos || end == std::string::npos || end <= begin + 1) continue;
    if (std::string tail = product.substr(begin + 1, end - begin - 1); serial.ends_with(tail)) secrets.push_back(tail);
  }
  for_each_text(facts, [&](std::string text) {
    for (const std::string& secret : secrets) text = without(std::move(text), secret);
    for (const Family& family : families()) text = without_identity_of(std::move(text), family.name);
    return text;
  });
}

}  // namespace bms::cli
