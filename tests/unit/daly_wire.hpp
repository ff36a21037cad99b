// The other end of the wire for the Daly tests: small boards that answer questions, and a line that may fail. They
// share no code with what they test.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "bms/protocol.hpp"
#include "wire.hpp"

namespace bms::daly_test {

using wires::ByteVector;
using wires::concat;
using wires::crc16;
using wires::put;
using wires::put_low_first;

/// A 13-byte frame with a right sum; `data` is filled up with zeros.
inline ByteVector a5_frame(unsigned address, unsigned command, ByteVector data) {
  data.resize(8);
  ByteVector frame{0xA5, static_cast<std::uint8_t>(address), static_cast<std::uint8_t>(command), 8};
  frame = concat(frame, data);
  unsigned sum = 0;
  for (const std::uint8_t byte : frame) sum += byte;
  frame.push_back(static_cast<std::uint8_t>(sum & 0xFFU));
  return frame;
}

inline ByteVector with_crc(ByteVector frame) {
  put_low_first(frame, crc16(frame));
  return frame;
}

/// A healthy 8S pack behind a classic board, to be changed.
class A5WireBoard {
 public:
  unsigned host = 0x40, number = 1;
  unsigned voltage = 264, current = 30000, soc = 501;
  unsigned activity = 0, charge_fet = 1, discharge_fet = 1;
  unsigned long remaining = 52000, rated = 105000;
  std::vector<unsigned> cells = std::vector<unsigned>(8, 3300);
  std::vector<unsigned> temperatures{61, 62};
  unsigned cycles = 7, tail = 0x0101;  ///< of 0x91: what classic firmware leaves there
  bool zero_fill = false;
  ByteVector balancer{0, 0, 0, 0, 0, 0};
  ByteVector failures{0, 0, 0, 0, 0, 0, 0, 0};
  std::map<unsigned, std::string> texts{{0x57, "VAN HOUSE BANK 1"}, {0x62, "20210222-1.01T"}, {0x63, "DL-BMS-R32-01E"}};
  std::vector<unsigned> mute;          ///< commands that are not answered
  bool all_frames = false;             ///< of cells, as over the Bluetooth address
  bool orders_are_ignored = false;     ///< acknowledged all the same
  bool keeps_discharging_fet = false;  ///< as while it is charged
  ByteVector soc_order;                ///< data of the last 0x21
  unsigned soc_acknowledgement = 1;

  [[nodiscard]] ByteVector answer(Bytes request) {
    if (request.size() != 13 || request[1] != host) return {};
    const unsigned command = request[2];
    for (const unsigned it : mute)
      if (it == command) return {};
    ByteVector all;
    for (const ByteVector& data : data_for(command, request)) all = concat(all, a5_frame(number, command, data));
    return all;
  }

 private:
  using Frames = std::vector<ByteVector>;

  [[nodiscard]] Frames data_for(unsigned command, Bytes request) {
    ByteVector data;
    switch (command) {
      case 0x90:
        for (const unsigned word : {voltage, 0U, current, soc}) put(data, word);
        return {data};
      case 0x91: return {{0x0C, 0xE4, 1, 0x0C, 0xE4, 2, byte(zero_fill ? 0 : tail >> 8U), byte(zero_fill ? 0 : tail)}};
      case 0x93: {
        data = {byte(activity), byte(charge_fet), byte(discharge_fet), ++heartbeat_};
        put(data, remaining >> 16U);
        put(data, remaining);
        return {data};
      }
      case 0x94: {
        data = {byte(cells.size()), byte(temperatures.size()), 0, 0, 2};
        if (zero_fill) data.push_back(0);
        put(data, cycles);
        if (!zero_fill) data.push_back(0x20);
        return {data};
      }
      case 0x95: return cell_frames();
      case 0x96: return temperature_frames();
      case 0x97: return {balancer};
      case 0x98: return {failures};
      case 0x50:
        put(data, rated >> 16U);
        put(data, rated);
        return {concat(data, {0, 0, 0x0C, 0x80})};
      case 0x59: return {{0x0E, 0x10, 0x0E, 0x74, 0x0A, 0xF0, 0x0A, 0x28}};
      case 0xD9:
        if (!orders_are_ignored && !keeps_discharging_fet) discharge_fet = request[4];
        return {{request[4], 1, 0x0D, 0x13, 0x0D, 0x21, 0x0D, 0x17}};
      case 0xDA:
        if (!orders_are_ignored) charge_fet = request[4];
        return {{request[4]}};
      case 0x21:
        soc_order.assign(request.begin() + 4, request.begin() + 12);
        if (!orders_are_ignored) soc = request[10] * 256U + request[11];
        return {{byte(soc_acknowledgement)}};
      default: break;
    }
    const auto text = texts.find(command);
    return text == texts.end() ? Frames{} : text_frames(text->second, command == 0x57 ? 5 : 2);
  }

