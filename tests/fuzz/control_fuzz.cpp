// Fuzzes charge control by the lines of "control": frames that can be true, extreme ones, lines that are not frames,
// and any file for what was remembered. Each line has one answer, limits are never above what is configured, never
// missing after a believed frame, and never open for a cell that is far out.
#include <array>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "cli/control.hpp"
#include "recipe.hpp"
#include "scratch.hpp"

namespace {

using namespace fuzz;
using nlohmann::json;

constexpr double most_charge_a = 50;
constexpr double most_discharge_a = 60;
// Beyond what every rule of the default configuration allows.
constexpr double surely_high_v = 4;
constexpr double surely_low_v = 2;
constexpr int surely_lasting = 12;  ///< frames, one second apart or more

/// A number of the recipe: of the table, or next to it.
template <std::size_t N>
double some(Recipe& recipe, const std::array<double, N>& usual) {
  const std::uint8_t choice = recipe.byte();
  const double value = usual.at(choice % N);
  return choice < 128 ? value : value * (1 + (recipe.byte() - 128) / 1000.0);
}

json cells(Recipe& recipe) {
  const double all_v = some(recipe, std::array{3.3, 3.4, 3.45, 3.55, 3.6, 3.65, 3.7, 4.2, 3.0, 2.9, 2.8, 2.5, 1.5});
  std::vector<double> cells(1 + recipe.byte() % 32, all_v);
  for (int odd = recipe.byte() % 4; odd > 0; --odd)
    cells[recipe.byte() % cells.size()] =
        some(recipe, std::array{all_v - 0.01, all_v + 0.02, all_v + 0.2, all_v - 0.2, 4.25, 0.0, 5.9, 6.1, -1.0});
  return cells;
}

json temperatures(Recipe& recipe) {
  json list = json::array();
  for (int count = recipe.byte() % 5; count > 0; --count) {
    const double value = some(recipe, std::array{20.0, 25.0, 0.5, -10.0, 45.0, 56.0, 70.0, 120.0, -41.0, 999.0, 2e3});
    list.push_back(value > 1500 ? json() : json(value));
  }
  return list;
}

/// A frame, most of the time one that can be true.
std::string frame(Recipe& recipe) {
  json line = {{"dt_s", some(recipe, std::array{1.0, 1.0, 1.0, 1.0, 0.0, 0.1, 10.0, 60.0, 3600.0, 1e6, 1e300})}};
  const std::uint8_t members = recipe.byte();
  if (members % 16 == 15) {
    line["lost"] = true;
    return line.dump();
  }
  line["cells_v"] = cells(recipe);
  if ((members & 1U) == 0)
    line["current_a"] = some(recipe, std::array{0.0, 1.0, 5.0, 49.0, 80.0, -1.0, -30.0, -90.0, 9e3, 1e5});
  if ((members & 2U) == 0) line["soc_pct"] = some(recipe, std::array{50.0, 100.0, 99.0, 0.0, 3.0, 10.0, 120.0, -5.0});
  if ((members & 4U) == 0) line["capacity_ah"] = some(recipe, std::array{280.0, 100.0, 0.1, 0.0, 1e-300, 1e5, -3.0});
  if ((members & 8U) == 0) line["temperatures_c"] = temperatures(recipe);
  if ((members & 16U) != 0) line["voltage_v"] = some(recipe, std::array{53.0, 26.5, 13.2, 3.3, 0.0, 1e9});
  if ((members & 32U) != 0)
    line["alarms"] = {{(members & 1U) != 0 ? "HighCellVoltage" : "LowCellVoltage", recipe.byte() % 3}};
  if ((members & 64U) != 0) {
    line["charge_fet"] = (recipe.byte() & 1U) != 0;
    line["max_charge_voltage_v"] = some(recipe, std::array{56.0, 55.2, 0.0, 1e300, -1.0});
    line["max_charge_current_a"] = some(recipe, std::array{100.0, 20.0, 0.0, -1.0, 1e300});
    line["mos_temperature_c"] = some(recipe, std::array{30.0, 80.0, 110.0, -50.0, 500.0});
  }
  return line.dump();
}

/// Lines for the filter; here and there one is damaged.
std::vector<std::string> some_lines(Recipe& recipe, std::size_t most = 200) {
  std::vector<std::string> lines;
  while (!recipe.empty() && lines.size() < most) {
    std::string line = frame(recipe);
    const std::uint8_t damage = recipe.byte();
    if (damage >= 250) line[recipe.byte() % line.size()] = static_cast<char>(1 + recipe.byte() % 255);
    std::erase(line, '\n');
    // The same again, as a battery stays as it is most of the time.
    lines.insert(lines.end(), damage % 8 == 0 ? 12 : 1, line);
  }
  return lines;
}

/// What must hold for any answer.
void check_answer(const json& answer) {
  const json& cvl = answer.at("cvl_v");
  const json& ccl = answer.at("ccl_a");
  const json& dcl = answer.at("dcl_a");
  must(cvl.is_null() == ccl.is_null() && ccl.is_null() == dcl.is_null());
  if (!cvl.is_null()) {
    must(cvl > 0);
    must(ccl >= 0 && ccl <= most_charge_a);
    must(dcl >= 0 && dcl <= most_discharge_a);
  }
  const json& soc = answer.at("soc_pct");
  must(soc.is_null() || (soc >= 0 && soc <= 100));
  const json& time_to_go = answer.at("time_to_go_s");
  must(time_to_go.is_null() || time_to_go >= 0);
}

/// What must hold when a frame has come again and again, and was believed.
void check_lasting(const json& answer, const json& frame) {
  for (const json& cell : frame.at("cells_v")) {
    must(cell < surely_high_v || answer.at("ccl_a") == 0);
    must(cell > surely_low_v || answer.at("dcl_a") == 0);
  }
}

void check(const std::vector<std::string>& lines, const std::string& state_file) {
  std::stringstream in;
  for (const std::string& line : lines) in << line << '\n';
  std::stringstream out;
  std::stringstream problems;
  (void)bms::cli::control(in, out, problems, {.config_file = {}, .battery = {}, .state_file = state_file});
  std::string text;
  std::string before;
  int alike = 0;
  for (const std::string& line : lines) {
    must(static_cast<bool>(std::getline(out, text)));
    const json answer = json::parse(text);
    alike = line == before ? alike + 1 : 1;
    before = line;
    if (answer.contains("error")) continue;
    check_answer(answer);
    const json asked = json::parse(line);
    if (answer.contains("refused") || asked.value("lost", json()) == true) continue;
    must(!answer.at("cvl_v").is_null());
    if (alike >= surely_lasting && asked.at("dt_s") >= 1) check_lasting(answer, asked);
  }
  must(!std::getline(out, text));
}

std::vector<std::string> split(const ByteVector& bytes) {
  std::stringstream text(std::string(bytes.begin(), bytes.end()));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Scratch scratch("control_fuzz");
  const std::string state_file = scratch.path("battery.json");
  Recipe recipe({data, size});
  switch (recipe.byte() % 4) {
    case 0: check(split(recipe.bytes(size)), ""); break;
    case 1:
      scratch.write("battery.json", recipe.bytes(size));
      check({R"({"dt_s":1,"cells_v":[3.3,3.3,3.3,3.31],"current_a":5})", R"({"dt_s":1,"lost":true})"}, state_file);
      break;
    case 2: check(some_lines(recipe), ""); break;
    default:
      // Twice, with a restart in between.
      std::filesystem::remove(state_file);
      check(some_lines(recipe, 100), state_file);
      check(some_lines(recipe, 100), state_file);
  }
  return 0;
}
