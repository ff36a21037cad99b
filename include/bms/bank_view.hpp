// What is shown of the packs of a bank beside the bank itself.
#pragma once

#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bms/reading.hpp"
#include "bms/short_text.hpp"

namespace bms {

/// One pack. Values are empty unless it is heard.
struct PackView {
  std::string name{}, serial{}, firmware{};
  std::string_view standing{};  ///< "in use", "silent", ...
  bool excluded = false;        ///< by the owner, for service
  std::size_t cell_count = 0;   ///< fixed when the bank is first shown
  std::optional<double> voltage_v{}, current_a{}, soc_pct{}, capacity_ah{}, temperature_c{};
  std::optional<double> charge_limit_a{}, discharge_limit_a{};  ///< as they count
  boost::container::static_vector<double, max_cells> cells_v{};
};

struct BankView {
  bool series = false;
  std::vector<PackView> packs{};
  int online = 0, offline = 0, blocking_charge = 0, blocking_discharge = 0;
  int error_code = 0;  ///< of Venus, while the packs cannot be one bank; 0: none
  bool voltage_imbalance = false, current_imbalance = false, soc_imbalance = false;
  ShortText lowest_cell_id{}, highest_cell_id{};      ///< "B2C7": the seventh cell of the second pack
  ShortText lowest_cell_name{}, highest_cell_name{};  ///< "House 2, cell 7"
};

}  // namespace bms
