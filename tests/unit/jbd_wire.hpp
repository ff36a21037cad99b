// The other end of the wire for the JBD tests: builds replies, and is a small board that answers requests. It shares no
// code with what it tests.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "bms/protocol.hpp"
#include "wire.hpp"

namespace bms::jbd_test {

using wires::ByteVector;
using wires::concat;
using wires::put;

/// A reply with a right checksum.
inline ByteVector reply(unsigned address, unsigned status, const ByteVector& payload) {
  ByteVector frame{0xDD, static_cast<std::uint8_t>(address), static_cast<std::uint8_t>(status),
                   static_cast<std::uint8_t>(payload.size())};
  unsigned sum = status + static_cast<unsigned>(payload.size());
  for (const std::uint8_t byte : payload) {
    frame.push_back(byte);
    sum += byte;
  }
  const unsigned check = (0x10000U - sum) & 0xFFFFU;
  put(frame, check);
  frame.push_back(0x77);
  return frame;
}

/// The tail of register 03 on newer boards.
struct Tail {
  unsigned alarm_status = 0, full = 10000, remaining = 5000;
};

/// Register 03 of a healthy pack, to be changed.
struct Basic {
  unsigned voltage = 1328, current = 0, remaining = 5000, nominal = 10000, cycles = 7, date = 0x2C7C;
  unsigned balance_low = 0, balance_high = 0, protection = 0, version = 0x80, soc = 50, fets = 3, cells = 4;
  std::vector<unsigned> temperatures{2981, 2991};
  std::optional<Tail> tail = {};

  [[nodiscard]] ByteVector payload() const {
    ByteVector bytes;
    for (const unsigned word :
         {voltage, current, remaining, nominal, cycles, date, balance_low, balance_high, protection})
      put(bytes, word);
    for (const unsigned byte : {version, soc, fets, cells, static_cast<unsigned>(temperatures.size())})
      bytes.push_back(static_cast<std::uint8_t>(byte));
    for (const unsigned raw : temperatures) put(bytes, raw);
    if (!tail) return bytes;
    bytes.push_back(0);
    for (const unsigned word : {tail->alarm_status, tail->full, tail->remaining, 0U}) put(bytes, word);
    return bytes;
  }
};

/// A board that behaves as the captures show it: lock by E1, factory mode, configuration registers inside it.
class WireBoard {
 public:
  Basic basic;
  std::vector<unsigned> cells{3320, 3320, 3320, 3320};
  std::map<unsigned, unsigned> words{{0x10, 28000}, {0x24, 3650}, {0x29, 0xA628}, {0x2D, 0x0006}};
  std::map<unsigned, ByteVector> texts{{0xA1, {3, 'L', '4', 'S'}}, {0xA2, {0}}};
  std::map<unsigned, ByteVector> parameters;  ///< register FA, by first parameter
  std::string name = "JBD-TEST";
  unsigned lock = 0;              ///< E1: bit 0 charge off, bit 1 discharge off
  int lag = 0;                    ///< readings of register 03 that still show the lock as it was
  unsigned protection_holds = 0;  ///< FETs that a protection holds open, as the FET bits
  bool lock_needs_factory_mode = false;
  bool writes_are_ignored = false;  ///< acknowledged all the same
  bool factory_mode = false;
  unsigned entries = 0;
  unsigned saves = 0;
  std::map<unsigned, unsigned> kept = words;  ///< what outlives a loss of power

  void lose_power() {
    factory_mode = false;
    words = kept;
  }

  /// What the board sends back for a request; nothing when it stays silent.
  [[nodiscard]] ByteVector answer(Bytes request) {
    const unsigned address = request[2];
    if (request[1] == 0x5A) return reply(address, write(address, u16_be(request, 4)), {});
    switch (address) {
      case 0x03:
        if (readings_to_go_ > 0 && --readings_to_go_ == 0) shown_lock_ = lock;
        return reply(address, 0, present().payload());
      case 0x04: return reply(address, 0, cell_payload());
      case 0x05: return reply(address, 0, ByteVector(name.begin(), name.end()));
      case 0xFA: return answer_parameters(request);
      default: break;
    }
    if (!factory_mode) return reply(address, 0x81, {});
    if (const auto text = texts.find(address); text != texts.end()) return reply(address, 0, text->second);
    if (const auto word = words.find(address); word != words.end()) {
      ByteVector payload;
      put(payload, word->second);
      return reply(address, 0, payload);
    }
    return reply(address, 0x80, {});
  }

