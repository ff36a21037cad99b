// Devices that talk without being asked and are none of ours. They are known by the form of what they say, so that
// their line can be left alone and the log can name them.
#pragma once

#include <optional>
#include <string_view>

#include "bms/bytes.hpp"

namespace bms::line {

/// What speaks like this: "an NMEA 0183 device", or nothing when the bytes have none of the known forms. `heard` may
/// begin and end anywhere. Every form is checked by its checksum, or by text that no BMS sends.
[[nodiscard]] std::optional<std::string_view> recognise_talker(Bytes heard);

}  // namespace bms::line
