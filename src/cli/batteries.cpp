#include "cli/batteries.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/status/battery_facts.hpp"
#include "console/socket.hpp"
#include "console/socket_way.hpp"

namespace bms::cli {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view ending = ".sock";
constexpr auto answer_time = std::chrono::seconds{5};

std::string text_of(const Json& battery, const char* key) {
  const auto found = battery.find(key);
  return found == battery.end() || !found->is_string() ? std::string() : found->get<std::string>();
}

void ask_for_batteries(RunningDriver& driver, console::SocketWay& way) {
  way.answer_within(answer_time);
  const auto answer = way.ask({}, {});
  way.answer_within({});
  driver.silent = !answer;
  if (!answer) return;
  if (!answer->refused) {
    driver.batteries.push_back(names_of(answer->board));
    return;
  }
  driver.batteries = answer->batteries;
  driver.looking = answer->refused->kind == ErrorKind::busy;
}

std::vector<MeantBattery> by_names(const std::vector<RunningDriver>& drivers, std::string_view typed,
                                   console::Ends ends) {
  std::vector<console::BatteryNames> names;
  std::vector<MeantBattery> all;
  for (const RunningDriver& driver : drivers) {
    for (const console::BatteryNames& battery : driver.batteries) {
      names.push_back(battery);
      all.push_back({.port = driver.port, .place = battery.place, .battery = battery.battery});
    }
  }
  std::vector<MeantBattery> meant;
  for (const std::size_t index : console::batteries_meant(names, typed, ends)) meant.push_back(all[index]);
  return meant;
}

std::vector<MeantBattery> by_place(const std::vector<RunningDriver>& drivers, std::string_view place) {
  for (const RunningDriver& driver : drivers) {
    for (const console::BatteryNames& battery : driver.batteries) {
      if (console::is_same_name(battery.place, place))
        return {{.port = driver.port, .place = battery.place, .battery = battery.battery}};
    }
  }
  return {};
}

/// Those whose name on the screen it is.
std::vector<MeantBattery> by_names_on_bus(const std::vector<RunningDriver>& drivers, std::string_view typed,
                                          console::Ends ends) {
  const std::vector<console::BatteryNames> on_bus = names_on_bus();
  std::vector<MeantBattery> meant;
  for (const std::size_t index : console::batteries_meant(on_bus, typed, ends)) {
    for (MeantBattery& one : by_place(drivers, on_bus[index].place)) meant.push_back(std::move(one));
  }
  return meant;
}

/// Whether it is what an owner calls one of them: then it may be on the screen what he calls another one.
bool is_owners_name(const std::vector<RunningDriver>& drivers, std::string_view typed) {
  return std::ranges::any_of(drivers, [&](const RunningDriver& driver) {
    return std::ranges::any_of(driver.batteries, [&](const console::BatteryNames& battery) {
      return !battery.name.empty() && console::is_same_name(battery.name, typed);
    });
  });
}

/// "ttyUSB0_2" is behind ttyUSB0, whether it has answered or not.
std::vector<MeantBattery> by_ports(const std::vector<RunningDriver>& drivers, const std::string& place) {
  for (const RunningDriver& driver : drivers) {
    if (place == driver.port) return {{.port = driver.port, .place = {}}};
  }
  for (const RunningDriver& driver : drivers) {
    if (place.starts_with(driver.port + "_")) return {{.port = driver.port, .place = place}};
  }
  return {};
}

}  // namespace

std::vector<RunningDriver> running_drivers(const std::string& run_directory) {
  std::vector<RunningDriver> all;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(run_directory, ignored)) {
    const std::string name = entry.path().filename();
    if (!name.ends_with(ending)) continue;
    const std::string port = name.substr(0, name.size() - ending.size());
    // One that was killed leaves its socket behind.
    auto way = console::SocketWay::connect(console::socket_path(run_directory, port));
    if (!way) continue;
    RunningDriver driver{.port = port, .way = nullptr};
    ask_for_batteries(driver, **way);
    driver.way = *std::move(way);
    all.push_back(std::move(driver));
  }
  std::ranges::sort(all, {}, &RunningDriver::port);
  return all;
}

std::optional<Error> denied(const std::string& run_directory) {
  const auto may_not = [](const std::string& path, int what) {
    return ::access(path.c_str(), what) != 0 && errno == EACCES;
  };
  const std::string advice = "; be root, or in the group that owns it (adduser YOU dbus-bms, then log in again)";
  if (may_not(run_directory, R_OK | X_OK))
    return Error{ErrorKind::link, "you may not ask the drivers that may run, by " + run_directory + advice, {}};
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(run_directory, ignored)) {
    const std::string path = entry.path().string();
    if (path.ends_with(ending) && may_not(path, W_OK))
      return Error{ErrorKind::link, "you may not ask the driver at " + path + advice, {}};
  }
  return std::nullopt;
}

std::vector<MeantBattery> meant_among(const std::vector<RunningDriver>& drivers, std::string_view typed,
                                      console::Ends ends) {
  if (drivers.empty()) return {};
  if (auto meant = by_names(drivers, typed, console::Ends::do_not_count); !meant.empty()) {
    if (!is_owners_name(drivers, typed)) return meant;
    for (MeantBattery& other : by_names_on_bus(drivers, typed, console::Ends::do_not_count)) {
      if (std::ranges::find(meant, other.place, &MeantBattery::place) == meant.end()) meant.push_back(std::move(other));
    }
    return meant;
  }
  if (auto meant = by_ports(drivers, console::plain_name(typed)); !meant.empty()) return meant;
  if (ends == console::Ends::count) {
    if (auto meant = by_names(drivers, typed, ends); !meant.empty()) return meant;
  }
  return by_names_on_bus(drivers, typed, ends);
}

std::vector<console::BatteryNames> names_on_bus() {
  std::vector<console::BatteryNames> all;
  const Json found = batteries_on_bus();
  for (const Json& battery : found.at("batteries")) {
    const std::string own_name = text_of(battery, "name");
    all.push_back({.place = console::plain_name(text_of(battery, "service")),
                   .battery = {},
                   .serial = text_of(battery, "serial"),
                   .name = own_name.empty() ? text_of(battery, "product") : own_name});
  }
  return all;
}

std::string listed(const std::vector<RunningDriver>& drivers) {
  std::string all;
  for (const RunningDriver& driver : drivers) {
    const std::string here = driver.batteries.empty() ? driver.port + (driver.looking  ? " (still looking for a board)"
                                                                       : driver.silent ? " (does not answer now)"
                                                                                       : "")
                                                      : console::listed(driver.batteries);
    all += (all.empty() ? "" : ", ") + here;
  }
  return all;
}

}  // namespace bms::cli
