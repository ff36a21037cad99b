// Switches one FET off by the software lock of register E1, or releases that lock.
#pragma once

#include <cstdint>
#include <optional>

#include "bms/command.hpp"
#include "jbd/jbd_factory_mode.hpp"

namespace bms::jbd {

/// Reads register 03 to know the locks as they are, writes E1, reads 03 again until it shows the change.
class FetCommand final : public FactoryModeCommand {
 public:
  FetCommand(Board& board, Fet fet, bool on);

 private:
  enum class Step : std::uint8_t { learn, write, check };

  void inside() override { write(); }
  void left() override { ask_basic_info(Step::check); }
  void answered(const Result<Reply>& answer) override;

  void ask_basic_info(Step step);
  void write();
  void decide();
  void answered_write(const Result<Reply>& answer);
  void answered_check(const BasicInfo& info);
  [[nodiscard]] bool shown_in(const BasicInfo& info) const;

  Fet fet_;
  bool on_;
  Step step_ = Step::learn;
  FetLocks wanted_;
  bool tried_factory_mode_ = false;
  int checks_left_;
  std::optional<Error> write_error_;
};

}  // namespace bms::jbd
