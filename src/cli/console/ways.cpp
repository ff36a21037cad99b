#include "cli/console/ways.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "bluetooth/address.hpp"
#include "cli/batteries.hpp"
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
using MaybeFound = Result<FoundWay>;

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

MaybeFound open_port(const WayOptions& options, const link::Port& port, const std::string& battery) {
  driver::ProgressLine progress(STDERR_FILENO);
  const driver::DirectOptions direct{
      .port = port,
      .battery = battery,
      .config = options.config_file.empty() ? config::Config() : config::Config::read_file(options.config_file),
      .state_directory = options.state_directory,
      .run_directory = options.run_directory,
      .doing = [&progress](const std::string& what) { progress.show(what + " ..."); }};
  auto way = driver::open_directly(direct);
  if (way) return FoundWay{.way = *std::move(way), .battery = battery};
  if (way.error().kind == ErrorKind::link && link::is_locked(port.path))
    return failure(ErrorKind::busy, way.error().message);
  return std::unexpected(way.error());
}

/// Serial ports of adapters; those of the machine itself are not guessed at.
std::vector<std::string> adapters() {
  std::vector<std::string> names = names_in("/dev");
  std::erase_if(names,
                [](const std::string& name) { return !name.starts_with("ttyUSB") && !name.starts_with("ttyACM"); });
  return names;
}

bool is_port(const std::string& name) {
  std::error_code ignored;
  return fs::exists(link::port_of(name).path, ignored);
}

/// The port and, where several batteries share it, the battery, of a name that no driver knows.
std::optional<std::pair<std::string, std::string>> as_port(const std::string& typed) {
  if (typed.starts_with('/') && is_port(typed)) return std::pair(typed, std::string());
  const std::string name = console::plain_name(typed);
  if (is_port(name)) return std::pair(name, std::string());
  const std::size_t bar = name.rfind('_');
  if (bar == std::string::npos || bar == 0 || !is_port(name.substr(0, bar))) return std::nullopt;
  return std::pair(name.substr(0, bar), name);
}

Error nobody_called(const std::string& battery, const std::vector<RunningDriver>& drivers) {
  const std::string nobody = "no battery is called '" + battery + "'; ";
  if (!drivers.empty()) return {ErrorKind::silent, nobody + "there are " + listed(drivers), {}};
  const std::string ports = joined(adapters());
  return {ErrorKind::silent,
          nobody + "no driver is running, and " +
              (ports.empty() ? "there is no serial adapter" : "it is none of the adapters here (" + ports + ")"),
          {}};
}

MaybeFound by_name(const WayOptions& options) {
  std::vector<RunningDriver> drivers = running_drivers(options.run_directory);
  const auto meant = meant_among(drivers, options.battery, console::Ends::do_not_count);
  if (meant.size() > 1) {
    std::string places;
    for (const MeantBattery& one : meant) places += (places.empty() ? "" : ", ") + one.place;
    return failure(ErrorKind::rejected,
                   "several batteries are called '" + options.battery + "', name one of them: " + places);
  }
  if (meant.size() == 1) {
    const auto driver = std::ranges::find(drivers, meant.front().port, &RunningDriver::port);
    return FoundWay{.way = std::move(driver->way), .battery = meant.front().surest_name()};
  }
  if (const auto port = as_port(options.battery)) return open_port(options, link::port_of(port->first), port->second);
  if (std::ranges::any_of(drivers, [](const RunningDriver& driver) { return driver.looking || driver.silent; }))
    return failure(ErrorKind::busy, "no battery is called '" + options.battery + "' yet; there are " + listed(drivers));
  // Without a driver nobody reaches a board by Bluetooth.
  if (console::plain_name(options.battery).starts_with("ble_"))
    return std::unexpected(nobody_called(options.battery, drivers));
  const std::vector<std::string> ports = adapters();
  if (drivers.empty() && ports.size() == 1) return open_port(options, link::port_of(ports.front()), options.battery);
  return std::unexpected(nobody_called(options.battery, drivers));
}

MaybeFound only_one(const WayOptions& options) {
  std::vector<RunningDriver> drivers = running_drivers(options.run_directory);
  if (drivers.size() == 1) return FoundWay{.way = std::move(drivers.front().way), .battery = {}};
  if (!drivers.empty())
    return failure(ErrorKind::rejected, "there are several batteries, name one with --battery: " + listed(drivers));
  const std::vector<std::string> ports = adapters();
  if (ports.size() == 1) return open_port(options, link::port_of(ports.front()), {});
  if (ports.empty())
    return failure(ErrorKind::silent,
                   "no driver is running, and there is no serial adapter; name the port with --port");
  return failure(ErrorKind::rejected, "no driver is running, name a port with --port: " + joined(ports));
}

MaybeFound through_driver(const std::string& socket, const std::string& battery) {
  auto way = console::SocketWay::connect(socket);
  if (!way) return std::unexpected(way.error());
  return FoundWay{.way = *std::move(way), .battery = battery};
}

MaybeFound find_way_now(const WayOptions& options) {
  if (!options.socket.empty()) return through_driver(options.socket, options.battery);
  if (options.port.empty()) {
    auto found = options.battery.empty() ? only_one(options) : by_name(options);
    // Where drivers run that we may not ask, what else there was to say misleads.
    const bool nobody = !found && found.error().kind == ErrorKind::silent;
    const auto why = nobody ? denied(options.run_directory) : std::nullopt;
    return why ? std::unexpected(*why) : std::move(found);
  }
  const auto on_air = bluetooth::canonical_address(options.port);
  const link::Port port = on_air ? link::port_on_air(*on_air) : link::port_of(options.port);
  // Whoever has the port locked would turn us away: the driver is asked wherever there is one.
  auto driver = through_driver(console::socket_path(options.run_directory, port.name), options.battery);
  if (driver || driver.error().kind != ErrorKind::silent || on_air) return driver;
  return open_port(options, port, options.battery);
}

}  // namespace

Result<FoundWay> find_way(const WayOptions& options) {
  driver::ProgressLine line(STDERR_FILENO);
  Patience patience(std::chrono::seconds(options.wait_s), line);
  for (;;) {
    auto way = find_way_now(options);
    const bool busy = !way && way.error().kind == ErrorKind::busy;
    if (!busy || !patience.another_try(way.error().message)) return way;
  }
}

}  // namespace bms::cli