  static std::uint8_t byte(unsigned long value) { return static_cast<std::uint8_t>(value & 0xFFU); }

  [[nodiscard]] Frames cell_frames() const {
    Frames frames;
    const std::size_t needed = (cells.size() + 2) / 3;
    for (std::size_t frame = 0; frame < (all_frames ? 16 : needed); ++frame) {
      ByteVector data{byte(frame + 1)};
      // What follows the last cell looks like one.
      for (std::size_t cell = 3 * frame; cell < 3 * frame + 3; ++cell)
        put(data, cell < cells.size() ? cells[cell] : frame < needed ? 0x0CE1U : 0U);
      frames.push_back(data);
    }
    return frames;
  }

  [[nodiscard]] Frames temperature_frames() const {
    Frames frames(2, ByteVector(8));
    for (std::size_t i = 0; i < temperatures.size(); ++i) frames[i / 7][1 + i % 7] = byte(temperatures[i]);
    frames[0][0] = 1;
    frames[1][0] = 2;
    frames[0][7] = temperatures.size() < 7 ? 0x32 : frames[0][7];
    return frames;
  }

  static Frames text_frames(const std::string& text, std::size_t count) {
    Frames frames(count, ByteVector(8));
    for (std::size_t i = 0; i < text.size() && i < count * 7; ++i)
      frames[i / 7][1 + i % 7] = static_cast<std::uint8_t>(text[i]);
    for (std::size_t i = 0; i < count; ++i) frames[i][0] = byte(i + 1);
    return frames;
  }

  std::uint8_t heartbeat_ = 0;
};

/// A board of the newer protocol: a map of registers; what is not in it reads FFFF.
class RegisterWireBoard {
 public:
  unsigned asked_at = 0xD2, answers_from = 0xD2;
  std::map<unsigned, unsigned> words;
  std::map<unsigned, unsigned> follows;  ///< written register to the one that shows the effect
  std::vector<unsigned> mute;            ///< first registers of reads that are not answered
  bool orders_are_ignored = false;       ///< acknowledged all the same
  std::vector<std::pair<unsigned, unsigned>> written;

  [[nodiscard]] ByteVector answer(Bytes request) {
    if (request.size() != 8 || request[0] != asked_at) return {};
    const unsigned first = u16_be(request, 2);
    const unsigned value = u16_be(request, 4);
    if (request[1] == 6) return write(request, first, value);
    for (const unsigned it : mute)
      if (it == first) return {};
    ByteVector frame{static_cast<std::uint8_t>(answers_from), 3, static_cast<std::uint8_t>(2 * value)};
    for (unsigned at = first; at < first + value; ++at) put(frame, words.contains(at) ? words[at] : 0xFFFFU);
    return with_crc(frame);
  }

 private:
  ByteVector write(Bytes request, unsigned address, unsigned value) {
    written.emplace_back(address, value);
    if (!orders_are_ignored) {
      words[address] = value;
      if (follows.contains(address)) words[follows[address]] = value;
    }
    ByteVector frame{static_cast<std::uint8_t>(answers_from)};
    return with_crc(concat(frame, ByteVector(request.begin() + 1, request.begin() + 6)));
  }
};

/// What the line does with one question.
enum class Fault : std::uint8_t {
  none,
  request_lost,
  answer_lost,
  damaged,  ///< done, but the answer never arrives sound
};

/// Runs a dialogue as a session would, without time. Faults last for all attempts of a question.
template <class Board>
class Wire {
 public:
  explicit Wire(Board& board) : board_(board) {}

  std::function<Fault(std::size_t question)> fault = [](std::size_t) { return Fault::none; };
  std::function<ByteVector(const ByteVector& request)> before;  ///< what comes before an answer
  std::vector<ByteVector> sent;                                 ///< one entry for each question, however often asked
  std::vector<Request> requests;
  std::vector<Error> failures;  ///< of single attempts

  void run(Dialogue& dialogue) {
    for (std::size_t question = 0; question < 200; ++question) {
      const std::optional<Request> request = dialogue.request();
      if (!request) return;
      sent.emplace_back(request->bytes.begin(), request->bytes.end());
      requests.push_back(*request);
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
    ByteVector bytes = board_.answer(request);
    if (how == Fault::answer_lost) return {};
    if (how == Fault::damaged && !bytes.empty()) bytes[bytes.size() - 2] ^= 0x10U;
    return before ? concat(before(request), bytes) : bytes;
  }

  static bool feed(Dialogue& dialogue, const ByteVector& bytes) {
    for (std::size_t at = 0; at < bytes.size(); ++at)
      if (dialogue.receive(Bytes(bytes).subspan(at, 1)).answered) return true;
    return false;
  }

  Board& board_;
};

}  // namespace bms::daly_test
