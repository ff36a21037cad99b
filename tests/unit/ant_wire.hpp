// The other end of the wire for the ANT tests: builds frames of both protocols, and is a small board that answers
// requests. It shares no code with what it tests.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "bms/hex.hpp"
#include "bms/protocol.hpp"
#include "wire.hpp"

namespace bms::ant_test {

using wires::ByteVector;
using wires::concat;
using wires::crc16;
using wires::put;
using wires::put_low_first;

inline ByteVector hex(std::string_view text) { return from_hex(text).value(); }

/// The recorded answer of that name, whole.
inline ByteVector captured(const std::string& name) {
  std::ifstream file(TEST_FRAMES_DIR "/ant.json");
  const auto root = nlohmann::json::parse(file);
  for (const auto& one : root["cases"]) {
    if (one["name"] != name) continue;
    const auto& response = one["response"];
    if (response.is_string()) return hex(response.get<std::string>());
    ByteVector all;
    for (const auto& piece : response) all = concat(all, hex(piece.get<std::string>()));
    return all;
  }
  throw std::runtime_error("no frame of the name " + name);
}

/// A frame of the new protocol; `trailer` as with functions 12 and 42.
inline ByteVector new_frame(unsigned function, unsigned address, const ByteVector& data, bool trailer = false) {
  ByteVector frame{0x7E, 0xA1, static_cast<std::uint8_t>(function)};
  put_low_first(frame, address, 2);
  frame.push_back(static_cast<std::uint8_t>(data.size()));
  frame = concat(frame, data);
  put_low_first(frame, crc16(Bytes(frame).subspan(1)), 2);
  if (trailer) frame = concat(frame, {0xFF, 0x0B, 0x00, 0x00, 0x41, 0xF2});
  return concat(frame, {0xAA, 0x55});
}

/// Six bytes of the old protocol.
inline ByteVector word(unsigned header, unsigned address, unsigned value) {
  ByteVector bytes{static_cast<std::uint8_t>(header), static_cast<std::uint8_t>(header),
                   static_cast<std::uint8_t>(address)};
  put(bytes, value, 2);
  bytes.push_back(static_cast<std::uint8_t>(bytes[2] + bytes[3] + bytes[4]));
  return bytes;
}

/// What a healthy pack reports, to be changed; raw counts. Cells in mV.
struct Pack {
  std::vector<unsigned> cells{3320, 3330, 3310, 3340};
  std::vector<int> probes{21, 22};
  int fet_temperature = 25, balancer_temperature = 26;
  std::optional<unsigned> voltage_mv = {};  ///< the sum of the cells unless said otherwise
  int discharge = 0;                        ///< 0.1 A
  unsigned soc = 50, soh = 100;
  unsigned charge_code = 1, discharge_code = 1, balancer_code = 0;
  std::uint32_t capacity = 100'000'000, remaining = 50'000'000, throughput = 1'234'000;
  std::uint32_t runtime = 1000, balancing = 0;
  std::uint64_t protection = 0, warnings = 0;
  unsigned permission = 5, state = 1;
  std::optional<unsigned> minutes_to_full = {};

  [[nodiscard]] unsigned sum() const {
    unsigned total = 0;
    for (const unsigned cell : cells) total += cell;
    return voltage_mv.value_or(total);
  }

