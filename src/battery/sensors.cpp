#include "battery/sensors.hpp"

#include <algorithm>
#include <cmath>

namespace bms::battery {

namespace {

constexpr double open_c = -40;
constexpr double shorted_c = 100;
constexpr double shorted_mos_c = 150;  // transistors may be hotter than cells
constexpr double jump_k = 20;
constexpr double trusted_after_s = 60;
constexpr double forgotten_after_s = 60;  // after so long a pause another temperature is not a jump

bool in_range(double temperature_c, double highest_c) { return temperature_c > open_c && temperature_c <= highest_c; }

bool follows(double temperature_c, std::optional<double> last_c, double dt_s) {
  return !last_c || dt_s > forgotten_after_s || std::abs(temperature_c - *last_c) <= jump_k;
}

}  // namespace

void Sensors::Sensor::watch(std::optional<double> says_c, bool sane, double dt_s) {
  if (!says_c && !fitted) return;
  fitted = true;
  sane_s = sane ? sane_s + dt_s : 0;
  // The first sane value after a fault does not say for how long it has been so.
  if (sane && faulty && sane_s >= trusted_after_s + dt_s) faulty = false;
  if (!sane) faulty = true;
  last_c = says_c;
}

void Sensors::watch(const Reading& raw, double dt_s) {
  for (std::size_t i = 0; i < raw.temperatures_c.size(); ++i) {
    Sensor& sensor = sensors_[i];
    const auto& says_c = raw.temperatures_c[i];
    sensor.watch(says_c, says_c && in_range(*says_c, shorted_c) && follows(*says_c, sensor.last_c, dt_s), dt_s);
  }
  highest_is_told_ = highest_is_told_ || raw.highest_temperature_c;
  highest_faulty_ = raw.highest_temperature_c && !in_range(*raw.highest_temperature_c, shorted_c);
  const auto& mos_c = raw.mos_temperature_c;
  const bool sane = mos_c && in_range(*mos_c, shorted_mos_c);
  mos_.watch(mos_c, sane, dt_s);
  mos_believed_ = sane && (!mos_.faulty || mos_c > believed_mos_c_);
  if (mos_believed_) believed_mos_c_ = mos_c;
}

void Sensors::complete(Reading& raw) const {
  const auto last =
      std::find_if(sensors_.rbegin(), sensors_.rend(), [](const Sensor& sensor) { return sensor.fitted; });
  const auto listed = static_cast<std::size_t>(sensors_.rend() - last);
  if (raw.temperatures_c.size() < listed) raw.temperatures_c.resize(listed);
}

void Sensors::mask(Reading& reading) const {
  for (std::size_t i = 0; i < reading.temperatures_c.size(); ++i) {
    if (sensors_[i].faulty) reading.temperatures_c[i].reset();
  }
  if (highest_faulty_) reading.highest_temperature_c.reset();
  if (!mos_believed_) reading.mos_temperature_c.reset();
}

ShortText Sensors::describe(std::size_t index) const {
  ShortText text = ShortText("sensor ").append(static_cast<double>(index + 1), 0);
  const auto& last_c = sensors_[index].last_c;
  if (!last_c) return text.append(" says nothing");
  if (in_range(*last_c, shorted_c)) return text.append(" jumped to ").append(*last_c, 0).append(" °C");
  return text.append(" reads ").append(*last_c, 0).append(" °C");
}

}  // namespace bms::battery
