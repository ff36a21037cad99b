// Bytes that pass over a line, as somebody hears of them who listens.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "bms/bytes.hpp"
#include "bms/time.hpp"

namespace bms {

/// One piece: a question, which is always whole, or a part of what came.
struct Traffic {
  TimePoint at{};
  bool sent = false;  ///< by us
  Bytes bytes{};      ///< valid during the call
};

/// A piece with bytes of its own.
struct KeptTraffic {
  TimePoint at{};
  bool sent = false;
  std::vector<std::uint8_t> bytes{};
};

using TrafficListener = std::function<void(const Traffic& piece)>;

/// Somebody listens until this is gone.
using Listening = std::shared_ptr<void>;

}  // namespace bms