  [[nodiscard]] ByteVector new_payload() const {
    ByteVector to;
    for (const std::size_t byte : {std::size_t{permission}, std::size_t{state}, probes.size(), cells.size()})
      put_low_first(to, byte, 1);
    put_low_first(to, protection, 8);
    put_low_first(to, warnings, 8);
    put_low_first(to, 0, 8);
    for (const unsigned cell : cells) put_low_first(to, cell, 2);
    for (const int probe : probes) put_low_first(to, static_cast<unsigned>(probe), 2);
    put_low_first(to, static_cast<unsigned>(fet_temperature), 2);
    put_low_first(to, static_cast<unsigned>(balancer_temperature), 2);
    put_low_first(to, (sum() + 5) / 10, 2);
    put_low_first(to, static_cast<unsigned>(discharge), 2);
    put_low_first(to, soc, 2);
    put_low_first(to, soh, 2);
    for (const unsigned byte : {discharge_code, charge_code, balancer_code, 0U}) put_low_first(to, byte, 1);
    for (const std::uint32_t number : {capacity, remaining, throughput, 0U, runtime, balancing})
      put_low_first(to, number, 4);
    to.resize(to.size() + 20);
    put_low_first(to, 0xFAF2, 2);
    for (const std::uint32_t number : {throughput + 5, throughput - 5, 11U, 12U}) put_low_first(to, number, 4);
    if (!minutes_to_full) return to;
    to.resize(to.size() + 8);
    put_low_first(to, *minutes_to_full, 2);
    to.resize(to.size() + 4);
    return to;
  }

  [[nodiscard]] ByteVector new_status() const { return new_frame(0x11, 0, new_payload()); }

  [[nodiscard]] ByteVector old_status() const {
    ByteVector to{0xAA, 0x55, 0xAA, 0xFF};
    put(to, (sum() + 50) / 100, 2);
    for (const unsigned cell : cells) put(to, cell, 2);
    to.resize(70);
    put(to, static_cast<unsigned>(discharge), 4);
    to.push_back(static_cast<std::uint8_t>(soc));
    for (const std::uint32_t number : {capacity, remaining, throughput, runtime}) put(to, number, 4);
    put(to, static_cast<unsigned>(fet_temperature), 2);
    put(to, static_cast<unsigned>(balancer_temperature), 2);
    for (std::size_t i = 0; i < 4; ++i) put(to, static_cast<unsigned>(i < probes.size() ? probes[i] : -40), 2);
    for (const unsigned code : {charge_code, discharge_code, balancer_code}) put(to, code, 1);
    to.resize(115);
    const unsigned total = sum_of_cells();
    put(to, 1, 1);
    put(to, *std::ranges::max_element(cells), 2);
    put(to, 1, 1);
    put(to, *std::ranges::min_element(cells), 2);
    put(to, total / cells.size(), 2);
    put(to, cells.size(), 1);
    to.resize(132);
    put(to, balancing, 4);
    to.resize(138);
    return with_sum(to);
  }

  /// Puts the right sum after 138 bytes of an old status.
  static ByteVector with_sum(ByteVector bytes) {
    bytes.resize(138);
    unsigned total = 0;
    for (std::size_t i = 4; i < bytes.size(); ++i) total += bytes[i];
    put(bytes, total, 2);
    return bytes;
  }

 private:
  [[nodiscard]] unsigned sum_of_cells() const {
    unsigned total = 0;
    for (const unsigned cell : cells) total += cell;
    return total;
  }
};

/// A board of either protocol that behaves as the captures show it.
class WireBoard {
 public:
  Pack pack;
  bool speaks_new = true, speaks_old = false;
  bool knows_display_request = true, knows_read_request = true;
  std::map<unsigned, unsigned> settings{{0, 3650}, {104, 1000}, {140, 3600}};
  std::map<unsigned, unsigned> registers{{3, 3650}, {13, 3600}, {31, 0xC200}, {32, 0x0BEB}};  // 200 Ah
  std::string device_info = "16ZM" + std::string(12, '\0') + "16ZMUB00-211026A";
  ByteVector chip_id = hex("40703B18DC8F9E1137428401");
  bool writes_are_ignored = false;  ///< acknowledged all the same
  bool charge_locked = false, discharge_locked = false, balancer = false;
  int lag = 0;                     ///< status frames until a FET that was released conducts
  unsigned charge_held_by = 0;     ///< code of a protection
  unsigned discharge_held_by = 0;  ///< code of a protection
  unsigned needed_level = 0;       ///< for any order
  unsigned level = 5;
  std::string password = "12345678";
  int saves = 0, logins = 0;
  std::vector<ByteVector> orders;  ///< what asked for a change, logins included

