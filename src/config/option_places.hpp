// Where the members lie that options name: at<&charge::Config::float_cell_v> is that member.
#pragma once

#include "bluetooth/address.hpp"
#include "config/option.hpp"

namespace bms::config {

/// The struct that a section is read into, or a part of it.
template <class Part>
Part& part_of(Target target) {
  return target.as<Part>();
}
template <>
inline charge::Config& part_of(Target target) {
  return target.as<Settings>().charge;
}
template <>
inline CellWindow& part_of(Target target) {
  return target.as<Settings>().charge;
}
template <>
inline battery::Config& part_of(Target target) {
  return target.as<Settings>().battery;
}
template <>
inline battery::Calibration& part_of(Target target) {
  return target.as<Settings>().battery.calibration;
}
template <>
inline battery::SocConfig& part_of(Target target) {
  return target.as<Settings>().battery.soc;
}
template <>
inline battery::AlarmConfig& part_of(Target target) {
  return target.as<Settings>().battery.alarms;
}

template <class Part, class Member>
Part owner_of(Member Part::*);

/// A member, or one inside it: at<&AlarmConfig::low_soc, &Threshold::warning>.
template <auto member, auto... inside>
auto& at(Target target, std::size_t /*index*/) {
  return ((part_of<decltype(owner_of(member))>(target).*member).*....*inside);
}

/// A Bluetooth address may be written in several ways.
inline constexpr std::string_view bluetooth_address_form = "six pairs of hexadecimal digits";
[[nodiscard]] inline std::string kept_address(std::string_view text) {
  return bluetooth::canonical_address(text).value_or(std::string());
}

/// A member of one of the temperature sensors.
template <auto member>
auto& of_sensor(Target target, std::size_t index) {
  return target.as<Settings>().battery.calibration.sensors[index].*member;
}

/// A member of the sensor of the FETs.
template <auto member>
auto& of_mos_sensor(Target target, std::size_t /*index*/) {
  return target.as<Settings>().battery.calibration.mos_sensor.*member;
}

/// An enumeration and its words.
template <auto place>
constexpr Word word(std::span<const std::string_view> words, std::span<const Word::Alias> aliases = {}) {
  return {.words = words,
          .get = [](Target target, std::size_t index) { return static_cast<std::size_t>(place(target, index)); },
          .put =
              [](Target target, std::size_t index, std::size_t chosen) {
                auto& value = place(target, index);
                value = static_cast<std::remove_reference_t<decltype(value)>>(chosen);
              },
          .aliases = aliases};
}

}  // namespace bms::config
