// One poll of a JBD board: register 03, then register 04, make a Reading. Allocates nothing while all is well.
#pragma once

#include <cstdint>

#include "bms/reading.hpp"
#include "jbd/jbd_board.hpp"
#include "jbd/jbd_conversation.hpp"
#include "jbd/jbd_decode.hpp"

namespace bms::jbd {

/// The state of charge to publish. The BMS's own percentage is right, but coarse: where the learned capacity is known
/// and agrees with it, remaining / full gives the finer steps.
[[nodiscard]] double state_of_charge_pct(const BasicInfo& info);

/// Everything that register 03 says, as a Reading without cells.
[[nodiscard]] Reading reading_of(const BasicInfo& info);

class Poll final : public JbdConversation<Reading> {
 public:
  explicit Poll(Board& board) : JbdConversation(board) {}

  /// Begins anew, wherever the last poll ended.
  void start();

  [[nodiscard]] Result<Reading> result() const override { return result_; }

 private:
  enum class Step : std::uint8_t { leave_factory_mode, basic_info, cell_voltages };

  void take(Result<Reply> answer) override;
  void leave_factory_mode();
  void take_leaving(const Result<Reply>& answer);
  void ask_basic_info();
  void take_basic_info(const Result<Reply>& answer);
  void take_cell_voltages(const Result<Reply>& answer);
  void end(Error why);

  Step step_ = Step::basic_info;
  std::size_t cell_count_ = 0;
  Result<Reading> result_;
};

}  // namespace bms::jbd
