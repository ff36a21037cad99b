// What ANT boards can be set to: a word from a value.
#include "ant/ant_settings.hpp"

#include "parameters.hpp"

namespace bms::ant {

Result<std::uint16_t> raw_of(const Setting& setting, double value) {
  if (auto checked = check_write(setting, value); !checked) return std::unexpected(checked.error());
  return setting.scale.word(value);
}

}  // namespace bms::ant
