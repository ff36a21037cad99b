// What lasts between two conversations with one board of the newer protocol.
#pragma once

#include <bitset>
#include <cstddef>
#include <optional>

#include "bms/reading.hpp"
#include "daly/daly_modbus_frame.hpp"
#include "daly/daly_registers.hpp"

namespace bms::daly {

struct ModbusBoard {
  Map map = Map::d2;
  ModbusAddress address{};
  std::size_t user_cells = 0, user_sensors = 0;  ///< what the user says; 0: the board is believed

  std::optional<double> rated_ah;
  std::optional<Chemistry> chemistry;

  // What only d2's longer map holds, and not on every board.
  std::optional<double> mosfet_temperature_c;
  std::optional<std::bitset<max_cells>> balancer_bits;
};

}  // namespace bms::daly
