// The error numbers of REC units: 1 to 5 from the ACTIVE BMS 4S manual, 6 to 16 from the ogm-energy.com forum. What is
// still permitted from 6 on is what our driver has decided on; no source says what a unit does.
#pragma once

#include <array>
#include <string_view>

namespace bms::sim {

struct RecError {
  std::string_view name;
  bool charge, discharge;  ///< still permitted
};

/// Error 1 first.
inline constexpr std::array<RecError, 19> rec_errors{{
    {"cell_overvoltage", false, true},        {"cell_undervoltage", true, false},
    {"cell_imbalance", true, true},           {"cell_overtemperature", false, false},
    {"bms_overtemperature", false, false},    {"cell_count_mismatch", false, false},
    {"charge_undertemperature", false, true}, {"temperature_sensor_fault", false, true},
    {"communication_fault", false, true},     {"cell_measurement_fault", false, false},
    {"contactor_fault", false, true},         {"current_measurement_fault", false, true},
    {"wrong_chemistry", false, false},        {"memory_fault", false, true},
    {"balancer_fault", false, true},          {"internal_fault", false, false},
    {"unknown_error_17", false, true},        {"unknown_error_18", false, true},
    {"unknown_error_19", false, true},
}};

}  // namespace bms::sim
