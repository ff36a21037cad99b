// A REC unit on a wire that may fail, and the protocol that talks to it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "rec/rec.hpp"
#include "rec_wire.hpp"

namespace bms::rec {

using rec_test::ascii;
using rec_test::ByteVector;
using rec_test::concat;
using rec_test::floats;
using rec_test::frame;
using rec_test::LineFault;
using rec_test::says;
using rec_test::Wire;
using rec_test::WireUnit;

/// A unit, its wire and the protocol that polls it.
struct RecPoll : testing::Test {
  WireUnit unit;
  Wire wire{unit};
  std::unique_ptr<Protocol> protocol = rec::make({.variant = variants[0]});

  void use(unsigned address, std::size_t sensors = 0) {
    unit.address = address;
    protocol =
        rec::make({.variant = {.dialect = "", .baud = 56000, .address = address}, .temperature_sensors = sensors});
  }

  Result<Reading> poll() {
    wire.asked.clear();
    wire.attempts.clear();
    Query<Reading>& query = protocol->poll();
    wire.run(query);
    return query.result();
  }

  /// The last of so many polls, all of which must succeed.
  Reading polls(int count) {
    for (int i = 1; i < count; ++i) EXPECT_TRUE(poll());
    return poll().value();
  }

  [[nodiscard]] bool asked(const std::string& text) const { return std::ranges::count(wire.asked, text) > 0; }
};

/// All errands are done after so many polls.
inline constexpr int polls_to_know_everything = 10;

}  // namespace bms::rec
