// Is there an 0xA5 board? Two questions that change nothing: a single frame is not enough, since its sum has 8 bits and
// other protocols have bytes that look alike.
#pragma once

#include <string>

#include "daly/daly_a5_conversation.hpp"

namespace bms::daly {

class A5Probe final : public A5Conversation<std::string> {
 public:
  explicit A5Probe(A5Board& board);

  [[nodiscard]] Result<std::string> result() const override { return result_; }

 private:
  void take(Result<Reply> answer) override;
  void take_status(const Reply& reply);
  void take_pack(const Reply& reply);
  void end(Result<std::string> result);

  Status status_;
  bool has_status_ = false;
  Result<std::string> result_;
};

}  // namespace bms::daly
