// The instruction set of REC units as a table.
//
// Sources: instruction tables of the vendor's manuals (REC ACTIVE BMS 4S; REC ABMS for Victron Color Control GX), as
// used against real units by aaronsb/REC-BMSManager (1Q, instructionset.json) and ofernander/signalk-rec-bms (ABMS,
// atlas.json); error log and task words from notes in the ogm-energy.com user forum.
#include "rec/rec_instructions.hpp"

#include <algorithm>
#include <array>

namespace bms::rec {
namespace {

using Group = ParameterGroup;
using Kind = ParameterKind;

constexpr std::nullopt_t no = std::nullopt;
constexpr Range any_word{0, 4294967295.0};
constexpr Range charge_balance_v{2.5, 4.3};
constexpr Range hysteresis_v{0.005, 2};
constexpr Range cell_correction_v{-0.03, 0.03};
constexpr Range odd_even_correction_v{-0.0003, 0.0003};
constexpr Range counter{0, 8000};
constexpr Range devices{1, 6};

constexpr Instruction reading(std::string_view mnemonic, std::string_view unit, Kind kind, double resolution,
                              std::optional<Range> range, unsigned models, Group group, Risk risk,
                              std::string_view words) {
  return {{.name = mnemonic,
           .unit = unit,
           .kind = kind,
           .risk = risk,
           .group = group,
           .range = range,
           .resolution = resolution,
           .words = words},
          std::nullopt,
          models};
}

constexpr Instruction setting(std::string_view mnemonic, std::string_view unit, Kind kind, double resolution,
                              Range range, std::optional<double> factory, unsigned models, Group group, Risk risk,
                              std::string_view words) {
  Instruction row = reading(mnemonic, unit, kind, resolution, range, models, group, risk, words);
  row.access = Access::read_write;
  row.factory = factory;
  return row;
}

/// What can be set, but goes on by itself.
constexpr Instruction momentary(std::string_view mnemonic, std::string_view unit, Kind kind, double resolution,
                                Range range, std::optional<double> factory, unsigned models, Group group, Risk risk,
                                std::string_view words) {
  Instruction row = setting(mnemonic, unit, kind, resolution, range, factory, models, group, risk, words);
  row.momentary = true;
  return row;
}

// Read only stays what no write can carry (task words, texts), what has a range that depends on another value, and what
// nobody knows the meaning of. Steps are those that an answer still shows, in its four to five digits.
// clang-format off
constexpr std::array instruction_set = std::to_array<Instruction>({
    // Identity
    reading(  "*IDN", "",          Kind::text,   0,         no,                               models::both,                  Group::identity,      Risk::never,         "Name of the model"),
    reading(  "SWVR", "",          Kind::text,   0,         no,                               models::both,                  Group::identity,      Risk::never,         "Firmware version"),
    reading(  "HWVR", "",          Kind::text,   0,         no,                               models::both,                  Group::identity,      Risk::never,         "Hardware version"),
    reading(  "SERI", "",          Kind::count,  1,         Range{0, 9999},                   models::abms,                  Group::identity,      Risk::never,         "Serial number, without the prefix 1A-"),
    // Measurements
    reading(  "LCD1", "",          Kind::list,   0,         no,                               models::both,                  Group::measurements,  Risk::none,          "Lowest and highest cell, current, highest temperature, pack voltage, SoC and SoH"),
    reading(  "LCD3", "",          Kind::list,   0,         no,                               models::both,                  Group::measurements,  Risk::none,          "Unit and number of the lowest cell, the highest cell and the hottest sensor; charge taken out since full"),
    reading(  "CELL", "V",         Kind::list,   0,         no,                               models::both,                  Group::measurements,  Risk::none,          "Voltages of all cells of all units"),
    reading(  "PTEM", "°C",        Kind::list,   0,         no,                               models::both,                  Group::measurements,  Risk::none,          "All temperature sensors of all units; the ABMS always sends four"),
    reading(  "RINT", "Ω",         Kind::list,   0,         no,                               models::both,                  Group::measurements,  Risk::none,          "Estimated resistance of every cell"),
    reading(  "BTEM", "°C",        Kind::list,   0,         no,                               models::both,                  Group::measurements,  Risk::none,          "Temperature of the board"),
    reading(  "ERRO", "",          Kind::list,   0,         no,                               models::both,                  Group::measurements,  Risk::none,          "Present error: whether there is one, unit, number, cell or sensor"),
    reading(  "WCBI", "",          Kind::count,  1,         Range{1, 16},                     models::abms,                  Group::measurements,  Risk::none,          "Cell that the balancer works on now"),
    // Cells
    setting(  "BMIN", "V",         Kind::number, 0.001,     charge_balance_v,      3.45,      models::both,                  Group::balancing,     Risk::limits,        "Balancing starts here, and the charge current begins to fall"),
    setting(  "BVOL", "V",         Kind::number, 0.001,     charge_balance_v,      3.58,      models::both,                  Group::balancing,     Risk::limits,        "Cell voltage that balancing works towards"),
    setting(  "CMAX", "V",         Kind::number, 0.001,     {2, 4.3},              3.85,      models::both,                  Group::cell_limits,   Risk::safety,        "Above this cell voltage charging is switched off (error 1)"),
    setting(  "MAXH", "V",         Kind::number, 0.001,     hysteresis_v,          0.25,      models::both,                  Group::cell_limits,   Risk::safety,        "How far the cell must fall before charging is allowed again"),
    setting(  "CMIN", "V",         Kind::number, 0.001,     {1.8, 4},              2.8,       models::both,                  Group::cell_limits,   Risk::safety,        "Below this cell voltage discharging is switched off (error 2)"),
    setting(  "MINH", "V",         Kind::number, 0.001,     hysteresis_v,          0.1,       models::both,                  Group::cell_limits,   Risk::safety,        "How far the cell must rise before discharging is allowed again"),
    setting(  "CHAR", "V",         Kind::number, 0.001,     {2, 4.3},              3.58,      models::both,                  Group::cell_limits,   Risk::safety,        "A pack whose cells are here is full"),
    setting(  "CHIS", "V",         Kind::number, 0.001,     hysteresis_v,          0.25,      models::both,                  Group::cell_limits,   Risk::safety,        "How far cells must fall below CHAR before a new charge begins"),
    setting(  "RAZL", "V",         Kind::number, 0.001,     {0.005, 1},            0.25,      models::both,                  Group::cell_limits,   Risk::safety,        "Cells may differ by this much (error 3)"),
    setting(  "CLOW", "V",         Kind::number, 0.001,     {1.8, 4.2},            2.9,       models::both,                  Group::cell_limits,   Risk::safety,        "At this cell voltage consumers are asked to stop; above CMIN"),
    setting(  "UBDI", "V",         Kind::number, 0.001,     {0.005, 1},            no,        models::abms,                  Group::cell_limits,   Risk::safety,        "Difference between cells that is tolerated at the end of a charge"),
    setting(  "CFVC", "",          Kind::number, 0.001,     hysteresis_v,          no,        models::abms,                  Group::cell_limits,   Risk::safety,        "Coefficient of the float voltage after a full charge"),
    // Temperatures
    setting(  "TMAX", "°C",        Kind::number, 0.1,       {-20, 65},             55,        models::both,                  Group::temperatures,  Risk::safety,        "Highest cell temperature (error 4)"),
    setting(  "TMIN", "°C",        Kind::number, 0.1,       {-30, 65},             -10,       models::both,                  Group::temperatures,  Risk::safety,        "Below this temperature charging is refused (error 7)"),
    setting(  "TBAL", "°C",        Kind::number, 0.1,       {-20, 65},             55,        models::both,                  Group::temperatures,  Risk::safety,        "Highest temperature of the board (error 5)"),
    setting(  "BMTH", "K",         Kind::number, 0.1,       {1, 30},               5,         models::both,                  Group::temperatures,  Risk::safety,        "How far the board must cool down below TBAL again"),
    // Current
    setting(  "IOFF", "A",         Kind::number, 0.001,     {-2, 2},               0,         models::both,                  Group::calibration,   Risk::calibration,   "Subtracted from the measured current"),
    setting(  "IOJA", "A/bit",     Kind::number, 0.0000001, {0.0005, 0.5},         0.0078125, models::both,                  Group::calibration,   Risk::calibration,   "Scale of the current measurement; belongs to the shunt"),
    // Pack
    setting(  "CAPA", "Ah",        Kind::number, 0.1,       {1, 5000},             500,       models::both,                  Group::capacity,      Risk::calibration,   "Capacity that the state of charge is counted with"),
    momentary("CYCL", "",          Kind::count,  1,         counter,               no,        models::both,                  Group::counters,      Risk::none,          "Full cycles so far"),
    setting(  "CHEM", "",          Kind::code,   1,         {1, 5},                3,         models::both,                  Group::hardware,      Risk::safety,        "Chemistry: 1 Li-Po for power, 2 Li-Po for capacity, 3 LiFePO4 (Winston), 4 LiFePO4 (A123), 5 LiMnO2"),
    setting(  "SOCH", "",          Kind::number, 0.001,     {0.005, 0.99},         0.05,      models::both,                  Group::capacity,      Risk::limits,        "Fraction by which the state of charge must fall before a new charge begins"),
    momentary("SOCS", "",          Kind::number, 0.001,     {0.01, 1},             no,        models::both,                  Group::capacity,      Risk::calibration,   "State of charge as a fraction; writing sets it"),
    // Limits for the inverters
    setting(  "CHAC", "C",         Kind::number, 0.001,     {0.01, 5},             0.6,       models::both,                  Group::currents,      Risk::limits,        "Charge current limit as a multiple of the capacity"),
    setting(  "DCHC", "C",         Kind::number, 0.001,     {0.01, 5},             1.5,       models::both,                  Group::currents,      Risk::limits,        "Discharge current limit as a multiple of the capacity"),
    setting(  "MAXC", "A",         Kind::number, 0.1,       {5, 345},              70,        models::both,                  Group::currents,      Risk::limits,        "Charge current limit of one inverter/charger"),
    setting(  "MAXD", "A",         Kind::number, 0.1,       {5, 400},              120,       models::both,                  Group::currents,      Risk::limits,        "Discharge current limit of one inverter/charger"),
    setting(  "SISN", "",          Kind::count,  1,         devices,               1,         models::q1,                    Group::currents,      Risk::limits,        "Number of inverter/chargers"),
    setting(  "STRN", "",          Kind::count,  1,         devices,               no,        models::abms,                  Group::currents,      Risk::limits,        "Number of inverter/chargers"),
    setting(  "CANF", "",          Kind::code,   1,         {1, 2},                1,         models::q1,                    Group::communication, Risk::communication, "Speed of the CAN bus: 1 is 250, 2 is 500 kbit/s"),
    // Log
    momentary("VMAX", "",          Kind::count,  1,         counter,               no,        models::both,                  Group::counters,      Risk::none,          "How often a cell was above CMAX"),
    momentary("VMIN", "",          Kind::count,  1,         counter,               no,        models::both,                  Group::counters,      Risk::none,          "How often a cell was below CMIN"),
    reading(  "ERRL", "",          Kind::text,   0,         no,                               models::abms | models::master, Group::counters,      Risk::none,          "Next line of the error log: 12 on the ABMS, 8 on a master unit"),
    momentary("ERLD", "",          Kind::flag,   1,         {0, 1},                no,        models::abms,                  Group::counters,      Risk::none,          "1: the error log is erased at the next restart"),
    reading(  "ERRD", "",          Kind::count,  1,         no,                               models::none,                  Group::counters,      Risk::never,         "Some error number; its meaning is not known"),
    // Outputs
    reading(  "RE1L", "",          Kind::number, 0.001,     no,                               models::abms,                  Group::outputs,       Risk::safety,        "Threshold of relay 1, in the unit of its mode, on which its range depends"),
    setting(  "RE1H", "",          Kind::number, 0.001,     {-2, 2},               no,        models::abms,                  Group::outputs,       Risk::safety,        "Hysteresis of relay 1"),
    reading(  "RE1T", "",          Kind::bits,   1,         any_word,                         models::abms,                  Group::outputs,       Risk::safety,        "Task word of relay 1: mode, logic, errors that switch it off, state; it has more digits than a write carries"),
    reading(  "RE1V", "",          Kind::number, 0.001,     no,                               models::abms,                  Group::outputs,       Risk::none,          "Value that relay 1 goes by"),
    reading(  "OP2L", "",          Kind::number, 0.001,     no,                               models::abms,                  Group::outputs,       Risk::safety,        "Threshold of optocoupler 2, in the unit of its mode, on which its range depends"),
    setting(  "OP2H", "",          Kind::number, 0.001,     {-2, 2},               no,        models::abms,                  Group::outputs,       Risk::safety,        "Hysteresis of optocoupler 2"),
    reading(  "OP2T", "",          Kind::bits,   1,         any_word,                         models::abms,                  Group::outputs,       Risk::safety,        "Task word of optocoupler 2: mode, logic, errors that switch it off, state; it has more digits than a write carries"),
    reading(  "OP2V", "",          Kind::number, 0.001,     no,                               models::abms,                  Group::outputs,       Risk::none,          "Value that optocoupler 2 goes by"),
    // Calibration
    setting(  "EAVC", "V",         Kind::number, 0.000001,  odd_even_correction_v, no,        models::q1,                    Group::calibration,   Risk::calibration,   "Correction of the even cells"),
    setting(  "ODDC", "V",         Kind::number, 0.000001,  odd_even_correction_v, no,        models::q1,                    Group::calibration,   Risk::calibration,   "Correction of the odd cells"),
    reading(  "REFC", "V",         Kind::number, 0.0001,    Range{4.997, 5.003},              models::q1,                    Group::calibration,   Risk::calibration,   "Reference of the converter, nominally 5 V"),
    setting(  "CAL1", "V",         Kind::number, 0.00001,   cell_correction_v,     no,        models::abms,                  Group::calibration,   Risk::calibration,   "Correction of cell 1"),
    setting(  "CAL2", "V",         Kind::number, 0.00001,   cell_correction_v,     no,        models::abms,                  Group::calibration,   Risk::calibration,   "Correction of cell 2"),
    setting(  "CAL3", "V",         Kind::number, 0.00001,   cell_correction_v,     no,        models::abms,                  Group::calibration,   Risk::calibration,   "Correction of cell 3"),
    setting(  "CAL4", "V",         Kind::number, 0.00001,   cell_correction_v,     no,        models::abms,                  Group::calibration,   Risk::calibration,   "Correction of cell 4"),
    // Clock
    reading(  "TIME", "",          Kind::time,   0,         no,                               models::abms,                  Group::clock,         Risk::none,          "Time of day, hh:mm:ss; only numbers can be written"),
    reading(  "DATE", "",          Kind::date,   0,         no,                               models::abms,                  Group::clock,         Risk::none,          "Date, dd.mm.yyyy; only numbers can be written"),
});

constexpr std::array ranges_of_models = std::to_array<ModelRange>({
    {"CAPA", Model::q1,   {1, 3000}},
    {"CHAC", Model::abms, {0.01, 1}},
    {"DCHC", Model::abms, {0.01, 3}},
    {"MAXC", Model::q1,   {5, 280}},
    {"MAXD", Model::abms, {5, 345}},
});
// clang-format on

}  // namespace

std::span<const Instruction> instructions() { return instruction_set; }

std::span<const ModelRange> model_ranges() { return ranges_of_models; }

const Instruction* find_instruction(std::string_view mnemonic) {
  const auto* const found = std::ranges::find(instruction_set, mnemonic, &Parameter::name);
  return found == instruction_set.end() ? nullptr : found;
}

}  // namespace bms::rec
