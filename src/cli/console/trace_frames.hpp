// What passes over a line, put together again: questions, and answers as soon as they are whole, with what they mean.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bms/traffic.hpp"
#include "family.hpp"

namespace bms::cli {

/// A question; or what came, up to the end of a frame or of the answer.
struct TraceFrame {
  TimePoint at{};  ///< of its first byte
  bool sent = false;
  std::vector<std::uint8_t> bytes{};  ///< empty: nothing came in answer to a question
  std::vector<bool> hidden{};         ///< for each byte: it was part of a password, and is not shown
  std::vector<FramePart> parts{};     ///< empty where the family is not known
  std::string asks{};                 ///< of a question
  nlohmann::ordered_json facts{};     ///< of what came, as decode has them; null: nothing is to be said (yet)
};

class TraceFrames {
 public:
  /// `family`: whose board it is; nullptr: not known, and nothing is put together.
  TraceFrames(const Family* family, std::function<void(const TraceFrame&)> take)
      : family_(family), take_(std::move(take)) {}

  void take(const KeptTraffic& piece);

  /// Nothing more comes, or something is missing here.
  void end();

 private:
  void ask(const KeptTraffic& question);
  void hand_over_answer(bool more_may_come);
  [[nodiscard]] nlohmann::ordered_json facts(bool more_may_come) const;

  const Family* family_;
  std::function<void(const TraceFrame&)> take_;
  std::vector<std::uint8_t> question_;             ///< the present one; empty: none has been seen
  bool answered_ = true;                           ///< something came since
  std::vector<Secret> secrets_;                    ///< of the present question
  std::vector<std::vector<std::uint8_t>> answer_;  ///< all that came since the question
  TraceFrame coming_;                              ///< what has not been handed over
};

}  // namespace bms::cli
