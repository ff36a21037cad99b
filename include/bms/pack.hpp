// One pack of a bank, as it is shown beside the battery that all of them are together.
#pragma once

#include <boost/container/static_vector.hpp>
#include <optional>
#include <string>

#include "bms/reading.hpp"

namespace bms {

/// Empty: it does not say, or is not heard.
struct Pack {
  std::string name;  ///< for people
  std::string serial, firmware;
  std::optional<double> voltage_v, current_a, soc_pct, capacity_ah;
  std::optional<double> temperature_c;                      ///< the hottest that it names
  std::optional<double> charge_limit_a, discharge_limit_a;  ///< as they count for the bank
  boost::container::static_vector<double, max_cells> cells_v{};
  std::size_t cell_count = 0;  ///< that it has, whether it is heard or not
  std::optional<bool> charge_fet, discharge_fet;
  bool heard = false;
  bool excluded = false;  ///< by the owner, for service
};

}  // namespace bms
