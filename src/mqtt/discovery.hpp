// What Home Assistant (2024.11 or later) is told of a battery, so that its values appear there by themselves: one
// document for the device with all its entities.
#pragma once

#include <string>

#include "bms/battery.hpp"
#include "items/battery_items.hpp"
#include "mqtt/config.hpp"
#include "mqtt/topics.hpp"
#include "mqtt/values.hpp"

namespace bms::mqtt {

/// Whom a document is about, and where its values are.
struct Device {
  std::string battery_id;  ///< never changes for the same board
  std::string name;        ///< for people
  DeviceInfo info;
  std::string status_topic;  ///< whether this program is there
  Topics topics;
  bool may_be_changed = false;
};

/// The document, with the abbreviations that Home Assistant knows. The same device, values and ranges give the same
/// bytes.
[[nodiscard]] std::string discovery_document(const Device& device, const Values& values, const items::ItemTree& items,
                                             const Config& config);

/// What an option is called where it is abbreviated.
struct Abbreviation {
  std::string_view option, abbreviated;
};
[[nodiscard]] std::span<const Abbreviation> abbreviations();

}  // namespace bms::mqtt
