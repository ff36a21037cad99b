// One poll of an ANT board: a status frame makes a Reading. Allocates nothing while all is well.
#pragma once

#include <cstdint>

#include "ant/ant_conversation.hpp"
#include "bms/reading.hpp"

namespace bms::ant {

class NewPoll final : public NewConversation<Reading> {
 public:
  explicit NewPoll(NewBoard& board) : board_(board) {}

  /// Begins anew, wherever the last poll ended.
  void start();

  [[nodiscard]] Result<Reading> result() const override { return result_; }

 private:
  void take(Result<NewReply> answer) override;

  NewBoard& board_;
  Result<Reading> result_;
};

/// Where the status does not hold the configured capacity, two registers are asked for it now and then.
class OldPoll final : public OldConversation<Reading> {
 public:
  explicit OldPoll(OldBoard& board) : OldConversation(board) {}

  void start();

  [[nodiscard]] Result<Reading> result() const override { return result_; }

 private:
  enum class Step : std::uint8_t { status, capacity_low, capacity_high };

  void take(Result<OldReply> answer) override;
  void take_status(const Result<OldReply>& answer);
  void answered(Status status);
  void ask_status(std::size_t which, int attempts);
  void ask_capacity(Step step);
  void take_capacity(const Result<OldReply>& answer);
  void end(Error why);
  void publish();

  Step step_ = Step::status;
  std::size_t asked_ = 0;  ///< which of the status requests
  std::uint16_t capacity_low_ = 0;
  Status status_;
  Result<Reading> result_;
};

}  // namespace bms::ant
