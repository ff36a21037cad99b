// The other end of the wire for the REC tests: builds frames, and is a small unit that answers requests. It shares no
// code with what it tests.
#pragma once

#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "bms/protocol.hpp"
#include "wire.hpp"

namespace bms::rec_test {

using wires::ByteVector;
using wires::concat;
using wires::crc16;
using wires::put;

/// A sound frame.
inline ByteVector frame(unsigned destination, unsigned source, const ByteVector& payload) {
  const ByteVector covered = concat({static_cast<std::uint8_t>(destination), static_cast<std::uint8_t>(source),
                                     static_cast<std::uint8_t>(payload.size())},
                                    payload);
  ByteVector bytes = concat({0x55}, covered);
  put(bytes, crc16(covered, 0));
  return concat(bytes, {0xAA});
}

inline ByteVector ascii(const std::string& text) { return {text.begin(), text.end()}; }

/// A frame of a unit that carries text.
inline ByteVector says(unsigned unit, const std::string& text) { return frame(0, unit, ascii(text)); }

/// Numbers as they are on the wire.
inline ByteVector floats(const std::vector<double>& values) {
  ByteVector bytes;
  for (const double value : values) {
    const auto number = static_cast<float>(value);
    std::uint32_t bits = 0;
    std::memcpy(&bits, &number, sizeof bits);
    for (unsigned shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<std::uint8_t>(bits >> shift));
  }
  return bytes;
}

/// A unit, or a system behind one address, that behaves as the recordings show it.
class WireUnit {
 public:
  unsigned address = 1;
  double current_a = 1.5, hottest_c = 21, soc = 0.6, soh = 0.99;
  std::optional<double> voltage_v;                                  ///< instead of the sum of the cells
  std::vector<std::vector<double>> cells{{3.31, 3.32, 3.33, 3.3}};  ///< by unit
  std::vector<std::vector<double>> temperatures{{20, 21}};
  ByteVector error{0, 0, 0, 0};
  bool one_frame = false;
  bool counts = true;
  bool writes_are_ignored = false;  ///< acknowledged all the same
  std::map<std::string, std::string> texts{
      {"*IDN", "REC BMS 1Q VICTRON"}, {"SWVR", "2.5"},        {"CMAX", "3.85000e0"},
      {"CMIN", "2.80000e0"},          {"TMAX", "5.50000e1"},  {"TMIN", "-1.00000e1"},
      {"CHAR", "3.58000e0"},          {"CAPA", "4.50000e2"},  {"CYCL", "103"},
      {"CHAC", "6.00000e-1"},         {"DCHC", "1.50000e0"},  {"MAXC", "7.00000e1"},
      {"MAXD", "1.20000e2"},          {"SISN", "2"},          {"MAXH", "2.50000e-1"},
      {"MINH", "1.00000e-1"},         {"CLOW", "2.90000e0"},  {"RAZL", "2.50000e-1"},
      {"BMIN", "3.45000e0"},          {"SOCS", "6.00000e-1"}, {"CHEM", "3"}};
  std::set<std::string> written;  ///< "BMIN 3.94"

  /// The answer to a request; nothing when the unit stays silent.
  [[nodiscard]] ByteVector answer(const ByteVector& request) {
    if (request[1] != address) return {};
    const std::string text(request.begin() + 4, request.end() - 3);
    return text.contains(' ') ? write(text) : read(text.substr(0, 4));
  }

  [[nodiscard]] ByteVector block(const std::string& count, const ByteVector& data) const {
    return counts ? concat(says(address, count), frame(0, address, data)) : frame(0, address, data);
  }

  [[nodiscard]] ByteVector by_unit(const std::vector<std::vector<double>>& values) const {
    ByteVector bytes = says(address, std::to_string(values.size()));
    ByteVector all;
    for (const auto& unit : values) {
      if (!one_frame) bytes = concat(bytes, frame(0, address, floats(unit)));
      all = concat(all, floats(unit));
    }
    return one_frame ? concat(bytes, frame(0, address, all)) : bytes;
  }

