// Is there a Chargery board? Nothing is sent.
#pragma once

#include <string>

#include "chargery/chargery_listen.hpp"

namespace bms::chargery {

class Probe final : public Listening<std::string> {
 public:
  using Listening::Listening;

  [[nodiscard]] Result<std::string> result() const override { return result_; }

 private:
  void conclude(const Result<void>& heard) override;

  Result<std::string> result_;
};

}  // namespace bms::chargery
