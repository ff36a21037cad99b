// Fuzzes everything of Daly that reads bytes: receivers, recorded streams, polls and commands of both protocols.
//
// The input is a recipe for a stream: noise, sound frames, damaged frames, echoes, and how it is cut. What must hold:
// a value comes only from a frame whose sum or CRC is right, cutting never changes a result, a live port finds what a
// recorded stream holds, and nothing but the known orders is ever sent.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <vector>

#include "daly/daly.hpp"
#include "daly/daly_a5_frame.hpp"
#include "daly/daly_modbus_frame.hpp"
#include "recipe.hpp"
#include "sim/wire.hpp"

namespace {

using namespace bms;
using namespace fuzz;

void append(ByteVector& to, const ByteVector& bytes) { to.insert(to.end(), bytes.begin(), bytes.end()); }

ByteVector a5_frame(std::uint8_t address, std::uint8_t command, ByteVector data) {
  data.resize(8);
  ByteVector bytes{0xA5, address, command, 8};
  append(bytes, data);
  unsigned sum = 0;
  for (const std::uint8_t byte : bytes) sum += byte;
  bytes.push_back(static_cast<std::uint8_t>(sum & 0xFFU));
  return bytes;
}

ByteVector with_crc(ByteVector bytes) {
  sim::put_low_first(bytes, sim::crc16(bytes));
  return bytes;
}

constexpr std::uint8_t commands[] = {0x90, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x50, 0x51, 0x53,
                                     0x54, 0x57, 0x59, 0x5B, 0x61, 0x62, 0x63, 0x21, 0xD9, 0xDA, 0xD8, 0x10};
std::uint8_t some_command(std::uint8_t choice) { return commands[choice % std::size(commands)]; }

/// Values as a board may send them, so that content is reached.
ByteVector likely_data(std::uint8_t command, Recipe& recipe) {
  switch (command) {
    case 0x90: return {0x01, 0x08, 0, 0, 0x75, recipe.byte(), 0x01, recipe.byte()};
    case 0x94: return {static_cast<std::uint8_t>(8 + recipe.byte() % 2), 2, 0, 0, 2, 0, recipe.byte(), 0};
    case 0x95:
      return {static_cast<std::uint8_t>(1 + recipe.byte() % 3), 0x0C, recipe.byte(), 0x0C, 0xE0, 0x0C, 0xE4, 0};
    case 0x96: return {1, recipe.byte(), 61};
    case 0x57:
    case 0x62:
    case 0x63: return {static_cast<std::uint8_t>(1 + recipe.byte() % 5), 'V', recipe.byte(), 'N'};
    default: return recipe.bytes(8);
  }
}

/// One piece of traffic of the 0xA5 protocol.
ByteVector a5_traffic(Recipe& recipe, std::uint8_t host, std::uint8_t wanted) {
  const std::uint8_t kind = recipe.byte();
  const std::uint8_t command = (kind & 8U) != 0 ? some_command(recipe.byte()) : wanted;
  const std::uint8_t board = (kind & 16U) != 0 ? recipe.byte() % 18 : daly::board_behind(host);
  switch (kind % 6) {
    case 0: return recipe.bytes(recipe.byte() % 40);
    case 1: return a5_frame(board, command, recipe.bytes(8));
    case 2: {
      ByteVector damaged = a5_frame(board, command, likely_data(command, recipe));
      damaged[recipe.byte() % damaged.size()] ^= recipe.byte();
      return damaged;
    }
    case 3: {
      const daly::FrameBytes echo = daly::read_request(host, command);
      return {echo.begin(), echo.end()};
    }
    case 4: {  // a whole answer of several frames
      ByteVector all;
      const unsigned count = 1U + recipe.byte() % 6U;
      for (unsigned number = 1; number <= count; ++number)
        append(all, a5_frame(board, command,
                             {static_cast<std::uint8_t>(number), 0x0C, recipe.byte(), 0x0C, 0xE1, 0x0C, 0xE2, 0}));
      return all;
    }
    default: return a5_frame(board, command, likely_data(command, recipe));
  }
}

ByteVector a5_stream(Recipe& recipe, std::uint8_t host, std::uint8_t wanted, std::size_t pieces) {
  ByteVector stream;
  for (std::size_t i = 0; i < pieces && !recipe.empty(); ++i) append(stream, a5_traffic(recipe, host, wanted));
  return stream;
}

/// One piece of traffic of the newer protocol.
ByteVector register_traffic(Recipe& recipe, const ByteVector& request, std::uint8_t from) {
  const std::uint8_t kind = recipe.byte();
  const std::uint8_t address = (kind & 16U) != 0 ? recipe.byte() : from;
  const std::size_t asked = 2U * request[5];
  switch (kind % 6) {
    case 0: return recipe.bytes(recipe.byte() % 40);
    case 1: return with_crc({address, static_cast<std::uint8_t>(request[1] | 0x80U), recipe.byte()});
    case 2: return request;
    case 3: return with_crc({address, 6, request[2], request[3], request[4], request[5]});
    default: {
      const std::size_t size = (kind & 8U) != 0 ? recipe.byte() : asked;
      ByteVector frame{address, 3, static_cast<std::uint8_t>(size)};
      ByteVector words = recipe.bytes(size & 0xFFU);
      words.resize(size & 0xFFU);
      append(frame, words);
      frame = with_crc(frame);
      if (kind % 6 == 5) frame[recipe.byte() % frame.size()] ^= recipe.byte();
      return frame;
    }
  }
}

ByteVector register_stream(Recipe& recipe, const ByteVector& request, std::uint8_t from, std::size_t pieces) {
  ByteVector stream;
  for (std::size_t i = 0; i < pieces && !recipe.empty(); ++i) append(stream, register_traffic(recipe, request, from));
  return stream;
}

/// What a receiver made of a stream, in a form that can be compared.
struct Found {
  bool answered = false;
  ByteVector answer;
  ErrorKind reason = ErrorKind::garbage;
  unsigned strangers = 0;

