// JBD's Bluetooth modules, which many makers sell under names of their own.
#pragma once

#include "on_air.hpp"

namespace bms::jbd {

inline constexpr GattLayout gatt_layouts[] = {
    {.service = 0xFF00, .notifies = 0xFF01, .written = 0xFF02},
    {.service = 0xFFF0, .notifies = 0xFFF1, .written = 0xFFF2},  // DH04SC02, WattCycle
};

inline constexpr NameOnAir names_on_air[] = {
    {.pattern = "JBD-*", .telling = Telling::enough},
    {.pattern = "xiaoxiang*", .telling = Telling::enough},
    {.pattern = "SP##S###*", .telling = Telling::enough},  // the model: cells, board, cells, amperes
    {.pattern = "DP##S###*", .telling = Telling::enough},
    {.pattern = "AP##S###*", .telling = Telling::enough},
    {.pattern = "SX1*"},
    {.pattern = "SX60*"},
    {.pattern = "SBL-*"},
    {.pattern = "LT##AH*"},
    {.pattern = "OGR-*"},
    {.pattern = "TZ-H*"},
    {.pattern = "LSG-*"},
    {.pattern = "DWF*"},
    {.pattern = "N-*"},
    {.pattern = "AL12-*"},
    {.pattern = "GJ-*"},
    {.pattern = "ECO-LFP*"},
};

inline constexpr std::string_view address_prefixes[] = {
    "10:A5:62", "70:3E:97", "A4:C1:37", "A4:C1:38", "A5:C2:37", "A5:C2:39", "A5:C2:3A", "AA:C2:37",
};

}  // namespace bms::jbd
