// Any text as config.ini: it never crashes, it can always be used, and what it allows by mistake is never more than the
// default.
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>

#include "config/config.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::istringstream in(std::string(reinterpret_cast<const char*>(data), size));
  const bms::config::Config config = bms::config::Config::read(in);
  const bms::config::Settings settings = config.settings_for({"ttyUSB0", "JBD:1"});
  const bms::charge::Config& charge = settings.charge;
  const bool in_order = charge.min_cell_v < charge.float_cell_v && charge.float_cell_v <= charge.absorption_cell_v;
  if (!in_order || !(charge.absorption_cell_v < 5) || !(charge.max_charge_current.value >= 0)) std::abort();
  const double usual_a = bms::charge::Config().max_charge_current.value;
  if (config.option_count() == 0 && (charge.max_charge_current.c_rate || charge.max_charge_current.value > usual_a)) {
    std::abort();
  }
  (void)config.explain({"ttyUSB0"});
  return 0;
}
