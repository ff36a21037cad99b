// The instruction set of REC units: what each mnemonic reads, and between which values it may be set.
//
// Sources: instruction tables of the vendor's manuals (REC ACTIVE BMS 4S; REC ABMS for Victron Color Control GX), as
// used against real units by aaronsb/REC-BMSManager (1Q, instructionset.json) and ofernander/signalk-rec-bms (ABMS,
// atlas.json); error log and task words from notes in the ogm-energy.com user forum.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace bms::rec {

/// Kinds of units as far as instructions and limits differ.
enum class Model : std::uint8_t { unknown, q1, abms, master };

/// In which models an instruction is known.
namespace models {
inline constexpr unsigned none = 0;
inline constexpr unsigned q1 = 1;
inline constexpr unsigned abms = 2;
inline constexpr unsigned master = 4;
inline constexpr unsigned both = q1 | abms;
}  // namespace models

enum class Access : std::uint8_t { read, read_write };

enum class Type : std::uint8_t {
  text,    ///< printable ASCII
  number,  ///< decimal text, usually "4.50000e2"
  count,   ///< a whole number, not negative
  array,   ///< a count and then binary data
  time,    ///< hh:mm:ss
  date,    ///< dd.mm.yyyy
};

/// What a wrong value can do.
enum class Risk : std::uint8_t {
  none,
  safety,         ///< damage cells or disable a protection
  calibration,    ///< falsify measurements
  communication,  ///< cut the link
  never_write,    ///< purpose unknown
};

struct Range {
  double min, max;

  [[nodiscard]] constexpr bool contains(double value) const { return value >= min && value <= max; }
};

/// One instruction. It is read by "MMMM?" and written by "MMMM value".
struct Instruction {
  std::string_view mnemonic;
  Access access;
  Type type;
  std::string_view unit;
  std::optional<Range> range;     ///< what every family takes
  std::optional<Range> q1;        ///< where the 1Q takes something else
  std::optional<Range> abms;      ///< where the ACTIVE BMS 4S takes something else
  std::optional<double> factory;  ///< value of a new 1Q, Victron firmware 2.5
  unsigned models;
  Risk risk;
  std::string_view description;
};

namespace detail {
using enum Access;
using enum Type;
using enum Risk;
inline constexpr std::nullopt_t no = std::nullopt;
inline constexpr Range any_word{0, 4294967295.0};

inline constexpr Range charge_balance_v{2.5, 4.3};
inline constexpr Range hysteresis_v{0.005, 2};
inline constexpr Range cell_correction_v{-0.03, 0.03};
inline constexpr Range odd_even_correction_v{-0.0003, 0.0003};
inline constexpr Range counter{0, 8000};
inline constexpr Range devices{1, 6};
}  // namespace detail

