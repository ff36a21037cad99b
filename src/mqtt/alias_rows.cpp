// The topics of other programs. Facts: chargery.py of Eumobong/Chargery; Send-MQTTValue.ps1 and the instructions of
// aaronsb/REC-BMSManager.
#include "mqtt/alias_rows.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "mqtt/extra_of.hpp"

namespace bms::mqtt {

namespace {

using Number = std::optional<double>;
using enum AliasForm;
constexpr auto each_cell = AliasCount::cells;
constexpr auto each_temperature = AliasCount::temperatures;

template <auto Member>
Number reading(const Battery& battery, std::size_t /*number*/) {
  return battery.reading.*Member;
}

template <auto Member>
Number derived(const Battery& battery, std::size_t /*number*/) {
  return battery.derived.*Member;
}

/// A name as an argument of a template.
template <std::size_t Size>
struct Name {
  std::array<char, Size> text{};

  consteval Name(const char (&name)[Size]) {
    std::copy_n(name, Size, text.begin());
  }  // NOLINT(google-explicit-constructor)
  [[nodiscard]] constexpr std::string_view view() const { return {text.data(), Size - 1}; }
};

template <Name Wanted>
Number extra(const Battery& battery, std::size_t number) {
  return extra_of(battery.extras, Wanted.view(), number);
}

Number cell(const Battery& battery, std::size_t number) {
  const auto& cells_v = battery.reading.cells_v;
  return number <= cells_v.size() ? Number(cells_v[number - 1]) : std::nullopt;
}

Number temperature(const Battery& battery, std::size_t number) {
  const auto& temperatures_c = battery.reading.temperatures_c;
  return number <= temperatures_c.size() ? temperatures_c[number - 1] : std::nullopt;
}

template <std::size_t Which>
Number temperature_of(const Battery& battery, std::size_t /*number*/) {
  return temperature(battery, Which);
}

Number impedance_sum(const Battery& battery, std::size_t /*number*/) {
  Number sum;
  for (const Extra& extra : battery.extras)
    if (extra.name == "cell_impedance_mohm") sum = sum.value_or(0) + extra.value;
  return sum;
}

constexpr AliasRow chargery_rows[] = {
    {"watthour", real, 3, extra<"remaining_wh">},
    {"amphour", real, 3, reading<&Reading::remaining_ah>},
    {"batteryvolt", real, 3, derived<&Derived::cell_sum_v>},
    {"cellhigh", real, 3, derived<&Derived::max_cell_v>},
    {"celllow", real, 3, derived<&Derived::min_cell_v>},
    {"maxvolt", real, 3, extra<"cell_charge_end_v">},
    {"current", real, 1, reading<&Reading::current_a>},
    {"modename", mode_name, 0, extra<"mode">},
    {"modeint", whole, 0, extra<"mode">},
    {"temp1", real, 1, temperature_of<1>},
    {"temp2", real, 1, temperature_of<2>},
    {"soc", whole, 0, reading<&Reading::soc_pct>},
    {"aggimped", real, 1, impedance_sum},
    {"cellvolt<n>", real, 3, cell, each_cell},
    {"cellimped<n>", real, 1, extra<"cell_impedance_mohm">, each_cell},
    {"modenameimped", mode_name, 0, extra<"impedance_mode">},
    {"modeintimped", whole, 0, extra<"impedance_mode">},
    {"currentimped", real, 1, extra<"impedance_current_a">},
};

template <auto Member>
Number share(const Battery& battery, std::size_t /*number*/) {
  const auto percent = battery.reading.*Member;
  return percent ? Number(*percent / 100) : std::nullopt;
}

constexpr AliasRow rec_rows[] = {
    {"battery/cell/<n>/volts", shortest, 6, cell, each_cell},
    {"battery/cell/<n>/ohms", ten_decimals, 10, extra<"cell_resistance_ohm">, each_cell},
    {"battery/status/Minimum_Cell_Voltage", shortest, 6, derived<&Derived::min_cell_v>},
    {"battery/status/Maximum_Cell_Voltage", shortest, 6, derived<&Derived::max_cell_v>},
    {"battery/status/Pack_Current", shortest, 6, reading<&Reading::current_a>},
    {"battery/status/Maximum_Temperature", shortest, 6, reading<&Reading::highest_temperature_c>},
    {"battery/status/Pack_Voltage", shortest, 6, reading<&Reading::voltage_v>},
    {"battery/status/State_of_Charge", shortest, 6, share<&Reading::soc_pct>},
    {"battery/status/State_of_Health", shortest, 6, share<&Reading::soh_pct>},
    {"battery/status/BMS_Address_of_Minimum_Cell_Voltage", whole, 0, extra<"lowest_cell_unit">},
    {"battery/status/Cell_Address_of_Minimum_Cell_Voltage", whole, 0, extra<"lowest_cell_number">},
    {"battery/status/BMS_Address_of_Maximum_Cell_Voltage", whole, 0, extra<"highest_cell_unit">},
    {"battery/status/Cell_Address_of_Maximum_Cell_Voltage", whole, 0, extra<"highest_cell_number">},
    {"battery/status/BMS_Address_of_Maximum_Temp_Sensor", whole, 0, extra<"hottest_sensor_unit">},
    {"battery/status/Temp_Sensor_Address_of_Maximum_Value", whole, 0, extra<"hottest_sensor_number">},
    {"battery/status/Amp_Hours_since_last_charge", shortest, 3, reading<&Reading::consumed_ah>},
    {"battery/status/temperature/bms/1", shortest, 6, reading<&Reading::mos_temperature_c>},
    {"battery/status/temperature/pack/<n>", shortest, 6, temperature, each_temperature},
};

constexpr AliasSet sets[] = {{"chargerybms", chargery_rows}, {"", rec_rows}};

std::string digits_of(double value, int decimals) {
  std::array<char, 64> digits{};
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed, decimals);
  return {digits.data(), end.ptr};
}

/// Without the noughts at the end, of which `at_least` decimals stay.
std::string shortened(std::string digits, std::size_t at_least) {
  const std::size_t point = digits.find('.');
  if (point == std::string::npos) return digits;
  const std::size_t last = digits.find_last_not_of('0');
  digits.resize(std::max(last, point + at_least) + 1);
  if (digits.back() == '.') digits.pop_back();
  return digits;
}

std::string mode_named(double mode) {
  constexpr std::array<const char*, 3> names{"Discharge", "Charge", "Storage"};
  const auto number = static_cast<std::size_t>(mode);
  return number < names.size() ? names[number] : "";
}

}  // namespace

const AliasSet* alias_set(Aliases whose) {
  if (whose == Aliases::no) return nullptr;
  return &sets[static_cast<std::size_t>(whose) - 1];
}

std::string alias_text(const AliasRow& row, double value) {
  // There is no -0.
  std::string digits = digits_of(value == 0 ? 0 : value, row.decimals);
  switch (row.form) {
    case real: return shortened(digits, 1);
    case shortest: return shortened(digits, 0);
    case mode_name: return mode_named(value);
    case whole:
    case ten_decimals: break;
  }
  return digits;
}

}  // namespace bms::mqtt
