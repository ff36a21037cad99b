// The error numbers of REC units: what each is called, which alarm it raises, what it forbids.
//
// Meanings 1 to 5 and what the unit does then: REC ACTIVE BMS 4S manual. 6 to 16: notes in the ogm-energy.com user
// forum; 17 is cut off there ("battery current..."), 18 and 19 exist as bits of the task words alone. What 6 and
// higher forbid is our own decision, since no source says what the unit does: stop charging, leave the consumers to the
// unit, unless cells may be in danger.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bms/alarm.hpp"

namespace bms::rec {

struct ErrorRule {
  std::uint8_t number;
  std::string_view name;
  std::string_view meaning;
  std::array<std::optional<Alarm>, 2> alarms;
  AlarmLevel level;
  bool allows_charge, allows_discharge;
};

inline constexpr std::array<ErrorRule, 16> error_rules{{
    // clang-format off
    {1,  "cell_overvoltage",          "A cell above CMAX",                          {Alarm::high_cell_voltage},                     AlarmLevel::alarm,   false, true},
    {2,  "cell_undervoltage",         "A cell below CMIN",                          {Alarm::low_cell_voltage},                      AlarmLevel::alarm,   true,  false},
    {3,  "cell_imbalance",            "Cells differ by more than RAZL",             {Alarm::cell_imbalance},                        AlarmLevel::warning, true,  true},
    {4,  "cell_overtemperature",      "A cell above TMAX",                          {Alarm::high_temperature},                      AlarmLevel::alarm,   false, false},
    {5,  "bms_overtemperature",       "The board above TBAL",                       {Alarm::high_internal_temperature},             AlarmLevel::alarm,   false, false},
    {6,  "cell_count_mismatch",       "Number of cells, or an address, is wrong",   {Alarm::internal_failure},                      AlarmLevel::alarm,   false, false},
    {7,  "charge_undertemperature",   "Below TMIN",                                 {Alarm::low_charge_temperature},                AlarmLevel::alarm,   false, true},
    {8,  "temperature_sensor_fault",  "A temperature sensor is missing or bad",     {Alarm::internal_failure},                      AlarmLevel::alarm,   false, true},
    {9,  "communication_fault",       "The bus between units",                      {Alarm::internal_failure},                      AlarmLevel::alarm,   false, true},
    {10, "cell_measurement_fault",    "A cell is shorted, or measured wrongly",     {Alarm::internal_failure},                      AlarmLevel::alarm,   false, false},
    {11, "contactor_fault",           "The main contactor does not move",           {Alarm::contactor, Alarm::internal_failure},    AlarmLevel::alarm,   false, true},
    {12, "current_measurement_fault", "The current sensor",                         {Alarm::internal_failure},                      AlarmLevel::alarm,   false, true},
    {13, "wrong_chemistry",           "CHEM does not fit the cells",                {Alarm::internal_failure},                      AlarmLevel::alarm,   false, false},
    {14, "memory_fault",              "The memory that holds the settings",         {Alarm::internal_failure},                      AlarmLevel::alarm,   false, true},
    {15, "balancer_fault",            "A balancing transistor",                     {Alarm::internal_failure},                      AlarmLevel::alarm,   false, true},
    {16, "internal_fault",            "Internal",                                   {Alarm::internal_failure},                      AlarmLevel::alarm,   false, false},
    // clang-format on
}};

/// Probably an over-current: its alarm depends on where the current flows.
inline constexpr std::uint8_t current_error = 17;

/// What any number of which nothing is known raises.
inline constexpr ErrorRule unknown_error{
    0, "unknown_error", "Unknown", {Alarm::internal_failure}, AlarmLevel::alarm, false, true};

/// The rule for a number while `current_a` flows.
[[nodiscard]] ErrorRule rule_for(std::uint8_t number, double current_a);

/// "cell_overvoltage", "unknown_error_19".
[[nodiscard]] std::string error_name(std::uint8_t number);

}  // namespace bms::rec