inline constexpr std::array<Instruction, 64> instructions{{
    // clang-format off
    // Identity
    {"*IDN", detail::read,       detail::text,   "",      detail::no, detail::no, detail::no, detail::no, models::both, Risk::none, "Name of the model"},
    {"SWVR", detail::read,       detail::text,   "",      detail::no, detail::no, detail::no, detail::no, models::both, Risk::none, "Firmware version"},
    {"HWVR", detail::read,       detail::text,   "",      detail::no, detail::no, detail::no, detail::no, models::both, Risk::none, "Hardware version"},
    {"SERI", detail::read,       detail::count,  "",      Range{0, 9999}, detail::no, detail::no, detail::no, models::abms, Risk::none, "Serial number, without the prefix 1A-"},
    // Measurements
    {"LCD1", detail::read,       detail::array,  "",      detail::no, detail::no, detail::no, detail::no, models::both, Risk::none, "Lowest and highest cell, current, highest temperature, pack voltage, SoC and SoH"},
    {"LCD3", detail::read,       detail::array,  "",      detail::no, detail::no, detail::no, detail::no, models::both, Risk::none, "Unit and number of the lowest cell, the highest cell and the hottest sensor; charge taken out since full"},
    {"CELL", detail::read,       detail::array,  "V",     detail::no, detail::no, detail::no, detail::no, models::both, Risk::none, "Voltages of all cells of all units"},
    {"PTEM", detail::read,       detail::array,  "°C",    detail::no, detail::no, detail::no, detail::no, models::both, Risk::none, "All temperature sensors of all units; the ABMS always sends four"},
    {"RINT", detail::read,       detail::array,  "Ω",     detail::no, detail::no, detail::no, detail::no, models::both, Risk::none, "Estimated resistance of every cell"},
    {"BTEM", detail::read,       detail::array,  "°C",    detail::no, detail::no, detail::no, detail::no, models::both, Risk::none, "Temperature of the board"},
    {"ERRO", detail::read,       detail::array,  "",      detail::no, detail::no, detail::no, detail::no, models::both, Risk::none, "Present error: whether there is one, unit, number, cell or sensor"},
    {"WCBI", detail::read,       detail::count,  "",      Range{1, 16}, detail::no, detail::no, detail::no, models::abms, Risk::none, "Cell that the balancer works on now"},
    // Cells
    {"BMIN", detail::read_write, detail::number, "V",     detail::charge_balance_v, detail::no, detail::no, 3.45, models::both, Risk::none, "Balancing starts here, and the charge current begins to fall"},
    {"BVOL", detail::read_write, detail::number, "V",     detail::charge_balance_v, detail::no, detail::no, 3.58, models::both, Risk::none, "Cell voltage that balancing works towards"},
    {"CMAX", detail::read_write, detail::number, "V",     Range{2, 4.3}, detail::no, detail::no, 3.85, models::both, Risk::safety, "Above this cell voltage charging is switched off (error 1)"},
    {"MAXH", detail::read_write, detail::number, "V",     detail::hysteresis_v, detail::no, detail::no, 0.25, models::both, Risk::safety, "How far the cell must fall before charging is allowed again"},
    {"CMIN", detail::read_write, detail::number, "V",     Range{1.8, 4}, detail::no, detail::no, 2.8, models::both, Risk::safety, "Below this cell voltage discharging is switched off (error 2)"},
    {"MINH", detail::read_write, detail::number, "V",     detail::hysteresis_v, detail::no, detail::no, 0.1, models::both, Risk::safety, "How far the cell must rise before discharging is allowed again"},
    {"CHAR", detail::read_write, detail::number, "V",     Range{2, 4.3}, detail::no, detail::no, 3.58, models::both, Risk::safety, "A pack whose cells are here is full"},
    {"CHIS", detail::read_write, detail::number, "V",     detail::hysteresis_v, detail::no, detail::no, 0.25, models::both, Risk::safety, "How far cells must fall below CHAR before a new charge begins"},
    {"RAZL", detail::read_write, detail::number, "V",     Range{0.005, 1}, detail::no, detail::no, 0.25, models::both, Risk::safety, "Cells may differ by this much (error 3)"},
    {"CLOW", detail::read_write, detail::number, "V",     Range{1.8, 4.2}, detail::no, detail::no, 2.9, models::both, Risk::safety, "At this cell voltage consumers are asked to stop; above CMIN"},
    {"UBDI", detail::read_write, detail::number, "V",     Range{0.005, 1}, detail::no, detail::no, detail::no, models::abms, Risk::safety, "Difference between cells that is tolerated at the end of a charge"},
    {"CFVC", detail::read_write, detail::number, "",      detail::hysteresis_v, detail::no, detail::no, detail::no, models::abms, Risk::safety, "Coefficient of the float voltage after a full charge"},
    // Temperatures
    {"TMAX", detail::read_write, detail::number, "°C",    Range{-20, 65}, detail::no, detail::no, 55, models::both, Risk::safety, "Highest cell temperature (error 4)"},
    {"TMIN", detail::read_write, detail::number, "°C",    Range{-30, 65}, detail::no, detail::no, -10, models::both, Risk::safety, "Below this temperature charging is refused (error 7)"},
    {"TBAL", detail::read_write, detail::number, "°C",    Range{-20, 65}, detail::no, detail::no, 55, models::both, Risk::safety, "Highest temperature of the board (error 5)"},
    {"BMTH", detail::read_write, detail::number, "K",     Range{1, 30}, detail::no, detail::no, 5, models::both, Risk::safety, "How far the board must cool down again"},
    // Current
    {"IOFF", detail::read_write, detail::number, "A",     Range{-2, 2}, detail::no, detail::no, 0, models::both, Risk::calibration, "Subtracted from the measured current"},
    {"IOJA", detail::read_write, detail::number, "A/bit", Range{0.0005, 0.5}, detail::no, detail::no, 0.0078125, models::both, Risk::calibration, "Scale of the current measurement; belongs to the shunt"},
    // Pack
    {"CAPA", detail::read_write, detail::number, "Ah",    Range{1, 3000}, Range{1, 5000}, detail::no, 500, models::both, Risk::none, "Capacity that the state of charge is counted with"},
    {"CYCL", detail::read_write, detail::count,  "",      detail::counter, detail::no, detail::no, detail::no, models::both, Risk::none, "Full cycles so far"},
    {"CHEM", detail::read_write, detail::count,  "",      Range{1, 5}, detail::no, detail::no, 3, models::both, Risk::safety, "Chemistry: 1 Li-Po for power, 2 Li-Po for capacity, 3 LiFePO4 (Winston), 4 LiFePO4 (A123), 5 LiMnO2"},
    {"SOCH", detail::read_write, detail::number, "",      Range{0.005, 0.99}, detail::no, detail::no, 0.05, models::both, Risk::none, "Fraction by which the state of charge must fall before a new charge begins"},
    {"SOCS", detail::read_write, detail::number, "",      Range{0.01, 1}, detail::no, detail::no, detail::no, models::both, Risk::calibration, "State of charge as a fraction; writing sets it"},
    // Limits for the inverters
    {"CHAC", detail::read_write, detail::number, "C",     Range{0.01, 1}, detail::no, Range{0.01, 5}, 0.6, models::both, Risk::none, "Charge current limit as a multiple of the capacity"},
    {"DCHC", detail::read_write, detail::number, "C",     Range{0.01, 3}, detail::no, Range{0.01, 5}, 1.5, models::both, Risk::none, "Discharge current limit as a multiple of the capacity"},
    {"MAXC", detail::read_write, detail::number, "A",     Range{5, 280}, Range{5, 345}, detail::no, 70, models::both, Risk::none, "Charge current limit of one inverter/charger"},
    {"MAXD", detail::read_write, detail::number, "A",     Range{5, 345}, detail::no, Range{5, 400}, 120, models::both, Risk::none, "Discharge current limit of one inverter/charger"},
    {"SISN", detail::read_write, detail::count,  "",      detail::devices, detail::no, detail::no, 1, models::q1, Risk::none, "Number of inverter/chargers"},
    {"STRN", detail::read_write, detail::count,  "",      detail::devices, detail::no, detail::no, detail::no, models::abms, Risk::none, "Number of inverter/chargers"},
    {"CANF", detail::read_write, detail::count,  "",      Range{1, 2}, detail::no, detail::no, 1, models::q1, Risk::communication, "Speed of the CAN bus: 1 is 250, 2 is 500 kbit/s"},
    // Log
    {"VMAX", detail::read_write, detail::count,  "",      detail::counter, detail::no, detail::no, detail::no, models::both, Risk::none, "How often a cell was above CMAX"},
    {"VMIN", detail::read_write, detail::count,  "",      detail::counter, detail::no, detail::no, detail::no, models::both, Risk::none, "How often a cell was below CMIN"},
    {"ERRL", detail::read,       detail::text,   "",      detail::no, detail::no, detail::no, detail::no, models::abms | models::master, Risk::none, "Next line of the error log: 12 on the ABMS, 8 on a master unit"},
    {"ERLD", detail::read_write, detail::count,  "",      Range{0, 1}, detail::no, detail::no, detail::no, models::abms, Risk::none, "1: the error log is erased at the next restart"},
    {"ERRD", detail::read,       detail::count,  "",      detail::no, detail::no, detail::no, detail::no, models::none, Risk::never_write, "Some error number; meaning unknown"},
    // Outputs
    {"RE1L", detail::read_write, detail::number, "",      detail::no, detail::no, detail::no, detail::no, models::abms, Risk::safety, "Threshold of relay 1, in the unit of its mode"},
    {"RE1H", detail::read_write, detail::number, "",      Range{-2, 2}, detail::no, detail::no, detail::no, models::abms, Risk::safety, "Hysteresis of relay 1"},
    {"RE1T", detail::read_write, detail::count,  "",      detail::any_word, detail::no, detail::no, detail::no, models::abms, Risk::safety, "Task word of relay 1: mode, logic, errors that switch it off, state"},
    {"RE1V", detail::read,       detail::number, "",      detail::no, detail::no, detail::no, detail::no, models::abms, Risk::none, "Value that relay 1 goes by"},
    {"OP2L", detail::read_write, detail::number, "",      detail::no, detail::no, detail::no, detail::no, models::abms, Risk::safety, "Threshold of optocoupler 2, in the unit of its mode"},
    {"OP2H", detail::read_write, detail::number, "",      Range{-2, 2}, detail::no, detail::no, detail::no, models::abms, Risk::safety, "Hysteresis of optocoupler 2"},
    {"OP2T", detail::read_write, detail::count,  "",      detail::any_word, detail::no, detail::no, detail::no, models::abms, Risk::safety, "Task word of optocoupler 2"},
    {"OP2V", detail::read,       detail::number, "",      detail::no, detail::no, detail::no, detail::no, models::abms, Risk::none, "Value that optocoupler 2 goes by"},
    // Calibration
    {"EAVC", detail::read_write, detail::number, "V",     detail::odd_even_correction_v, detail::no, detail::no, detail::no, models::q1, Risk::calibration, "Correction of the even cells"},
    {"ODDC", detail::read_write, detail::number, "V",     detail::odd_even_correction_v, detail::no, detail::no, detail::no, models::q1, Risk::calibration, "Correction of the odd cells"},
    {"REFC", detail::read,       detail::number, "V",     Range{4.997, 5.003}, detail::no, detail::no, detail::no, models::q1, Risk::none, "Reference of the converter, nominally 5 V"},
    {"CAL1", detail::read_write, detail::number, "V",     detail::cell_correction_v, detail::no, detail::no, detail::no, models::abms, Risk::calibration, "Correction of cell 1"},
    {"CAL2", detail::read_write, detail::number, "V",     detail::cell_correction_v, detail::no, detail::no, detail::no, models::abms, Risk::calibration, "Correction of cell 2"},
    {"CAL3", detail::read_write, detail::number, "V",     detail::cell_correction_v, detail::no, detail::no, detail::no, models::abms, Risk::calibration, "Correction of cell 3"},
    {"CAL4", detail::read_write, detail::number, "V",     detail::cell_correction_v, detail::no, detail::no, detail::no, models::abms, Risk::calibration, "Correction of cell 4"},
    // Clock
    {"TIME", detail::read_write, detail::time,   "",      detail::no, detail::no, detail::no, detail::no, models::abms, Risk::none, "Time of day, hh:mm:ss"},
    {"DATE", detail::read_write, detail::date,   "",      detail::no, detail::no, detail::no, detail::no, models::abms, Risk::none, "Date, dd.mm.yyyy"},
    // clang-format on
}};

/// The instruction of that name, or nullptr.
[[nodiscard]] constexpr const Instruction* find_instruction(std::string_view mnemonic) {
  for (const Instruction& instruction : instructions)
    if (instruction.mnemonic == mnemonic) return &instruction;
  return nullptr;
}

}  // namespace bms::rec