  bool operator==(const Found&) const = default;
};

ByteVector bytes_of(const daly::Reply& reply) {
  ByteVector bytes(reply.data.begin(), reply.data.end());
  for (std::size_t frame = 1; frame <= reply.frames.last(); ++frame)
    if (reply.frames.has(frame)) append(bytes, {reply.frames.frame(frame).begin(), reply.frames.frame(frame).end()});
  return bytes;
}
ByteVector bytes_of(const daly::ModbusReply& reply) {
  ByteVector bytes(reply.words.begin(), reply.words.end());
  if (reply.refusal) bytes.push_back(*reply.refusal);
  return bytes;
}

template <class Expectation>
Found live(const std::vector<ByteVector>& pieces, const Expectation& expected) {
  Receiver<Expectation> receiver;
  receiver.expect(expected);
  Found found;
  for (const ByteVector& piece : pieces) {
    const auto intake = receiver.push(piece);
    found.strangers += intake.strangers;
    if (intake.answer) {
      found.answered = true;
      found.answer = bytes_of(*intake.answer);
      return found;
    }
    must(intake.missing > 0);
  }
  found.reason = receiver.finish().reason;
  return found;
}

template <class Expectation>
Found check_receiver(const ByteVector& stream, const Expectation& expected, std::uint32_t seed) {
  const Found whole = live({stream}, expected);
  must(live(cut(stream, seed), expected) == whole);
  must(live(single_bytes(stream), expected) == whole);
  if (stream.size() <= Expectation::capacity) {
    const auto recorded = search(stream, expected);
    must(recorded.answer.has_value() == whole.answered);
    if (whole.answered) must(bytes_of(*recorded.answer) == whole.answer);
  }
  return whole;
}

nlohmann::ordered_json check_explain(const ByteVector& stream, const std::optional<ByteVector>& request,
                                     const char* dialect, std::uint32_t seed) {
  const nlohmann::ordered_json line{{"dialect", dialect}, {"context", {{"cell_count", 8}, {"temp_sensor_count", 2}}}};
  const auto whole = daly::explain({.request = request, .pieces = {stream}, .line = line});
  must(daly::explain({.request = request, .pieces = cut(stream, seed), .line = line}) == whole || stream.empty());
  must(whole.is_object() && !whole.empty());
  must(!whole.dump().empty());  // throws for what is not UTF-8
  (void)daly::explain({.request = request, .pieces = {stream}, .line = nlohmann::ordered_json::object()});
  return whole;
}

void check_a5_stream(Recipe& recipe, std::uint32_t seed) {
  const std::uint8_t host = daly::host_for(1 + recipe.byte() % 3);
  const std::uint8_t command = some_command(recipe.byte());
  const ByteVector stream = a5_stream(recipe, host, command, 30);
  std::size_t frames = 1;
  if (command == 0x95) frames = 3;
  if (command == 0x57) frames = 5;
  if (command == 0x62 || command == 0x63) frames = 2;
  const daly::Expectation expected{.board = daly::board_behind(host), .command = command, .frames = frames};
  const Found found = check_receiver(stream, expected, seed);
  const daly::FrameBytes request = daly::read_request(host, command);
  const auto facts = check_explain(stream, ByteVector(request.begin(), request.end()), "a5", seed);
  must(facts.contains("error") != found.answered);
  (void)check_explain(stream, std::nullopt, "a5", seed);
}

void check_register_stream(Recipe& recipe, std::uint32_t seed) {
  const bool d2 = (recipe.byte() & 1U) != 0;
  const daly::ModbusAddress to = d2 ? daly::d2_addresses : daly::p81_addresses(1);
  const std::uint8_t choice = recipe.byte();
  const bool writes = (choice & 1U) != 0;
  const std::uint8_t from = writes ? 0 : recipe.byte();
  const auto count = static_cast<std::uint16_t>(writes ? 0 : 1 + recipe.byte() % 80);
  const daly::ModbusBytes bytes =
      writes ? daly::modbus_write(to, d2 ? 0xA5 : 0x121, choice >> 7U) : daly::modbus_read(to, from, count);
  const ByteVector request(bytes.begin(), bytes.end());
  const ByteVector stream = register_stream(recipe, request, to.answer, 12);
  const daly::ModbusExpectation expected{.request = bytes, .answer_address = to.answer};
  (void)check_receiver(stream, expected, seed);
  (void)check_explain(stream, request, d2 ? "d2" : "p81", seed);
  (void)check_explain(stream, std::nullopt, d2 ? "d2" : "p81", seed);
}

/// What a question is answered with.
ByteVector answers(Recipe& recipe, Bytes request) {
  if (request[0] == 0xA5) return a5_stream(recipe, request[1], request[2], 4);
  const std::uint8_t from = request[0] == 0xD2 ? 0xD2 : static_cast<std::uint8_t>(request[0] - 0x30);
  return register_stream(recipe, {request.begin(), request.end()}, from, 2);
}

/// Nothing that changes something is sent but by the orders that are known.
void check_request(Bytes request, bool may_write) {
  if (request[0] == 0xA5) {
    const bool reads = request[2] >= 0x50 && request[2] <= 0x98;
    const bool writes = request[2] == 0xD9 || request[2] == 0xDA || request[2] == 0x21;
    must(request.size() == 13 && (reads || (may_write && writes)));
    return;
  }
  must(request.size() == 8 && (request[1] == 3 || (may_write && request[1] == 6)));
  const unsigned address = request[2] * 256U + request[3];
  must(address < 0xF0 || address > 0xFF);
}

/// Runs a dialogue on whatever comes. Two of them can be run side by side on the same bytes, cut differently.
void run(Dialogue& whole, Dialogue& sliced, Recipe& recipe, std::uint32_t seed, bool may_write) {
  for (int questions = 0; const auto request = whole.request(); ++questions) {
    must(questions < 300);
    must(request->reply_size >= 5 && request->attempts > 0);
    check_request(request->bytes, may_write);
    const auto other = sliced.request();
    must(other && std::ranges::equal(request->bytes, other->bytes));
    const ByteVector stream = answers(recipe, request->bytes);
    const bool answered = whole.receive(stream).answered;
    bool answered_in_slices = false;
    for (const ByteVector& piece : cut(stream, seed)) {
      answered_in_slices = sliced.receive(piece).answered;
      if (answered_in_slices) break;
    }
    must(answered == answered_in_slices);
    if (answered) continue;
    const Error why = whole.timed_out();
    must(why.kind == sliced.timed_out().kind || stream.size() > daly::Expectation::capacity);
    whole.give_up(why);
    sliced.give_up(why);
  }
  must(!sliced.request());
}

BoardOptions some_board(std::uint8_t choice) { return {.variant = daly::variants[choice % std::size(daly::variants)]}; }

void check_polls(Recipe& recipe, std::uint32_t seed) {
  const BoardOptions options = some_board(recipe.byte());
  const auto whole = daly::make(options);
  const auto sliced = daly::make(options);
  for (int polls = 0; polls < 12 && !recipe.empty(); ++polls) {
    Query<Reading>& first = whole->poll();
    Query<Reading>& second = sliced->poll();
    run(first, second, recipe, seed, false);
    const Result<Reading> reading = first.result();
    must(reading.has_value() == second.result().has_value());
    if (!reading) continue;
    must(*reading == *second.result());
    must(!reading->cells_v.empty() && reading->cells_v.size() <= 48);
    // How far single values are believed is decided behind the protocol.
    must(reading->soc_pct && reading->voltage_v && reading->current_a);
    must(std::isfinite(*reading->soc_pct) && std::isfinite(*reading->voltage_v) && std::isfinite(*reading->current_a));
    must(reading->temperatures_c.size() <= 16);
  }
}

Command some_order(std::uint8_t choice) {
  switch (choice % 6) {
    case 0: return SetFet{Fet::charge, (choice & 64U) != 0};
    case 1: return SetFet{Fet::discharge, (choice & 64U) != 0};
    case 2: return SetBalancer{(choice & 64U) != 0};
    case 3: return SetSoc{.soc_pct = 55, .now = {2025, 6, 1, 12, 30, 0}};
    case 4: return ReadParameter{"cell_high_l1"};
    default: return ReadParameter{"design_capacity"};
  }
}

void check_commands(Recipe& recipe, std::uint32_t seed) {
  const BoardOptions options = some_board(recipe.byte());
  const auto whole = daly::make(options);
  const auto sliced = daly::make(options);
  const std::uint8_t choice = recipe.byte();
  const auto run_both = [&](auto first, auto second) {
    run(*first, *second, recipe, seed, true);
    must(first->result().has_value() == second->result().has_value());
  };
  if (choice % 8 == 6) return run_both(whole->identify(), sliced->identify());
  if (choice % 8 == 7) return run_both(whole->probe(), sliced->probe());
  auto first = whole->command(some_order(choice));
  auto second = sliced->command(some_order(choice));
  if (first) run_both(*std::move(first), *std::move(second));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Recipe recipe({data, size});
  const std::uint8_t choice = recipe.byte();
  const std::uint32_t seed = recipe.byte();
  switch (choice % 4) {
    case 0: check_a5_stream(recipe, seed); break;
    case 1: check_register_stream(recipe, seed); break;
    case 2: check_polls(recipe, seed); break;
    default: check_commands(recipe, seed); break;
  }
  return 0;
}
