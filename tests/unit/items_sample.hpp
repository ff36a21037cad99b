// A battery as it is shown on the bus, to start from.
#pragma once

#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "items/battery_items.hpp"

namespace bms::items::test {

inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();
inline constexpr double infinity = std::numeric_limits<double>::infinity();

inline Battery sample() {
  Battery battery;
  battery.device = {.family = "JBD", .model = "SP04S", .serial = "", .firmware = "8.0"};
  battery.contact = Contact::fresh;
  battery.cell_count = 24;
  Reading& reading = battery.reading;
  reading.voltage_v = 79.2;
  reading.current_a = -20.0;
  reading.soc_pct = 50.0;
  reading.remaining_ah = 100.0;
  reading.design_capacity_ah = 200.0;
  reading.cycles = 12.0;
  reading.cells_v.assign(24, 3.3);
  reading.balancing.emplace(0b10U);
  reading.temperatures_c = {20.0, std::nullopt};
  for (const AlarmEffect& effect : alarm_effects) battery.alarms.declare(effect.alarm);
  battery.alarms.raise(Alarm::low_cell_voltage, AlarmLevel::warning);
  Estimate& estimate = battery.estimate;
  estimate.soc_pct = 51.0;
  estimate.capacity_ah = 190.0;
  estimate.remaining_ah = 96.9;
  estimate.average_current_a = -19.0;
  estimate.time_to_go_s = 18000.0;
  estimate.time_to_soc = {{80, std::nullopt}, {20, 7200.0}};
  battery.derived.power_w = -1584.0;
  battery.derived.min_cell_v = 3.3;
  battery.derived.min_cell = 24;
  battery.derived.min_sensor = 1;
  return battery;
}

inline Limits limits() {
  return {.charge_voltage_v = 84.0,
          .charge_current_a = 50.0,
          .discharge_current_a = 100.0,
          .low_voltage_v = 67.2,
          .allow_charge = true,
          .allow_discharge = false,
          .state = ChargeState::absorption,
          .charge_mode = "Absorption",
          .charge_reason = "cell voltage",
          .discharge_reason = ""};
}

inline ServiceFacts facts() {
  return {.who = {.place = "ttyUSB0", .connection = "/dev/ttyUSB0"},
          .version = "1",
          .device_instance = 3,
          .custom_name = ""};
}

inline UserBounds bounds() {
  return {.max_charge_current_a = 50,
          .max_discharge_current_a = 60,
          .absorption_cell_v = 3.45,
          .float_cell_v = 3.375,
          .full_charge_days = 30};
}

inline const Value invalid{};

struct Shown {
  explicit Shown(Battery shown = sample(), const Limits& shown_limits = limits(), ServiceFacts said = facts())
      : battery{std::move(shown)}, items{std::move(said), battery, bounds()} {
    items.update(battery, shown_limits);
  }

  Value operator[](std::string_view path) const {
    const auto id = items.tree().find(path);
    if (!id) throw std::out_of_range{std::string{path}};
    return items.tree()[*id].value;
  }
  void update(Contact contact, const Limits& shown_limits = limits()) {
    battery.contact = contact;
    items.update(battery, shown_limits);
  }

  Battery battery;
  BatteryItems items;
};

}  // namespace bms::items::test
