// A battery service without a BMS, for test_busitem.py and test_remote_items.py: busitem_host TTY SERIAL [MAX_CHARGE].
// Standard input says what is known ("soc 71.5", "cell 3.3", "current -2", "cvl none", "contact stale"), "publish", and
// "follow SERVICE PATH"; every line is answered with "ok". Prints "registered INSTANCE" when the service is on the bus,
// and what it hears of: "settings charge=20 ...", "soc 50", "clear 3", "remote PATH 1.5".
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "bus/remote_item.hpp"
#include "line/identity.hpp"
#include "venus/battery_service.hpp"
#include "venus/battery_settings.hpp"
#include "venus/device_id.hpp"

namespace {

using namespace bms;

constexpr std::size_t cells = 4;

const std::map<std::string, Contact> contacts{
    {"fresh", Contact::fresh}, {"stale", Contact::stale},         {"releasing", Contact::releasing},
    {"lost", Contact::lost},   {"returning", Contact::returning},
};

Battery first_reading(const std::string& serial) {
  Battery battery;
  battery.device = {.family = "TEST", .model = "TEST-4S", .serial = serial, .firmware = "1.0"};
  battery.contact = Contact::fresh;
  battery.cell_count = cells;
  battery.reading.voltage_v = 13.2;
  battery.reading.current_a = -2.0;
  battery.estimate.soc_pct = 63.0;
  battery.estimate.capacity_ah = 100.0;
  battery.reading.cells_v.assign(cells, 3.3);
  battery.reading.balancing.emplace();
  battery.reading.temperatures_c.assign(1, 21.0);
  battery.alarms.declare(Alarm::high_cell_voltage);
  battery.alarms.declare(Alarm::bms_cable);
  battery.derived.power_w = -26.4;
  return battery;
}

Limits first_limits() {
  return {.charge_voltage_v = 14.2,
          .charge_current_a = 20.4,
          .discharge_current_a = 50.0,
          .low_voltage_v = 11.2,
          .allow_charge = true,
          .allow_discharge = true,
          .charge_reason = "configured",
          .discharge_reason = "configured"};
}

std::string said(const UserSettings& user) {
  std::ostringstream out;
  for (const items::UserSetting& row : items::user_setting_rows())
    if (const auto number = row.get(user)) out << ' ' << items::stored_name(row) << '=' << *number;
  return out.str();
}

std::string said(std::optional<double> number) {
  std::ostringstream out;
  number ? out << *number : out << "none";
  return out.str();
}

class Host {
 public:
  Host(std::string tty, const std::string& serial, double max_charge_a)
      : tty_{std::move(tty)},
        battery_{first_reading(serial)},
        bounds_{.max_charge_current_a = max_charge_a,
                .max_discharge_current_a = 60,
                .absorption_cell_v = 3.45,
                .float_cell_v = 3.375,
                .last_soc_source = 2,
                .full_charge_days = 30} {
    bus_.on_lost([this](const std::string& why) {
      std::cout << "lost " << why << std::endl;
      io_.stop();
    });
    std::string id = line::battery_id("test", serial);
    if (!venus::claim_device(bus_, id)) {
      id = line::battery_id("test", serial + "_" + tty_);
      std::cout << "claimed elsewhere" << std::endl;
    }
    settings_.emplace(bus_, id, bounds_,
                      venus::BatterySettings::Callbacks{
                          .on_known = [this](const venus::BatterySettings::Known& known) { start(known); },
                          .on_custom_name = [this](const std::string& name) { service_->set_custom_name(name); },
                          .on_user_settings =
                              [this](const UserSettings& user) {
                                std::cout << "settings" << said(user) << std::endl;
                                service_->set_user_settings(user);
                              }});
    read_line();
  }

  void run() { io_.run(); }

 private:
  void start(const venus::BatterySettings::Known& known) {
    items_.emplace(
        items::ServiceFacts{
            {.place = tty_, .connection = "/dev/" + tty_}, "0.0-test", known.device_instance, known.custom_name},
        battery_, bounds_);
    items_->set_user_settings(known.user);
    service_.emplace(
        bus_, *items_,
        items::WriteHandlers{.custom_name = [this](const std::string& name) { settings_->set_custom_name(name); },
                             .user_settings = [this](const UserSettings& user) { apply(user); },
                             .soc = [this](double soc_pct) { return take_soc(soc_pct); },
                             .clear_history = [](int group) { std::cout << "clear " << group << std::endl; }});
    service_->publish(battery_, limits_);
    if (service_->register_name())
      std::cout << "registered " << known.device_instance << std::endl;
    else
      std::cout << "taken" << std::endl;
  }

  /// As the driver does: the limits follow at once, while the write is still being answered.
  void apply(const UserSettings& user) {
    std::cout << "settings" << said(user) << std::endl;
    limits_.charge_current_a = user.max_charge_current_a.value_or(bounds_.max_charge_current_a);
    settings_->set_user_settings(user);
    service_->publish(battery_, limits_);
  }

  bool take_soc(double soc_pct) {
    std::cout << "soc " << soc_pct << std::endl;
    battery_.estimate.soc_pct = soc_pct;
    service_->publish(battery_, limits_);
    return true;
  }

  void follow(const std::string& service, const std::string& path) {
    remotes_.push_back(std::make_unique<bus::RemoteItem>(bus_, service, path, [this, path, index = remotes_.size()] {
      std::cout << "remote " << path << ' ' << said(remotes_[index]->value()) << std::endl;
    }));
  }

  void read_line() {
    boost::asio::async_read_until(input_, buffer_, '\n', [this](const boost::system::error_code& error, std::size_t) {
      if (error) return io_.stop();
      std::istream stream{&buffer_};
      std::string line;
      std::getline(stream, line);
      take(line);
      std::cout << "ok" << std::endl;
      read_line();
    });
  }

  void take(const std::string& line) {
    std::istringstream words{line};
    std::string what;
    std::string value;
    words >> what >> value;
    const auto number =
        value == "none" || value.empty() ? std::nullopt : std::optional{std::strtod(value.c_str(), nullptr)};
    if (what == "soc") battery_.estimate.soc_pct = number;
    if (what == "current") battery_.reading.current_a = number;
    if (what == "cell") battery_.reading.cells_v.front() = number.value();
    if (what == "cvl") limits_.charge_voltage_v = number;
    if (what == "ccl") limits_.charge_current_a = number;
    if (what == "dcl") limits_.discharge_current_a = number;
    if (what == "contact") battery_.contact = contacts.at(value);
    if (what == "cable")
      battery_.alarms.set(Alarm::bms_cable, static_cast<AlarmLevel>(static_cast<int>(number.value())));
    if (what == "follow") {
      std::string path;
      words >> path;
      follow(value, path);
    }
    if (what == "publish") service_->publish(battery_, limits_);
  }

  boost::asio::io_context io_;
  std::string tty_;
  Battery battery_;
  UserBounds bounds_;
  Limits limits_ = first_limits();
  bus::BusConnection bus_{io_};
  std::optional<venus::BatterySettings> settings_;
  std::optional<items::BatteryItems> items_;
  std::optional<venus::BatteryService> service_;
  std::vector<std::unique_ptr<bus::RemoteItem>> remotes_;
  boost::asio::posix::stream_descriptor input_{io_, 0};
  boost::asio::streambuf buffer_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 && argc != 4) return 2;
  constexpr double usual_charge_a = 50;
  Host{argv[1], argv[2], argc == 4 ? std::strtod(argv[3], nullptr) : usual_charge_a}.run();
  return 0;
}