  [[nodiscard]] ByteVector lcd1() const {
    double sum_v = 0;
    double lowest_v = 9;
    double highest_v = 0;
    for (const auto& unit : cells)
      for (const double cell_v : unit) {
        sum_v += cell_v;
        lowest_v = std::min(lowest_v, cell_v);
        highest_v = std::max(highest_v, cell_v);
      }
    return floats({lowest_v, highest_v, current_a, hottest_c, voltage_v.value_or(sum_v), soc, soh});
  }

 private:
  /// 1.1 milliohms for the first cell of each unit, a tenth more for each that follows.
  [[nodiscard]] std::vector<std::vector<double>> resistances() const {
    std::vector<std::vector<double>> all = cells;
    for (auto& unit : all)
      for (std::size_t cell = 0; cell < unit.size(); ++cell) unit[cell] = static_cast<double>(11 + cell) / 10'000;
    return all;
  }

  [[nodiscard]] ByteVector read(const std::string& name) const {
    if (silent.contains(name)) return {};
    if (name == "LCD1") return block("28", lcd1());
    if (name == "LCD3") return block("8", {1, 4, 1, 3, 1, 2, 0x01, 0x2C});
    if (name == "ERRO") return block("4", error);
    if (name == "CELL") return by_unit(cells);
    if (name == "PTEM") return by_unit(temperatures);
    if (name == "RINT") return by_unit(resistances());
    if (name == "BTEM") return concat(says(address, "1"), frame(0, address, floats({28.5})));
    const auto text = texts.find(name);
    return text == texts.end() ? ByteVector{} : says(address, text->second);
  }

  [[nodiscard]] ByteVector write(const std::string& text) {
    const auto setting = texts.find(text.substr(0, 4));
    written.insert(text);
    if (setting == texts.end() || refused.contains(text.substr(0, 4))) return says(address, "ERROR1");
    if (!writes_are_ignored) setting->second = setting->second.contains('e') ? text.substr(5) + "e0" : text.substr(5);
    return says(address, "SET");
  }

 public:
  std::set<std::string> silent;   ///< instructions that are not answered
  std::set<std::string> refused;  ///< settings that are not taken
};

/// What the line does with one question.
enum class LineFault : std::uint8_t { none, request_lost, answer_lost, damaged };

/// Runs a dialogue as a session would, without time. Faults last for all attempts of a question.
class Wire {
 public:
  explicit Wire(WireUnit& unit) : unit_(unit) {}

  std::function<LineFault(const std::string& text, int attempt)> fault = [](const std::string&, int) {
    return LineFault::none;
  };
  ByteVector before;               ///< bytes that come before every answer
  std::vector<std::string> asked;  ///< one entry for each question, however often asked
  std::vector<int> attempts;       ///< that each question took
  std::vector<Error> failures;     ///< of single attempts

  void run(Dialogue& dialogue) {
    for (int question = 0; question < 200; ++question) {
      const std::optional<Request> request = dialogue.request();
      if (!request) return;
      const ByteVector bytes(request->bytes.begin(), request->bytes.end());
      asked.emplace_back(bytes.begin() + 4, bytes.end() - 3);
      attempts.push_back(ask(dialogue, request->attempts, bytes));
    }
    throw std::runtime_error("the dialogue does not end");
  }

 private:
  int ask(Dialogue& dialogue, int allowed, const ByteVector& request) {
    for (int attempt = 1;; ++attempt) {
      if (feed(dialogue, incoming(request, fault(asked.back(), attempt)))) return attempt;
      const Error why = dialogue.timed_out();
      failures.push_back(why);
      if (attempt < allowed) continue;
      dialogue.give_up(why);
      return attempt;
    }
  }

  ByteVector incoming(const ByteVector& request, LineFault how) {
    if (how == LineFault::request_lost) return {};
    ByteVector bytes = unit_.answer(request);
    if (how == LineFault::answer_lost || bytes.empty()) return {};
    if (how == LineFault::damaged) bytes[bytes.size() - 5] ^= 0x10U;
    return concat(before, bytes);
  }

  static bool feed(Dialogue& dialogue, const ByteVector& bytes) {
    if (bytes.empty()) return false;
    const std::size_t half = bytes.size() / 2;
    if (dialogue.receive(Bytes(bytes).first(half)).answered) throw std::runtime_error("answered by half an answer");
    return dialogue.receive(Bytes(bytes).subspan(half)).answered;
  }

  WireUnit& unit_;
};

}  // namespace bms::rec_test
