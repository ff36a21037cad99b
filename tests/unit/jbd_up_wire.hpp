// The other end of the wire for the tests of JBD's UP series: a pack that answers, or does not. It shares no code with
// what it tests.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "bms/protocol.hpp"
#include "wire.hpp"

namespace bms::jbd_up_test {

using wires::ByteVector;
using wires::crc16;
using wires::put;
using wires::put_low_first;

/// A frame with a right CRC.
inline ByteVector frame(unsigned address, unsigned function, unsigned first, unsigned last, const ByteVector& payload) {
  ByteVector bytes{static_cast<std::uint8_t>(address), static_cast<std::uint8_t>(function)};
  for (const unsigned word : {first, last, static_cast<unsigned>(payload.size())}) put(bytes, word);
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  put_low_first(bytes, crc16(bytes));
  return bytes;
}

inline ByteVector text(const std::string& letters, std::size_t size = 30) {
  ByteVector bytes(letters.begin(), letters.end());
  bytes.resize(size);
  return bytes;
}

/// The status of a healthy pack, to be changed.
struct Status {
  unsigned voltage = 1328, current = 300000, soc = 5000, remaining = 5000, full = 10000, rated = 10000;
  unsigned mosfet = 761, ambient = 747, state = 0, soh = 100;
  std::uint32_t faults = 0, warnings = 0;
  unsigned switches = 3, cycles = 7;
  unsigned charge_voltage = 146, charge_limit = 1000, discharge_voltage = 112, discharge_limit = 1000;
  std::vector<unsigned> cells{3320, 3320, 3320, 3320}, temperatures{750, 751};
  unsigned balancing = 0, firmware = 0x0C04, packs = 1, mask = 1;
  bool tail = true;

  [[nodiscard]] ByteVector payload() const {
    ByteVector bytes;
    for (const unsigned word :
         {voltage, 0U, current >> 16U, current & 0xFFFFU, soc, remaining, full, rated, mosfet, ambient, state, soh,
          static_cast<unsigned>(faults >> 16U), static_cast<unsigned>(faults & 0xFFFFU),
          static_cast<unsigned>(warnings >> 16U), static_cast<unsigned>(warnings & 0xFFFFU), switches, 4U, cycles})
      put(bytes, word);
    for (const unsigned word : {1U, 3330U, 2U, 3310U, 3320U, 1U, 751U, 2U, 750U, 750U}) put(bytes, word);
    for (const unsigned word : {charge_voltage, charge_limit, discharge_voltage, discharge_limit}) put(bytes, word);
    for (const auto* list : {&cells, &temperatures}) {
      put(bytes, static_cast<unsigned>(list->size()));
      for (const unsigned word : *list) put(bytes, word);
    }
    if (!tail) return bytes;
    for (const unsigned word : {0U, balancing, firmware}) put(bytes, word);
    const ByteVector serial = text("JBD48100000");
    bytes.insert(bytes.end(), serial.begin(), serial.end());
    for (const unsigned word : {packs, mask}) put(bytes, word);
    return bytes;
  }
};

/// A pack at an address.
class Pack {
 public:
  unsigned address = 1;
  Status status;
  std::map<unsigned, ByteVector> blocks;  ///< of function 0x78, by first register; the others stay unanswered
  ByteVector own;                         ///< of function 0x45; empty: unanswered
  bool takes_orders = true;
  bool acknowledges = true;
  bool silent = false;
  std::vector<ByteVector> orders;

  [[nodiscard]] ByteVector answer(Bytes request) {
    if (silent || request[0] != address) return {};
    const unsigned function = request[1];
    const unsigned first = u16_be(request, 2);
    const unsigned last = u16_be(request, 4);
    if (function == 0x79) {
      orders.emplace_back(request.begin(), request.end());
      if (takes_orders && first == 0x2006) status.soc = u16_be(request, 12);
      return acknowledges ? frame(address, function, first, last, {}) : ByteVector{};
    }
    if (function == 0x45) return own.empty() ? ByteVector{} : frame(address, function, first, last, own);
    if (first == 0x1000) return frame(address, function, first, last, status.payload());
    const auto found = blocks.find(first);
    return found == blocks.end() ? ByteVector{} : frame(address, function, first, last, found->second);
  }

  /// Function 0x45 of a pack with these limits, in 0.1 A.
  void tell_own_limits(unsigned charge, unsigned discharge) {
    own.assign(116, 0);
    own[38] = static_cast<std::uint8_t>(status.voltage >> 8U);
    own[39] = static_cast<std::uint8_t>(status.voltage & 0xFFU);
    own[97] = static_cast<std::uint8_t>(charge & 0xFFU);
    own[96] = static_cast<std::uint8_t>(charge >> 8U);
    own[99] = static_cast<std::uint8_t>(discharge & 0xFFU);
    own[98] = static_cast<std::uint8_t>(discharge >> 8U);
  }
};

/// Runs a dialogue as a session would, without time; each question as often as it allows. What was asked, once each.
inline std::vector<ByteVector> run(Dialogue& dialogue, const std::function<ByteVector(Bytes)>& answer) {
  std::vector<ByteVector> asked;
  while (const auto request = dialogue.request()) {
    if (asked.size() > 100) throw std::runtime_error("the dialogue does not end");
    asked.emplace_back(request->bytes.begin(), request->bytes.end());
    bool answered = false;
    for (int attempt = 1; attempt <= request->attempts && !answered; ++attempt) {
      const ByteVector bytes = answer(asked.back());
      const std::size_t half = bytes.size() / 2;
      if (!bytes.empty()) {
        if (dialogue.receive(Bytes(bytes).first(half)).answered) throw std::runtime_error("answered by half a frame");
        answered = dialogue.receive(Bytes(bytes).subspan(half)).answered;
      }
      if (answered) break;
      const Error why = dialogue.timed_out();
      if (attempt == request->attempts) dialogue.give_up(why);
    }
  }
  return asked;
}

}  // namespace bms::jbd_up_test