  /// What the board sends back for a request; nothing when it stays silent.
  [[nodiscard]] ByteVector answer(const ByteVector& request) {
    if (request[0] == 0x7E) return speaks_new ? answer_new(request) : ByteVector{};
    return speaks_old ? answer_old(request) : ByteVector{};
  }

  [[nodiscard]] Pack present() {
    Pack now = pack;
    ++pack.runtime;
    if (waiting_ > 0) --waiting_;
    const auto code = [this](bool locked, unsigned held_by) -> unsigned {
      if (held_by != 0) return held_by;
      if (locked) return 15;
      return waiting_ > 0 ? 0 : 1;
    };
    now.charge_code = code(charge_locked, charge_held_by);
    now.discharge_code = code(discharge_locked, discharge_held_by);
    now.permission = level;
    if (discharge_locked) now.protection |= 1ULL << 17U;
    if (charge_locked) now.protection |= 1ULL << 21U;
    if (balancer && pack.discharge == 0) now.balancer_code = 4;
    return now;
  }

 private:
  [[nodiscard]] ByteVector answer_new(const ByteVector& request) {
    const unsigned address = request[3] + request[4] * 256U;
    const ByteVector data(request.begin() + 6, request.end() - 4);
    if (request[2] >= 0x22) orders.push_back(request);
    switch (request[2]) {
      case 0x01: return present().new_status();
      case 0x02: return read(address, request[5]);
      case 0x04: return chip_id.empty() ? ByteVector{} : new_frame(0x14, 0, chip_id);
      case 0x22:
        if (level >= needed_level && !writes_are_ignored) settings[address] = data[0] + data[1] * 256U;
        return new_frame(0x42, address, data, true);
      case 0x23:
        ++logins;
        if (address == 0x014A && std::string(data.begin(), data.end()) == password) level = std::max(level, 1U);
        if (address == 0x016A && std::string(data.begin(), data.end()) == "123456789abc") level = 5;
        return new_frame(0x43, address, {static_cast<std::uint8_t>(level), 0});
      case 0x51: return new_frame(0x61, address, {control(address), 0});
      default: return {};
    }
  }

  [[nodiscard]] ByteVector read(unsigned address, std::size_t size) const {
    if (address == 0x026C) return new_frame(0x12, address, ByteVector(device_info.begin(), device_info.end()), true);
    ByteVector data;
    for (unsigned at = address; data.size() < size; at += 2)
      put_low_first(data, settings.contains(at) ? settings.at(at) : 0xFFFF, 2);
    return new_frame(0x12, address, data, true);
  }

  std::uint8_t control(unsigned command) {
    if (level < needed_level) return 3;
    if (writes_are_ignored) return 1;
    switch (command) {
      case 1: discharge_locked = true; return 1;
      case 3: release(discharge_locked); return 1;
      case 4: charge_locked = true; return 1;
      case 6: release(charge_locked); return 1;
      case 7: ++saves; return 1;
      case 0x0D: balancer = true; return 1;
      case 0x0E: balancer = false; return 1;
      default: return 2;
    }
  }

  void release(bool& lock) {
    if (lock) waiting_ = lag + 1;
    lock = false;
  }

  [[nodiscard]] ByteVector answer_old(const ByteVector& request) {
    const unsigned address = request[2];
    const unsigned value = request[3] * 256U + request[4];
    if (request[0] == 0xDB) return knows_display_request ? present().old_status() : ByteVector{};
    if (request[0] == 0x5A && address == 0) return knows_read_request ? present().old_status() : ByteVector{};
    if (request[0] == 0x5A) return word(0x5A, address, registers.contains(address) ? registers[address] : 0xFFFF);
    orders.push_back(request);
    if (address >= 0xF1 && address <= 0xF4) return take_password(address, value);
    if (level < needed_level) return word(0xA5, 0xF5, 1);
    return word(0xA5, address, writes_are_ignored ? value : write(address, value));
  }

