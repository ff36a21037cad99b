#include "driver/outlets.hpp"

#include <spdlog/spdlog.h>

#include <stdexcept>
#include <utility>

#include "driver/control_object.hpp"
#include "driver/pack_sheet.hpp"
#include "driver/settings_keeper.hpp"
#include "link/port.hpp"
#include "venus/place.hpp"

namespace bms::driver {

namespace {

mqtt::Config broker_of(const RunOptions& options, const config::Config& config) {
  auto broker = config.section<mqtt::Config>();
  if (options.mqtt_host.empty()) return broker;
  if (!mqtt::is_host(options.mqtt_host))
    throw std::invalid_argument("--mqtt-host: expected a name or an address alone, found \"" + options.mqtt_host +
                                "\"; another port than the usual one stands in config.ini: [mqtt] port");
  broker.host = options.mqtt_host;
  return broker;
}

}  // namespace

Outlets::Outlets(boost::asio::io_context& loop, const RunOptions& options, const config::Config& config,
                 const std::vector<link::Port>& ports)
    : loop_(loop),
      options_(options),
      config_(config),
      broker_(loop, broker_of(options, config), ports.front().name, options.state_directory) {
  for (const link::Port& port : ports) {
    if (broker_.works() || wanted(port) != config::OnBus::no) continue;
    throw std::invalid_argument(
        port.path + ": with dbus = no and without a broker its battery would be seen nowhere; " + "see host of [mqtt]");
  }
}

std::vector<std::unique_ptr<Face>> Outlets::make_faces(const link::Port& port, const FacePlace& place,
                                                       std::function<void()> lose) {
  std::vector<std::unique_ptr<Face>> faces;
  const bool on_bus = is_on_bus(port);
  if (on_bus) {
    auto face = std::make_unique<venus::BusFace>(loop_, std::move(lose));
    hand_to_bank(*face, place);
    if (place.desks) face->keep(std::make_shared<ControlObject>(face->bus(), place.name, place.desks));
    faces.push_back(std::move(face));
  }
  if (broker_.works()) faces.push_back(broker_.make_face());
  // What it has kept is shown by the others, so it comes after them.
  if (!on_bus)
    faces.push_back(std::make_unique<SettingsKeeper>(loop_, options_.state_directory, options_.run_directory));
  return faces;
}

/// Where it is a pack of a bank, that finds its values on a sheet.
void Outlets::hand_to_bank(venus::BusFace& face, const FacePlace& place) const {
  const auto write = [directory = options_.run_directory, place, owner = face.bus().unique_name(),
                      sheet = std::shared_ptr<PackSheet>()](const items::BatteryItems& items,
                                                            TimePoint read_at) mutable {
    if (items.facts().who.member_as.empty()) return;
    if (!sheet) sheet = std::make_shared<PackSheet>(directory, place.name, owner);
    sheet->write(items.tree(), {.read_at = read_at, .poll_interval_s = place.poll_interval_s()});
  };
  face.when_shown(write);
}

bool Outlets::is_on_bus(const link::Port& port) {
  const config::OnBus wish = wanted(port);
  if (wish != config::OnBus::automatic) return wish == config::OnBus::yes;
  if (!broker_.works()) return true;  // where else
  if (!venus_is_here_) {
    const std::string why = venus::why_no_venus();
    venus_is_here_ = why.empty();
    if (!*venus_is_here_)
      spdlog::info("without D-Bus ({}): values go to the broker alone, and nobody but its readers follows the limits",
                   why);
  }
  return *venus_is_here_;
}

config::OnBus Outlets::wanted(const link::Port& port) const {
  return options_.on_bus.value_or(config_.settings_for({port.name, port.by_address()}).on_bus);
}

}  // namespace bms::driver
