// A battery service without a BMS, for test_busitem.py: busitem_host TTY SERIAL. Standard input says what is known
// ("soc 71.5", "cell 3.3", "current -2", "cvl none", "contact stale") and "publish"; every line is answered with "ok".
// Prints "registered INSTANCE" when the service is on the bus.
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>

#include "venus/battery_service.hpp"
#include "venus/settings_client.hpp"

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
  battery.reading.soc_pct = 63.0;
  battery.reading.design_capacity_ah = 100.0;
  battery.reading.cells_v.assign(cells, 3.3);
  battery.reading.balancing.emplace();
  battery.reading.temperatures_c.assign(1, 21.0);
  battery.reading.alarms.declare(Alarm::high_cell_voltage);
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

class Host {
 public:
  Host(std::string tty, const std::string& serial) : tty_{std::move(tty)}, battery_{first_reading(serial)} {
    bus_.on_lost([this](const std::string& why) {
      std::cout << "lost " << why << std::endl;
      io_.stop();
    });
    std::string id = venus::settings_id("test", serial);
    if (!venus::claim_device(bus_, id)) {
      id = venus::settings_id("test", serial + "_" + tty_);
      std::cout << "claimed elsewhere" << std::endl;
    }
    settings_.emplace(bus_, id,
                      venus::SettingsClient::Callbacks{
                          .on_instance = [this](int instance, const std::string& name) { start(instance, name); },
                          .on_custom_name = [this](const std::string& name) { service_->set_custom_name(name); }});
    read_line();
  }

  void run() { io_.run(); }

 private:
  void start(int instance, const std::string& custom_name) {
    items_.emplace(venus::ServiceFacts{tty_, "/dev/" + tty_, "0.0-test", instance, custom_name}, battery_);
    service_.emplace(bus_, *items_, [this](const std::string& name) { settings_->set_custom_name(name); });
    service_->publish(battery_, limits_);
    if (service_->register_name())
      std::cout << "registered " << instance << std::endl;
    else
      std::cout << "taken" << std::endl;
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
    if (what == "soc") battery_.reading.soc_pct = number;
    if (what == "current") battery_.reading.current_a = number;
    if (what == "cell") battery_.reading.cells_v.front() = number.value();
    if (what == "cvl") limits_.charge_voltage_v = number;
    if (what == "ccl") limits_.charge_current_a = number;
    if (what == "dcl") limits_.discharge_current_a = number;
    if (what == "contact") battery_.contact = contacts.at(value);
    if (what == "publish") service_->publish(battery_, limits_);
  }

  boost::asio::io_context io_;
  std::string tty_;
  Battery battery_;
  Limits limits_ = first_limits();
  venus::BusConnection bus_{io_};
  std::optional<venus::SettingsClient> settings_;
  std::optional<venus::BatteryItems> items_;
  std::optional<venus::BatteryService> service_;
  boost::asio::posix::stream_descriptor input_{io_, 0};
  boost::asio::streambuf buffer_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  Host{argv[1], argv[2]}.run();
  return 0;
}
