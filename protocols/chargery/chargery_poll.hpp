// One poll of a Chargery board: the next 57 and the next 56 that it sends by itself, as a Reading. Allocates nothing
// while all is well.
#pragma once

#include <cstddef>

#include "bms/reading.hpp"
#include "chargery/chargery_board.hpp"
#include "chargery/chargery_listen.hpp"

namespace bms::chargery {

/// No frame gets into two readings, so that a reader who compares several never meets the same damage twice.
class Poll final : public Query<Reading> {
 public:
  explicit Poll(Board& board) : board_(board) {}

  /// Begins anew, wherever the last poll ended.
  void start();

  [[nodiscard]] std::optional<Request> request() override;
  Progress receive(Bytes chunk) override;
  [[nodiscard]] Error timed_out() override;
  /// What is complete is a reading, even if damage kept it back.
  void give_up(const Error& why) override;
  [[nodiscard]] Result<Reading> result() const override { return result_; }

 private:
  /// Ends the poll if there is a reading, or a reason why there cannot be one.
  bool conclude();
  void end(Result<Reading> result);

  Board& board_;
  Result<Reading> result_;
  bool over_ = true;
  bool untouched_ = true;         ///< not one byte in this attempt
  bool damage_reported_ = false;  ///< once in a poll is enough
};

}  // namespace bms::chargery
