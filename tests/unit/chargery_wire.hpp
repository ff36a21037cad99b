// The other end of the wire for the Chargery tests: builds frames, reads the frame file, and runs dialogues. It shares
// no code with what it tests.
#pragma once

#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "bms/hex.hpp"
#include "bms/protocol.hpp"
#include "wire.hpp"

namespace bms::chargery_test {

using wires::ByteVector;
using wires::concat;
using wires::put;
using wires::put_low_first;
using Json = nlohmann::ordered_json;

/// A frame with a right length and a right checksum.
inline ByteVector frame(unsigned command, const ByteVector& payload) {
  ByteVector bytes{0x24, 0x24, static_cast<std::uint8_t>(command), static_cast<std::uint8_t>(payload.size() + 5)};
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  unsigned sum = 0;
  for (const std::uint8_t byte : bytes) sum += byte;
  bytes.push_back(static_cast<std::uint8_t>(sum & 0xFFU));
  return bytes;
}

inline const ByteVector separator{0x68, 0x3A, 0x3A, 0x33, 0x0D, 0x0A};

enum class Level : std::uint8_t { v120, v122, v124, v126 };

/// Command 57 of a healthy board, to be changed.
struct System {
  Level level = Level::v126;
  unsigned charge_end = 3650, mode = 2, current = 0, t1 = 186, t2 = 191, soc = 60;
  unsigned discharge_end = 2700, charge_status = 0, discharge_status = 0;

  [[nodiscard]] ByteVector bytes() const {
    ByteVector payload;
    put(payload, charge_end);
    if (level != Level::v120) payload.push_back(static_cast<std::uint8_t>(mode));
    for (const unsigned word : {current, t1, t2}) put(payload, word);
    if (level != Level::v120) payload.push_back(static_cast<std::uint8_t>(soc));
    if (level == Level::v126) {
      put(payload, discharge_end);
      payload.push_back(static_cast<std::uint8_t>(charge_status));
      payload.push_back(static_cast<std::uint8_t>(discharge_status));
    }
    return frame(0x57, payload);
  }
};

/// Command 56 of four cells on a BMS8T, to be changed.
struct Cells {
  Level level = Level::v126;
  std::vector<unsigned> slots{3301, 3302, 3303, 3304, 12, 0, 27, 3};
  unsigned soc = 60;
  std::uint32_t mwh = 2'218'000, mah = 168'000;

  [[nodiscard]] ByteVector bytes() const {
    ByteVector payload;
    for (const unsigned slot : slots) put(payload, slot);
    if (level < Level::v124) {
      payload.push_back(static_cast<std::uint8_t>(soc));
    } else {
      put_low_first(payload, mwh, 4);
      put_low_first(payload, mah, 4);
    }
    return frame(0x56, payload);
  }
};

/// Command 58.
inline ByteVector impedances(unsigned mode, unsigned current, const std::vector<unsigned>& values) {
  ByteVector payload{static_cast<std::uint8_t>(mode)};
  put_low_first(payload, current, 2);
  for (const unsigned value : values) put_low_first(payload, value, 2);
  return frame(0x58, payload);
}

/// One case of the frame file.
struct Case {
  std::string name;
  std::vector<ByteVector> pieces;
  Json expect;

  [[nodiscard]] ByteVector stream() const {
    ByteVector all;
    for (const ByteVector& piece : pieces) all = concat(all, piece);
    return all;
  }
  [[nodiscard]] bool refused() const { return expect.contains("error"); }
  [[nodiscard]] bool is_stream() const { return expect.contains("frames"); }
  [[nodiscard]] bool is_frame() const { return expect.contains("command"); }
};

inline void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

inline std::vector<Case> all_cases() {
  std::ifstream file(TEST_FRAMES_DIR "/chargery.json");
  const Json root = Json::parse(file);
  std::vector<Case> cases;
  for (const Json& json : root["cases"]) {
    Case one{.name = json["name"], .pieces = {}, .expect = json["expect"]};
    const Json& response = json["response"];
    for (const Json& piece : response.is_array() ? response : Json::array({response}))
      one.pieces.push_back(from_hex(piece.get<std::string>()).value());
    cases.push_back(std::move(one));
  }
  return cases;
}

inline Case case_named(const std::string& name) {
  for (const Case& one : all_cases())
    if (one.name == name) return one;
  throw std::runtime_error("no case " + name);
}

/// Cuts bytes into pieces of 1 to `longest` bytes.
template <class Random>
std::vector<ByteVector> cut(const ByteVector& bytes, Random& random, std::size_t longest) {
  std::vector<ByteVector> pieces;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t size = std::min<std::size_t>(1 + random() % longest, bytes.size() - at);
    const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(at);
    pieces.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(size));
    at += size;
  }
  return pieces;
}

inline std::vector<ByteVector> single_bytes(const ByteVector& bytes) {
  std::vector<ByteVector> pieces;
  for (const std::uint8_t byte : bytes) pieces.push_back({byte});
  return pieces;
}

/// What becomes of a dialogue that hears these bytes and then nothing more.
template <class T>
struct Heard {
  Result<T> result;
  std::size_t used = 0;         ///< pieces
  std::vector<Error> failures;  ///< of attempts
};

/// Runs a listening dialogue as a session would, without time: when it lets an attempt end by a silence (`begun`),
/// there is one before the next piece; when there are no more pieces, the time is up.
template <class T>
Heard<T> listen(Query<T>& query, const std::vector<ByteVector>& pieces) {
  Heard<T> heard{failure(ErrorKind::silent, "not over"), 0, {}};
  while (const auto request = query.request()) {
    if (!request->bytes.empty()) throw std::runtime_error("something was sent");
    bool answered = false;
    for (int attempt = 1; attempt <= request->attempts && !answered; ++attempt) {
      while (heard.used < pieces.size()) {
        const Progress progress = query.receive(pieces[heard.used++]);
        answered = progress.answered;
        if (answered || (progress.begun && request->gap < std::chrono::seconds(1))) break;
      }
      if (answered) break;
      heard.failures.push_back(query.timed_out());
      if (attempt == request->attempts) query.give_up(heard.failures.back());
    }
  }
  heard.result = query.result();
  return heard;
}

}  // namespace bms::chargery_test
