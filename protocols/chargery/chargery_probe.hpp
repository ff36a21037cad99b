// Is there a Chargery board? Nothing is sent.
#pragma once

#include <string>

#include "chargery/chargery_listen.hpp"

namespace bms::chargery {

class Probe final : public Listening<std::string> {
 public:
  /// `expected`: the board was here the last time, and one kind of frame is enough.
  Probe(Board& board, bool expected) : Listening(board), expected_(expected) {}

  [[nodiscard]] Result<std::string> result() const override { return result_; }

 private:
  [[nodiscard]] bool enough() const override;
  void conclude(const Result<void>& heard) override;

  bool expected_;
  Result<std::string> result_;
};

}  // namespace bms::chargery
