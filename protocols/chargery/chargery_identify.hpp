// Who is on the line, as far as a Chargery board lets that be known: nothing of it is reported, some of it shows.
#pragma once

#include "chargery/chargery_listen.hpp"

namespace bms::chargery {

class Identify final : public Listening<DeviceInfo> {
 public:
  /// Asks for nothing more when both kinds of frames are known already.
  explicit Identify(Board& board);

  /// Never an error. There is no serial number: two boards can be told apart by their ports only.
  [[nodiscard]] Result<DeviceInfo> result() const override { return info_; }

 private:
  void conclude(const Result<void>& heard) override;

  DeviceInfo info_;
};

}  // namespace bms::chargery
