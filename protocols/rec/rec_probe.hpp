// Is there a REC unit? *IDN is asked for, then LCD1: two reads, whatever the first one brings.
//
// A name alone is no proof, and neither is a single sound frame of some shape. A unit that does not give its name,
// or one that nobody knows, is taken if LCD1 is perfect.
#pragma once

#include <cstdint>
#include <string>

#include "rec/rec_board.hpp"
#include "rec/rec_conversation.hpp"

namespace bms::rec {

class Probe final : public RecConversation<std::string> {
 public:
  explicit Probe(Board& board);

  [[nodiscard]] Result<std::string> result() const override { return result_; }

 private:
  enum class Step : std::uint8_t { name, overview };

  void take(const Result<Answer>& answer) override;
  void take_overview(const Result<Answer>& answer);

  Board& board_;
  Step step_ = Step::name;
  std::string name_;
  Result<std::string> result_;
};

}  // namespace bms::rec
