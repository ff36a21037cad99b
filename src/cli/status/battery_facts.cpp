// Asks every battery service once for all it has; one that does not answer is on the page, too.
#include "cli/status/battery_facts.hpp"

#include <sdbus-c++/Error.h>

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bus/bus_calls.hpp"
#include "bus/bus_connection.hpp"
#include "bus/bus_names.hpp"
#include "files/heartbeat.hpp"

namespace bms::cli {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::chrono::seconds answer_limit{3};
constexpr std::string_view battery_prefix = "com.victronenergy.battery.";

struct Fact {
  const char* key;
  std::string_view path;
};

constexpr std::array facts = {
    Fact{"product", "/ProductName"},
    Fact{"name", "/CustomName"},
    Fact{"instance", "/DeviceInstance"},
    Fact{"driver", "/Mgmt/ProcessName"},
    Fact{"driver_version", "/Mgmt/ProcessVersion"},
    Fact{"serial", "/Serial"},
    Fact{"state", "/State"},
    Fact{"error_code", "/ErrorCode"},
    Fact{"soc_pct", "/Soc"},
    Fact{"voltage_v", "/Dc/0/Voltage"},
    Fact{"current_a", "/Dc/0/Current"},
    Fact{"cvl_v", "/Info/MaxChargeVoltage"},
    Fact{"ccl_a", "/Info/MaxChargeCurrent"},
    Fact{"dcl_a", "/Info/MaxDischargeCurrent"},
    Fact{"charge_mode", "/Info/ChargeMode"},
};

Json json_of(const items::Incoming& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return *whole;
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  const auto* real = std::get_if<double>(&value);
  constexpr double steps_per_unit = 1000;  // finer is nothing that can be measured
  return real != nullptr && std::isfinite(*real) ? Json(std::round(*real * steps_per_unit) / steps_per_unit) : Json();
}

/// What a service has answered, in the order of the table.
Json battery_of(const std::string& service, sd_bus_message* reply) {
  std::map<std::string, Json, std::less<>> items;
  std::vector<std::string> alarms;
  const bool answered =
      reply != nullptr && bus::read_items(reply, [&](std::string_view path, const items::Incoming& value) {
        items.insert_or_assign(std::string(path), json_of(value));
        constexpr std::string_view alarm = "/Alarms/";
        const auto level = items::finite_number(value);
        if (path.starts_with(alarm) && level && *level > 0) {
          alarms.push_back(std::string(path.substr(alarm.size())) + (*level > 1 ? " (alarm)" : " (warning)"));
        }
      });
  Json battery{{"service", service}, {"answers", answered}};
  for (const Fact& fact : facts) {
    if (const auto found = items.find(fact.path); found != items.end()) battery[fact.key] = found->second;
  }
  std::ranges::sort(alarms);
  battery["alarms"] = std::move(alarms);
  return battery;
}

}  // namespace

Json batteries_on_bus() {
  std::map<std::string, Json> answers;
  try {
    boost::asio::io_context loop;
    bus::BusConnection bus{loop};
    std::vector<bus::Pending> calls;
    std::size_t awaited = 0;
    std::string lost;
    bus.on_lost([&](const std::string& why) {
      lost = why;
      loop.stop();
    });
    const bus::Pending listing = bus::list_names(bus, battery_prefix, [&](const std::vector<std::string>& names) {
      awaited = names.size();
      for (const std::string& name : names) {
        calls.push_back(bus::call(bus, {name, "/", bus::bus_item_interface, "GetItems"}, answer_limit,
                                  [&, name](sd_bus_message* reply) {
                                    answers.insert_or_assign(name, battery_of(name, reply));
                                    if (answers.size() == awaited) loop.stop();
                                  }));
      }
      if (names.empty()) loop.stop();
    });
    loop.run();
    Json batteries = Json::array();
    for (auto& [name, battery] : answers) batteries.push_back(std::move(battery));
    return {{"bus", lost}, {"batteries", std::move(batteries)}};
  } catch (const sdbus::Error& error) {
    return {{"bus", error.getMessage()}, {"batteries", Json::array()}};
  }
}

Json heartbeats_in(const std::string& run_directory) {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(run_directory + "/heartbeat", ignored)) {
    names.push_back(entry.path().filename());
  }
  std::ranges::sort(names);
  Json heartbeats = Json::array();
  for (const std::string& name : names) {
    const auto last = files::HeartbeatWatch(run_directory, name).last();
    Json age;
    if (last)
      age = std::chrono::duration_cast<std::chrono::seconds>(files::Heartbeat::Moment::clock::now() - *last).count();
    heartbeats.push_back({{"battery", name}, {"age_s", std::move(age)}});
  }
  return heartbeats;
}

}  // namespace bms::cli
