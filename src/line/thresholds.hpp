// Asks a BMS where it opens its FETs: charge control keeps away from there.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "bms/thresholds.hpp"
#include "family.hpp"
#include "line/session.hpp"

namespace bms::line {

/// Asks for them, by parameters that can be read without any side effect. One that no cell can have, or that is not the
/// same twice, counts as not reported.
boost::asio::awaitable<Thresholds> read_thresholds(Session& session, Protocol& protocol, const ThresholdNames& names);

}  // namespace bms::line
