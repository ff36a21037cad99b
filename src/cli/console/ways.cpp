#include "cli/console/ways.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "bluetooth/address.hpp"
#include "cli/console/patience.hpp"
#include "config/config.hpp"
#include "console/socket.hpp"
#include "console/socket_way.hpp"
#include "driver/direct_way.hpp"
#include "driver/progress.hpp"
#include "link/port.hpp"
#include "link/serial_link.hpp"

namespace bms::cli {

namespace {

namespace fs = std::filesystem;
using FoundWay = Result<std::unique_ptr<console::Way>>;

/// The names of what is in a directory, in order.
std::vector<std::string> names_in(const fs::path& directory) {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(directory, ignored)) names.push_back(entry.path().filename());
  std::ranges::sort(names);
  return names;
}

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  return all;
}

/// A driver that runs, and its port.
struct Running {
  std::string port;
  std::unique_ptr<console::Way> way;
};

std::vector<Running> running_drivers(const std::string& run_directory) {
  constexpr std::string_view ending = ".sock";
  std::vector<Running> all;
  for (const std::string& name : names_in(run_directory)) {
    if (!name.ends_with(ending)) continue;
    const std::string port = name.substr(0, name.size() - ending.size());
    if (auto way = console::SocketWay::connect(console::socket_path(run_directory, port)))
      all.push_back({.port = port, .way = *std::move(way)});
  }
  return all;
}

/// The driver that has this battery.
FoundWay driver_of(std::vector<Running> drivers, const std::string& battery) {
  std::vector<std::string> ports;
  for (Running& driver : drivers) {
    ports.push_back(driver.port);
    if (battery.empty()) continue;
    const auto answer = driver.way->ask({.battery = battery}, {});
    if (answer && !answer->refused) return std::move(driver.way);
  }
  if (battery.empty())
    return failure(ErrorKind::rejected, "several drivers are running, name a port with --port: " + joined(ports));
  return failure(ErrorKind::rejected, "no driver has a battery '" + battery + "'; they run on " + joined(ports));
}

FoundWay open_port(const WayOptions& options, const link::Port& port) {
  driver::ProgressLine progress(STDERR_FILENO);
  const driver::DirectOptions direct{
      .port = port,
      .battery = options.battery,
      .config = options.config_file.empty() ? config::Config() : config::Config::read_file(options.config_file),
      .state_directory = options.state_directory,
      .run_directory = options.run_directory,
      .doing = [&progress](const std::string& what) { progress.show(what + " ..."); }};
  auto way = driver::open_directly(direct);
  if (!way && way.error().kind == ErrorKind::link && link::is_locked(port.path))
    return failure(ErrorKind::busy, way.error().message);
  return way;
}

/// Serial ports of adapters; those of the machine itself are not guessed at.
std::vector<std::string> adapters() {
  std::vector<std::string> names = names_in("/dev");
  std::erase_if(names,
                [](const std::string& name) { return !name.starts_with("ttyUSB") && !name.starts_with("ttyACM"); });
  return names;
}

FoundWay only_one(const WayOptions& options) {
  std::vector<Running> drivers = running_drivers(options.run_directory);
  if (drivers.size() == 1) return std::move(drivers.front().way);
  if (!drivers.empty()) return driver_of(std::move(drivers), options.battery);
  const std::vector<std::string> ports = adapters();
  if (ports.size() == 1) return open_port(options, link::port_of(ports.front()));
  if (ports.empty())
    return failure(ErrorKind::silent,
                   "no driver is running, and there is no serial adapter; name the port with --port");
  return failure(ErrorKind::rejected, "no driver is running, name a port with --port: " + joined(ports));
}

FoundWay find_way_now(const WayOptions& options) {
  if (!options.socket.empty()) return console::SocketWay::connect(options.socket);
  if (options.port.empty()) return only_one(options);
  const auto on_air = bluetooth::canonical_address(options.port);
  const link::Port port = on_air ? link::port_on_air(*on_air) : link::port_of(options.port);
  // Whoever has the port locked would turn us away: the driver is asked wherever there is one.
  auto driver = console::SocketWay::connect(console::socket_path(options.run_directory, port.name));
  if (driver || driver.error().kind != ErrorKind::silent || on_air) return driver;
  return open_port(options, port);
}

}  // namespace

FoundWay find_way(const WayOptions& options) {
  driver::ProgressLine line(STDERR_FILENO);
  Patience patience(std::chrono::seconds(options.wait_s), line);
  for (;;) {
    auto way = find_way_now(options);
    const bool busy = !way && way.error().kind == ErrorKind::busy;
    if (!busy || !patience.another_try(way.error().message)) return way;
  }
}

}  // namespace bms::cli
