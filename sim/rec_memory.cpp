// What a REC unit keeps in its memory.
#include "rec_memory.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace bms::sim {
namespace {

struct Row {
  const char* name;
  bool on_q1, on_abms;
  bool whole;
  double value;
  double q1_low, q1_high;
  double abms_low, abms_high;
};

// A master unit is taken for one of the Q family.
constexpr Row rows[] = {
    {"BMIN", true, true, false, 3.45, 2.5, 4.3, 2.5, 4.3},
    {"BVOL", true, true, false, 3.58, 2.5, 4.3, 2.5, 4.3},
    {"CMAX", true, true, false, 3.85, 2.0, 4.3, 2.0, 4.3},
    {"MAXH", true, true, false, 0.25, 0.005, 2.0, 0.005, 2.0},
    {"CMIN", true, true, false, 2.8, 1.8, 4.0, 1.8, 4.0},
    {"MINH", true, true, false, 0.1, 0.005, 2.0, 0.005, 2.0},
    {"CHAR", true, true, false, 3.58, 2.0, 4.3, 2.0, 4.3},
    {"CHIS", true, true, false, 0.25, 0.005, 2.0, 0.005, 2.0},
    {"RAZL", true, true, false, 0.25, 0.005, 1.0, 0.005, 1.0},
    {"CLOW", true, true, false, 2.9, 1.8, 4.2, 1.8, 4.2},
    {"UBDI", false, true, false, 0.02, 0, 0, 0.005, 1.0},
    {"CFVC", false, true, false, 0.1, 0, 0, 0.005, 2.0},
    {"TMAX", true, true, false, 55, -20, 65, -20, 65},
    {"TMIN", true, true, false, -10, -30, 65, -30, 65},
    {"TBAL", true, true, false, 55, -20, 65, -20, 65},
    {"BMTH", true, true, false, 5, 1, 30, 1, 30},
    {"IOFF", true, true, false, 0, -2, 2, -2, 2},
    {"IOJA", true, true, false, 0.0078125, 0.0005, 0.5, 0.0005, 0.5},
    {"CAPA", true, true, false, 500, 1, 5000, 1, 3000},
    {"CHEM", true, true, true, 3, 1, 5, 1, 5},
    {"SOCH", true, true, false, 0.05, 0.005, 0.99, 0.005, 0.99},
    {"CHAC", true, true, false, 0.6, 0.01, 1, 0.01, 5},
    {"DCHC", true, true, false, 1.5, 0.01, 3, 0.01, 5},
    {"MAXC", true, true, false, 70, 5, 345, 5, 280},
    {"MAXD", true, true, false, 120, 5, 345, 5, 400},
    {"SISN", true, false, true, 1, 1, 6, 0, 0},
    {"STRN", false, true, true, 1, 0, 0, 1, 6},
    {"CANF", true, false, true, 1, 1, 2, 0, 0},
    {"VMAX", true, true, true, 0, 0, 8000, 0, 8000},
    {"VMIN", true, true, true, 0, 0, 8000, 0, 8000},
    {"ERLD", false, true, true, 0, 0, 0, 0, 1},
    {"RE1L", false, true, false, 2.9, 0, 0, -2000, 2000},
    {"RE1H", false, true, false, 0.1, 0, 0, -2, 2},
    {"RE1T", false, true, true, 1979711486, 0, 0, 0, 4294967295.0},
    {"OP2L", false, true, false, 3.5, 0, 0, -2000, 2000},
    {"OP2H", false, true, false, -0.1, 0, 0, -2, 2},
    {"OP2T", false, true, true, 380239933, 0, 0, 0, 4294967295.0},
    {"EAVC", true, false, false, 0, -0.0003, 0.0003, 0, 0},
    {"ODDC", true, false, false, 0, -0.0003, 0.0003, 0, 0},
    {"CAL1", false, true, false, 0, 0, 0, -0.03, 0.03},
    {"CAL2", false, true, false, 0, 0, 0, -0.03, 0.03},
    {"CAL3", false, true, false, 0, 0, 0, -0.03, 0.03},
    {"CAL4", false, true, false, 0, 0, 0, -0.03, 0.03},
};

}  // namespace

RecMemory::RecMemory(RecKind kind, double capacity_ah) {
  const bool abms = kind == RecKind::abms;
  for (const Row& row : rows) {
    if (!(abms ? row.on_abms : row.on_q1)) continue;
    settings_[row.name] = {.value = row.value,
                           .low = abms ? row.abms_low : row.q1_low,
                           .high = abms ? row.abms_high : row.q1_high,
                           .whole = row.whole};
  }
  settings_.find("CAPA")->second.value = capacity_ah;
}

std::optional<double> RecMemory::at(std::string_view name) const {
  const auto found = settings_.find(name);
  if (found == settings_.end()) return std::nullopt;
  return found->second.value;
}

std::optional<std::string> RecMemory::text(std::string_view name) const {
  const auto found = settings_.find(name);
  if (found == settings_.end()) return std::nullopt;
  if (found->second.whole) return std::to_string(std::llround(found->second.value));
  return rec_number(found->second.value);
}

bool RecMemory::write(std::string_view name, double value) {
  const auto found = settings_.find(name);
  if (found == settings_.end()) return false;
  Setting& setting = found->second;
  const bool fits = value >= setting.low && value <= setting.high && (!setting.whole || value == std::floor(value));
  // A unit keeps single precision.
  if (fits) setting.value = setting.whole ? value : static_cast<double>(static_cast<float>(value));
  return fits;
}

std::map<std::string, double> RecMemory::all() const {
  std::map<std::string, double> values;
  for (const auto& [name, setting] : settings_) values[name] = setting.value;
  return values;
}

std::string rec_number(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.5e", value);
  const std::string_view whole = text.data();
  const std::size_t e = whole.find('e');
  return std::string(whole.substr(0, e + 1)) + std::to_string(std::atoi(text.data() + e + 1));
}

}  // namespace bms::sim
