// Walks the tables of settings: a value from a word, a word from a value.
#include "ant/ant_settings.hpp"

#include <cmath>
#include <sstream>
#include <string>

namespace bms::ant {

double value_of(const Setting& setting, std::uint16_t raw) { return raw / setting.scale.counts_per_unit; }

Result<std::uint16_t> raw_of(const Setting& setting, double value) {
  if (setting.access != Access::read_write)
    return failure(ErrorKind::rejected, std::string(setting.name) + " is read only");
  if (std::isfinite(value) && value >= setting.min && value <= setting.max)
    return static_cast<std::uint16_t>(std::lround(value * setting.scale.counts_per_unit));
  std::ostringstream text;
  text << setting.name << " takes " << setting.min << " to " << setting.max << ' ' << setting.scale.unit << ", not "
       << value;
  return failure(ErrorKind::rejected, text.str());
}

}  // namespace bms::ant