  ByteVector take_password(unsigned address, unsigned value) {
    ++logins;
    if (address == 0xF1) typed_.clear();
    typed_ += static_cast<char>(value / 256);
    typed_ += static_cast<char>(value % 256);
    const bool in = level >= needed_level;
    if (address == 0xF4) level = typed_ == password ? 5 : 0;
    return in || (address == 0xF4 && level == 5) ? word(0xA5, address, value) : word(0xA5, 0xF5, 1);
  }

  unsigned write(unsigned address, unsigned value) {
    switch (address) {
      case 0xF9: value == 0 ? void(discharge_locked = true) : release(discharge_locked); return value;
      case 0xFA: value == 0 ? void(charge_locked = true) : release(charge_locked); return value;
      case 0xFC: balancer = !balancer; return balancer ? 1 : 0;
      case 0xFF:
        for (const auto& [where, what] : pending_) registers[where] = what;
        ++saves;
        return value;
      default: pending_[address] = value; return value;
    }
  }

  int waiting_ = 0;
  std::string typed_;
  std::map<unsigned, unsigned> pending_;
};

/// What the line does with one question.
enum class Fault : std::uint8_t {
  none,
  request_lost,
  answer_lost,
  damaged,  ///< done, but the answer never arrives sound
  echoed,   ///< the request comes back, then the answer
};

/// Runs a dialogue as a session would, without time. Faults last for all attempts of a question. Questions that only
/// listen hear `chatter`, and are not among `sent`.
class Wire {
 public:
  explicit Wire(WireBoard& board) : board_(board) {}

  std::function<Fault(std::size_t question)> fault = [](std::size_t) { return Fault::none; };
  std::function<ByteVector()> chatter = [] { return ByteVector{}; };
  std::vector<ByteVector> sent;  ///< one entry for each question, however often asked
  std::vector<int> attempts;     ///< that each question allows
  std::vector<Error> failures;   ///< of single attempts
  int listened = 0;

  void run(Dialogue& dialogue) {
    for (int turn = 0; turn < 500; ++turn) {
      const std::optional<Request> request = dialogue.request();
      if (!request) return;
      if (request->bytes.empty()) {
        ++listened;
        if (!feed(dialogue, chatter())) fail(dialogue, true);
        continue;
      }
      sent.emplace_back(request->bytes.begin(), request->bytes.end());
      attempts.push_back(request->attempts);
      ask(dialogue, request->attempts, sent.back(), fault(sent.size() - 1));
    }
    throw std::runtime_error("the dialogue does not end");
  }

 private:
  void fail(Dialogue& dialogue, bool last) {
    const Error why = dialogue.timed_out();
    failures.push_back(why);
    if (last) dialogue.give_up(why);
  }

  void ask(Dialogue& dialogue, int allowed, const ByteVector& request, Fault how) {
    for (int attempt = 1; attempt <= allowed; ++attempt) {
      if (feed(dialogue, incoming(request, how))) return;
      fail(dialogue, attempt == allowed);
    }
  }

  ByteVector incoming(const ByteVector& request, Fault how) {
    if (how == Fault::request_lost) return {};
    ByteVector bytes = board_.answer(request);
    if (how == Fault::answer_lost) return {};
    if (how == Fault::damaged && !bytes.empty()) bytes[bytes.size() / 2] ^= 0x10U;
    if (how == Fault::echoed) bytes = concat(request, bytes);
    return bytes;
  }

  static bool feed(Dialogue& dialogue, const ByteVector& bytes) {
    if (bytes.empty()) return false;
    const std::size_t half = bytes.size() / 2;
    if (dialogue.receive(Bytes(bytes).first(half)).answered) return true;
    return dialogue.receive(Bytes(bytes).subspan(half)).answered;
  }

  WireBoard& board_;
};

}  // namespace bms::ant_test
