// Daly Smart BMS.
#include "daly/daly.hpp"

#include <algorithm>

#include "daly/daly_a5.hpp"
#include "daly/daly_a5_settings.hpp"
#include "daly/daly_modbus.hpp"
#include "parameters.hpp"

namespace bms::daly {

std::unique_ptr<Protocol> make(const BoardOptions& options) {
  const std::string_view dialect = options.variant.dialect;
  const unsigned board = std::clamp(options.variant.address, 1U, most_boards);
  const std::size_t cells = options.cells;
  const std::size_t sensors = options.temperature_sensors;
  if (dialect == dialects::p81) return std::make_unique<DalyModbus>(Map::p81, p81_addresses(board), cells, sensors);
  if (dialect == dialects::d2) return std::make_unique<DalyModbus>(Map::d2, d2_addresses, cells, sensors);
  const bool bluetooth = dialect == dialects::a5_bluetooth;
  return std::make_unique<DalyA5>(bluetooth ? bluetooth_host : host_for(board), cells, sensors);
}

ParameterList parameters_of(const Variant& variant) {
  const bool d2 = variant.dialect == dialects::d2;
  if (!d2 && variant.dialect != dialects::p81) return parameters_in(a5_settings());
  ParameterList all;
  for (const RegisterSetting& setting : register_settings())
    if (setting.value.address.exists_in(d2 ? Map::d2 : Map::p81)) all.push_back(&setting);
  return all;
}

}  // namespace bms::daly
