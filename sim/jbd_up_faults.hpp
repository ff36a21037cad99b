// The fault and warning bits of boards of the UP series: what each is called, and which FET a fault opens.
#pragma once

#include <array>
#include <string_view>

namespace bms::sim {

struct JbdUpFault {
  std::string_view name;
  bool opens_charge;
  bool opens_discharge;
};

/// By bit number.
inline constexpr std::array<JbdUpFault, 28> jbd_up_faults{{
    {"cell_overvoltage", true, false},
    {"cell_undervoltage", false, true},
    {"pack_overvoltage", true, false},
    {"pack_undervoltage", false, true},
    {"charge_overcurrent", true, false},
    {"charge_overcurrent_2", true, false},
    {"discharge_overcurrent", false, true},
    {"discharge_overcurrent_2", false, true},
    {"charge_overtemperature", true, false},
    {"charge_undertemperature", true, false},
    {"discharge_overtemperature", false, true},
    {"discharge_undertemperature", false, true},
    {"mosfet_overtemperature", true, true},
    {"ambient_overtemperature", true, true},
    {"ambient_undertemperature", true, true},
    {"cell_difference", true, true},
    {"temperature_difference", true, true},
    {"soc_low", false, true},
    {"short_circuit", true, true},
    {"cell_offline", true, true},
    {"temperature_sensor_fault", true, true},
    {"charge_mos_fault", true, true},
    {"discharge_mos_fault", true, true},
    {"current_limiter_fault", true, false},
    {"aerosol_fault", true, true},
    {"full", true, false},
    {"afe_error", true, true},
    {"reversed", true, true},
}};

struct JbdUpWarning {
  std::string_view name;
};

/// By bit number.
inline constexpr std::array<JbdUpWarning, 19> jbd_up_warnings{{
    {"cell_overvoltage"},
    {"cell_undervoltage"},
    {"pack_overvoltage"},
    {"pack_undervoltage"},
    {"charge_overcurrent"},
    {"discharge_overcurrent"},
    {"charge_overtemperature"},
    {"charge_undertemperature"},
    {"discharge_overtemperature"},
    {"discharge_undertemperature"},
    {"mosfet_overtemperature"},
    {"ambient_overtemperature"},
    {"ambient_undertemperature"},
    {"cell_difference"},
    {"temperature_difference"},
    {"soc_low"},
    {"eeprom_fault"},
    {"rtc_fault"},
    {"full"},
}};

}  // namespace bms::sim
