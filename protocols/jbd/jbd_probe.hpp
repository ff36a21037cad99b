// Is there a JBD board? Register 03 is asked for, which changes nothing.
#pragma once

#include <string>

#include "jbd/jbd_board.hpp"
#include "jbd/jbd_conversation.hpp"

namespace bms::jbd {

class Probe final : public JbdConversation<std::string> {
 public:
  explicit Probe(Board& board);

  [[nodiscard]] Result<std::string> result() const override { return result_; }

 private:
  void take(Result<Reply> answer) override;

  Result<std::string> result_;
};

}  // namespace bms::jbd
