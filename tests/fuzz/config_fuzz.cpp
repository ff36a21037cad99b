// Any text as config.ini: it never crashes, it can always be used, and what it allows by mistake is never more than the
// default. As a file of dbus-serialbattery: what is made of it has no fault.
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>

#include "bms/utf8.hpp"
#include "config/config.hpp"
#include "config/import/import.hpp"
#include "config/unused_sections.hpp"

namespace {

using bms::config::Config;

void read(const std::string& text) {
  std::istringstream in(text);
  const Config config = Config::read(in);
  const bms::config::Settings settings = config.settings_for({"ttyUSB0", "JBD:1"});
  const bms::charge::Config& charge = settings.charge;
  const bool in_order = charge.min_cell_v < charge.float_cell_v && charge.float_cell_v <= charge.absorption_cell_v;
  if (!in_order || !(charge.absorption_cell_v < 5) || !(charge.max_charge_current.value >= 0)) std::abort();
  const double usual_a = bms::charge::Config().max_charge_current.value;
  if (config.option_count() == 0 && (charge.max_charge_current.c_rate || charge.max_charge_current.value > usual_a)) {
    std::abort();
  }
  if (!bms::is_clean_text(settings.name)) std::abort();
  for (const bms::config::Fault& fault : config.faults()) {
    if (!bms::is_clean_text(fault.text())) std::abort();
  }
  (void)config.explain({"ttyUSB0"});
  const std::string_view names[] = {"ttyUSB0", "JBD:1", ""};
  (void)bms::config::unused_sections(config, names, "ttyUSB0");
}

void import(const std::string& text) {
  std::istringstream in(text);
  const bms::config::Imported imported = bms::config::import_serialbattery(in);
  std::istringstream ours(imported.text);
  const Config config = Config::read(ours);
  if (!config.faults().empty() || config.option_count() != imported.options) std::abort();
  // Going on without contact is a wish that has to be written down.
  if (config.settings_for({}).keep_for_s > 0 && !imported.text.contains("# BLOCK_ON_DISCONNECT")) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  read(text);
  import(text);
  return 0;
}
