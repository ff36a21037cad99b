// What the exchanges of one session with a board on the air mean, as one stream of bytes.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "bluetooth/module_noise.hpp"
#include "cli/exchange_line.hpp"
#include "family.hpp"

namespace bms::cli {

class SessionDecoder {
 public:
  /// `session`: what steers the decoder of the family ("dialect", "variant", "context").
  SessionDecoder(const Family& family, const nlohmann::ordered_json& session);

  /// Takes {"request": HEX or null, "notifications": [HEX, ...]} and says what came: facts, or {"error": kind,
  /// "message": ...}, or what is wrong with the JSON.
  [[nodiscard]] Parsed<nlohmann::ordered_json> explain(const nlohmann::ordered_json& exchange);

  /// All facts so far, in order, without errors.
  [[nodiscard]] const nlohmann::ordered_json& sound() const { return sound_; }

 private:
  using Json = nlohmann::ordered_json;
  using ByteVector = std::vector<std::uint8_t>;

  [[nodiscard]] Json explain_board(const Recording& recording);
  [[nodiscard]] Json facts_in(Bytes stream, const Recording& recording) const;
  [[nodiscard]] ByteVector begun_behind_answer(const ByteVector& stream, const Recording& recording) const;
  [[nodiscard]] std::optional<ByteVector> question_of(const Recording& exchange) const;

  const Family& family_;
  Json steering_ = Json::object();
  bluetooth::ModuleNoise noise_{};
  ByteVector pending_{};                 ///< an answer that has begun and may go on in the next exchange
  std::optional<ByteVector> waiting_{};  ///< the newest question that has no answer yet
  Json sound_ = Json::array();
};

}  // namespace bms::cli
