// A classic Daly board at the other end of a wire, for the tests of polls, probes and identities.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "daly/daly.hpp"
#include "daly_wire.hpp"

namespace bms::daly_test {

struct A5Fixture : testing::Test {
  A5WireBoard board;
  Wire<A5WireBoard> wire{board};
  std::unique_ptr<Protocol> protocol = daly::make();

  Result<Reading> poll() {
    wire.sent.clear();
    wire.requests.clear();
    Query<Reading>& query = protocol->poll();
    wire.run(query);
    return query.result();
  }

  /// Polls until everything that is asked in turn has been asked twice.
  Reading settled() {
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(poll());
    return poll().value();
  }

  Result<std::string> probe() {
    const auto query = protocol->probe();
    wire.run(*query);
    return query->result();
  }

  DeviceInfo identify() {
    const auto query = protocol->identify();
    wire.run(*query);
    return query->result().value();
  }

  [[nodiscard]] std::vector<unsigned> asked() const {
    std::vector<unsigned> commands;
    commands.reserve(wire.sent.size());
    for (const ByteVector& request : wire.sent) commands.push_back(request[2]);
    return commands;
  }
  [[nodiscard]] long count(unsigned command) const { return std::ranges::count(asked(), command); }

  /// Replaces the answer to one command, once: a damaged frame whose sum is right.
  void falsify(unsigned command, const ByteVector& data) {
    wire.before = [this, command, data](const ByteVector& request) {
      if (request[2] != command || std::exchange(falsified_, true)) return ByteVector();
      return a5_frame(board.number, command, data);
    };
    falsified_ = false;
  }

 private:
  bool falsified_ = false;
};

}  // namespace bms::daly_test
