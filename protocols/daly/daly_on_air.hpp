// Daly's Bluetooth modules. Most advertise no service at all: their manufacturer data tell them.
#pragma once

#include "on_air.hpp"

namespace bms::daly {

inline constexpr GattLayout gatt_layouts[] = {
    {.service = 0xFFF0, .notifies = 0xFFF1, .written = 0xFFF2},
    {.service = 0xFF00, .notifies = 0xFF01, .written = 0xFF02},  // some newer firmware
};

inline constexpr NameOnAir names_on_air[] = {
    {.pattern = "DL-*", .by_itself = true},
    {.pattern = "JHB-*", .by_itself = true},
};

// What the modules of the two makers write behind version and address.
inline constexpr std::string_view texts_of_modules[] = {"DL", "JH"};

inline constexpr MarkOnAir marks_on_air[] = {
    {0x0102, texts_of_modules}, {0x0104, texts_of_modules}, {0x0302, texts_of_modules},
    {0x0303, texts_of_modules}, {0x0402, texts_of_modules},
};

}  // namespace bms::daly
