// ANT's Bluetooth modules. The service is one that more other makes have than any else; the name tells.
#pragma once

#include "on_air.hpp"

namespace bms::ant {

inline constexpr GattLayout gatt_layouts[] = {{.service = 0xFFE0, .notifies = 0xFFE1, .written = 0xFFE1}};

inline constexpr NameOnAir names_on_air[] = {
    {.pattern = "ANT-BLE*", .telling = Telling::enough, .by_itself = true},
    {.pattern = "ANT@BLE*", .telling = Telling::enough, .by_itself = true},
};

}  // namespace bms::ant