  [[nodiscard]] Basic present() const {
    Basic now = basic;
    const unsigned seen = readings_to_go_ > 0 ? shown_lock_ : lock;
    now.fets = basic.fets & ~seen & ~protection_holds;
    if (seen != 0) now.protection |= 0x1000U;
    return now;
  }

 private:
  [[nodiscard]] ByteVector cell_payload() const {
    ByteVector payload;
    for (const unsigned cell : cells) put(payload, cell);
    return payload;
  }

  [[nodiscard]] ByteVector answer_parameters(Bytes request) const {
    const unsigned first = u16_be(request, 4);
    const auto found = parameters.find(first);
    if (found == parameters.end()) return reply(0xFA, 0x80, {});
    ByteVector payload{request[4], request[5], request[6]};
    return reply(0xFA, 0, concat(payload, found->second));
  }

  unsigned write(unsigned address, unsigned value) {
    switch (address) {
      case 0x00:
        factory_mode = value == 0x5678;
        ++entries;
        return 0;
      case 0x01:
        if (std::exchange(factory_mode, false) && value == 0x2828) {
          kept = words;
          ++saves;
        }
        return 0;
      case 0xE1:
        if (lock_needs_factory_mode && !factory_mode) return 0x81;
        if (writes_are_ignored) return 0;
        shown_lock_ = lock;
        readings_to_go_ = lag;
        lock = value;
        return 0;
      default:
        if (!factory_mode) return 0x81;
        if (!words.contains(address)) return 0x80;
        if (!writes_are_ignored) words[address] = value;
        return 0;
    }
  }

  unsigned shown_lock_ = 0;
  int readings_to_go_ = 0;
};

/// What the line does with one question.
enum class Fault : std::uint8_t {
  none,
  request_lost,
  answer_lost,
  refused,    ///< status 0x80, nothing done
  forbidden,  ///< status 0x81, nothing done
  damaged,    ///< done, but the answer never arrives sound
};

/// Runs a dialogue as a session would, without time. Faults last for all attempts of a question.
class Wire {
 public:
  explicit Wire(WireBoard& board) : board_(board) {}

  std::function<Fault(std::size_t question)> fault = [](std::size_t) { return Fault::none; };
  std::vector<ByteVector> sent;  ///< one entry for each question, however often asked
  std::vector<int> attempts;     ///< that each question allows
  std::vector<Error> failures;   ///< of single attempts

  void run(Dialogue& dialogue) {
    for (std::size_t question = 0; question < 200; ++question) {
      const std::optional<Request> request = dialogue.request();
      if (!request) return;
      sent.emplace_back(request->bytes.begin(), request->bytes.end());
      attempts.push_back(request->attempts);
      ask(dialogue, request->attempts, sent.back(), fault(question));
    }
    throw std::runtime_error("the dialogue does not end");
  }

 private:
  void ask(Dialogue& dialogue, int allowed, const ByteVector& request, Fault how) {
    for (int attempt = 1; attempt <= allowed; ++attempt) {
      if (feed(dialogue, incoming(request, how))) return;
      const Error why = dialogue.timed_out();
      failures.push_back(why);
      if (attempt == allowed) dialogue.give_up(why);
    }
  }

  ByteVector incoming(const ByteVector& request, Fault how) {
    if (how == Fault::request_lost) return {};
    if (how == Fault::refused) return reply(request[2], 0x80, {});
    if (how == Fault::forbidden) return reply(request[2], 0x81, {});
    ByteVector bytes = board_.answer(request);
    if (how == Fault::answer_lost) return {};
    if (how == Fault::damaged) bytes[bytes.size() - 2] ^= 0x10U;
    return bytes;
  }

  static bool feed(Dialogue& dialogue, const ByteVector& bytes) {
    if (bytes.empty()) return false;
    const std::size_t half = bytes.size() / 2;
    if (dialogue.receive(Bytes(bytes).first(half)).answered) throw std::runtime_error("answered by half a frame");
    return dialogue.receive(Bytes(bytes).subspan(half)).answered;
  }

  WireBoard& board_;
};

}  // namespace bms::jbd_test
