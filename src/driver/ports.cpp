#include "driver/ports.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "bluetooth/gatt_link.hpp"
#include "link/serial_link.hpp"
#include "registry.hpp"

namespace bms::driver {

namespace {

/// Where the bytes of a board may pass: as its family has it, or as any does, the usual layouts first.
std::vector<GattLayout> layouts_of(const std::string& family) {
  std::vector<GattLayout> layouts;
  for (const Family& each : families()) {
    if (!family.empty() && each.name != family) continue;
    layouts.insert(layouts.end(), each.on_air.layouts.begin(), each.on_air.layouts.end());
  }
  return layouts;
}

/// How its module is told the password, or asked whether it wants one, where it may be one of a family that has such.
std::function<std::unique_ptr<ModuleLogin>()> login_of(const config::BluetoothBoard& board) {
  for (const Family& each : families()) {
    if ((!board.family.empty() && each.name != board.family) || each.on_air.login == nullptr) continue;
    return [login = each.on_air.login, address = board.address, password = board.password] {
      return login(address, password);
    };
  }
  return {};
}

void check(const RunOptions& options, const std::vector<link::Port>& ports) {
  if (ports.size() > 1 && !options.capture_file.empty())
    throw std::invalid_argument("--capture records one line; run the port that it is about alone");
  for (auto tty = options.ttys.begin(); tty != options.ttys.end(); ++tty) {
    if (std::find(options.ttys.begin(), tty, *tty) != tty)
      throw std::invalid_argument("TTY: " + *tty + " is named twice");
  }
}

}  // namespace

std::vector<link::Port> ports_of(const RunOptions& options, const config::Config& config) {
  std::vector<link::Port> ports;
  std::ranges::transform(options.ttys, std::back_inserter(ports), link::port_of);
  if (options.bluetooth) {
    for (const config::BluetoothBoard& board : config.bluetooth_boards())
      ports.push_back(link::port_on_air(board.address));
  }
  if (ports.empty()) {
    throw std::invalid_argument(
        "no board is named: a section [battery A4:C1:37:00:00:23] of config.ini, with the address of its Bluetooth "
        "module, names one; `dbus-bms scan` shows which are near");
  }
  check(options, ports);
  return ports;
}

Ways::Ways(boost::asio::io_context& loop, const config::Config& config, std::function<void()> lose)
    : loop_(loop), config_(config), lose_(std::move(lose)) {}

MakeWay Ways::to(const link::Port& port) {
  if (port.on_air)
    return [this, port](std::function<void()> alive, unsigned) { return on_air(port, std::move(alive)); };
  return [this, path = port.path](const std::function<void()>& /*alive*/, unsigned baud) {
    return Way{.link = std::make_unique<link::SerialLink>(loop_, path, baud)};
  };
}

Way Ways::on_air(const link::Port& port, std::function<void()> alive) {
  if (!bluez_) {
    bluez_ = std::make_unique<bluetooth::Bluez>(loop_, [this](const std::string& why) {
      spdlog::error("lost the bus by which BlueZ is reached: {}", why);
      lose_();
    });
  }
  const auto boards = config_.bluetooth_boards();
  const auto& board = *std::ranges::find(boards, port.path, &config::BluetoothBoard::address);
  auto link = std::make_unique<bluetooth::GattLink>(loop_, *bluez_,
                                                    bluetooth::NamedBoard{.address = board.address,
                                                                          .adapter = board.adapter,
                                                                          .layouts = layouts_of(board.family),
                                                                          .login = login_of(board),
                                                                          .has_password = !board.password.empty()},
                                                    std::move(alive));
  auto quality = [gatt = link.get()] { return gatt->quality(); };
  auto release = [gatt = link.get()](Clock::duration time) { gatt->release(time); };
  return {.link = std::move(link), .quality = std::move(quality), .release = std::move(release)};
}

}  // namespace bms::driver
