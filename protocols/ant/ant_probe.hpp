// Is there an ANT board? The status is asked for twice, which changes nothing.
//
// An existing driver took smart meters, GPS receivers and other makers' boards for ANT, because it believed replies by
// their length alone (Louisvdw/dbus-serialbattery#479, #150, #815). So two sound and plausible frames in a row are
// wanted whose run time does not go back. That nobody talks on the line without being asked is made sure of before.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "ant/ant_conversation.hpp"

namespace bms::ant {

/// What was seen of a board so far.
class Sightings {
 public:
  /// Takes a status; returns why it cannot come from a board that can be believed, if so.
  [[nodiscard]] std::optional<Error> look(const Result<Status>& status);

  /// Whether enough was seen.
  [[nodiscard]] bool enough() const { return seen_ >= 2; }
  [[nodiscard]] bool any() const { return seen_ > 0; }

 private:
  int seen_ = 0;
  std::uint32_t runtime_s_ = 0;
};

class NewProbe final : public NewConversation<std::string> {
 public:
  explicit NewProbe(NewBoard& board);
  [[nodiscard]] Result<std::string> result() const override { return result_; }

 private:
  void take(Result<NewReply> answer) override;
  void ask_status();
  void end(Result<std::string> outcome);

  NewBoard& board_;
  Sightings sightings_;
  Result<std::string> result_;
};

class OldProbe final : public OldConversation<std::string> {
 public:
  explicit OldProbe(OldBoard& board);
  [[nodiscard]] Result<std::string> result() const override { return result_; }

 private:
  void take(Result<OldReply> answer) override;
  void ask_status(std::size_t which);
  void end(Result<std::string> outcome);

  std::size_t asked_ = 0;
  Sightings sightings_;
  Result<std::string> result_;
};

}  // namespace bms::ant
