// What the other ends of the wire have in common in the tests of the families. How numbers and CRCs go over a wire they
// take from the simulated boards, which share no code with what is tested; each family's frames they build themselves.
#pragma once

#include "sim/wire.hpp"

namespace bms::wires {

using sim::ByteVector;
using sim::crc16;
using sim::put;
using sim::put_low_first;

inline ByteVector concat(ByteVector first, const ByteVector& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace bms::wires
