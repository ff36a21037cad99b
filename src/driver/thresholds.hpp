// Where a BMS itself opens its FETs: charge control keeps away from there.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>

#include "driver/session.hpp"
#include "family.hpp"

namespace bms::driver {

/// Cell voltages; empty: the BMS does not tell.
struct Thresholds {
  std::optional<double> cell_over_voltage_v, cell_under_voltage_v;
};

/// Asks for them, by parameters that can be read without any side effect. One that no cell can have, or that is not the
/// same twice, counts as not told.
boost::asio::awaitable<Thresholds> read_thresholds(Session& session, Protocol& protocol, const ThresholdNames& names);

}  // namespace bms::driver
