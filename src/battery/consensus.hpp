// A vote of readings, for lines that damage frames. On such a line two errors in one frame can cancel out in its
// checksum, so a single reading is not believed: two equal ones are, or the middle of three.
#pragma once

#include <boost/container/static_vector.hpp>
#include <optional>

#include "bms/reading.hpp"

namespace bms::battery {

/// Collects readings taken shortly after each other until they agree.
class Consensus {
 public:
  /// Adds one reading and returns what may be believed, if it is enough. After a verdict the oldest voter makes room
  /// for the next reading, which has a verdict of its own.
  /// Two readings that are equal are believed at once. Of three, each number is the middle one, each yes or no what two
  /// say; a single false reading can therefore never show through. Three of which no two have the same shape (number of
  /// cells and sensors) give no verdict.
  std::optional<Reading> add(const Reading& reading);

  /// Forgets the readings collected so far.
  void clear() {
    readings_.clear();
    decided_ = false;
  }

  /// Whether a vote has begun and wants more readings.
  [[nodiscard]] bool undecided() const { return !readings_.empty() && !decided_; }

 private:
  static constexpr std::size_t voters = 3;

  Reading decide(const Reading& verdict, const Reading& newest);

  boost::container::static_vector<Reading, voters - 1> readings_;
  bool decided_ = false;
};

}  // namespace bms::battery
