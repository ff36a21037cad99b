// Where in Settings the members lie that options name: at<&charge::Config::float_cell_v> is that member.
#pragma once

#include "config/option.hpp"

namespace bms::config {

template <class Part>
Part& part_of(Settings& settings);

template <>
inline Settings& part_of(Settings& settings) {
  return settings;
}
template <>
inline charge::Config& part_of(Settings& settings) {
  return settings.charge;
}
template <>
inline battery::Config& part_of(Settings& settings) {
  return settings.battery;
}
template <>
inline battery::Calibration& part_of(Settings& settings) {
  return settings.battery.calibration;
}
template <>
inline battery::SocConfig& part_of(Settings& settings) {
  return settings.battery.soc;
}
template <>
inline battery::AlarmConfig& part_of(Settings& settings) {
  return settings.battery.alarms;
}

template <>
inline bridge::Config& part_of(Settings& settings) {
  return settings.bridge;
}

template <class Part, class Member>
Part owner_of(Member Part::*);

/// A member, or one inside it: at<&AlarmConfig::low_soc, &Threshold::warning>.
template <auto member, auto... inside>
auto& at(Settings& settings, std::size_t /*index*/) {
  return ((part_of<decltype(owner_of(member))>(settings).*member).*....*inside);
}

/// A member of one of the temperature sensors.
template <auto member>
auto& of_sensor(Settings& settings, std::size_t index) {
  return settings.battery.calibration.sensors[index].*member;
}

/// A member of the sensor of the FETs.
template <auto member>
auto& of_mos_sensor(Settings& settings, std::size_t /*index*/) {
  return settings.battery.calibration.mos_sensor.*member;
}

/// An enumeration and its words.
template <auto place>
constexpr Word word(std::span<const std::string_view> words, std::span<const Word::Alias> aliases = {}) {
  return {.words = words,
          .get = [](Settings& settings, std::size_t index) { return static_cast<std::size_t>(place(settings, index)); },
          .put =
              [](Settings& settings, std::size_t index, std::size_t chosen) {
                auto& value = place(settings, index);
                value = static_cast<std::remove_reference_t<decltype(value)>>(chosen);
              },
          .aliases = aliases};
}

}  // namespace bms::config
