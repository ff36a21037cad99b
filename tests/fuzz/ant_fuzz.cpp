// Fuzzes everything of ANT that reads bytes: receivers, recorded streams, probes, polls and commands of both protocols.
//
// The input is a recipe for a stream: noise, sound frames, damaged frames, echoes, and how it is cut. What must hold:
// a value comes only from a frame whose checksum is right, cutting never changes a result, a live port finds what a
// recorded stream holds, every dialogue ends, and nothing is ever sent that is not on the list of harmless orders.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <vector>

#include "ant/ant.hpp"
#include "ant/ant_explain.hpp"
#include "ant/ant_new_frame.hpp"
#include "ant/ant_old_frame.hpp"
#include "ant/ant_status.hpp"
#include "bms/hex.hpp"
#include "recipe.hpp"
#include "sim/wire.hpp"

namespace {

using namespace bms;
using namespace fuzz;

void append(ByteVector& to, const ByteVector& more) { to.insert(to.end(), more.begin(), more.end()); }

ByteVector new_frame(unsigned function, unsigned address, const ByteVector& data, bool trailer) {
  ByteVector bytes{0x7E,
                   0xA1,
                   static_cast<std::uint8_t>(function),
                   static_cast<std::uint8_t>(address),
                   static_cast<std::uint8_t>(address >> 8U),
                   static_cast<std::uint8_t>(data.size())};
  append(bytes, data);
  sim::put_low_first(bytes, sim::crc16(Bytes(bytes).subspan(1)));
  if (trailer) append(bytes, {0xFF, 0x0B, 0, 0, 0x41, 0xF2});
  append(bytes, {0xAA, 0x55});
  return bytes;
}

ByteVector word(std::uint8_t header, std::uint8_t address, std::uint8_t high, std::uint8_t low) {
  return {header, header, address, high, low, static_cast<std::uint8_t>(address + high + low)};
}

ByteVector old_frame(ByteVector content) {
  content.resize(138);
  const std::uint8_t header[] = {0xAA, 0x55, 0xAA, 0xFF};
  std::copy(std::begin(header), std::end(header), content.begin());
  unsigned sum = 0;
  for (std::size_t i = 4; i < content.size(); ++i) sum += content[i];
  append(content, {static_cast<std::uint8_t>(sum >> 8U), static_cast<std::uint8_t>(sum)});
  return content;
}

/// A pack that can be true, with a few bytes of the recipe in it.
ByteVector new_status(Recipe& recipe) {
  const std::uint8_t cells = static_cast<std::uint8_t>(1 + recipe.byte() % 32);
  ByteVector data(106U + 2U * (cells + 2U) + (recipe.byte() % 2) * 24U);
  data[2] = 2;
  data[3] = cells;
  for (std::size_t i = 0; i < cells; ++i) {
    data[28 + 2 * i] = 0xE4;
    data[29 + 2 * i] = 0x0C;
  }
  const unsigned voltage = cells * 330U;
  data[36U + 2U * cells] = static_cast<std::uint8_t>(voltage);
  data[37U + 2U * cells] = static_cast<std::uint8_t>(voltage >> 8U);
  for (int edits = recipe.byte() % 6; edits > 0; --edits) {
    const std::size_t where = recipe.byte() % data.size();
    data[where] = recipe.byte();
  }
  return data;
}

ByteVector old_status(Recipe& recipe) {
  ByteVector frame(138);
  const std::uint8_t cells = static_cast<std::uint8_t>(1 + recipe.byte() % 32);
  for (std::size_t i = 0; i < cells; ++i) {
    frame[6 + 2 * i] = 0x0C;
    frame[7 + 2 * i] = 0xE4;
  }
  const unsigned voltage = cells * 33U;
  frame[4] = static_cast<std::uint8_t>(voltage >> 8U);
  frame[5] = static_cast<std::uint8_t>(voltage);
  for (const std::size_t at : {116U, 119U, 121U}) {
    frame[at] = 0x0C;
    frame[at + 1] = 0xE4;
  }
  frame[123] = cells;
  for (int edits = recipe.byte() % 6; edits > 0; --edits) {
    const std::size_t where = recipe.byte() % frame.size();
    frame[where] = recipe.byte();
  }
  return frame;
}

/// One piece of traffic that ends up in the stream, in answer to `request`.
ByteVector traffic(Recipe& recipe, Bytes request) {
  constexpr unsigned functions[] = {0x11, 0x12, 0x14, 0x42, 0x43, 0x61, 0x15, 0x1F};
  const std::uint8_t kind = recipe.byte();
  const bool newer = !request.empty() && request[0] == 0x7E;
  const unsigned address = newer ? request[3] + request[4] * 256U : 0;
  ByteVector bytes;
  switch (kind % 6) {
    case 0: return recipe.bytes(recipe.byte() % 40);
    case 1: bytes.assign(request.begin(), request.end()); break;
    case 2: bytes = newer ? new_frame(0x11, 0, new_status(recipe), false) : old_frame(old_status(recipe)); break;
    case 3: {
      const unsigned function = functions[recipe.byte() % std::size(functions)];
      bytes = new_frame(function, address, recipe.bytes(recipe.byte() % 80), (kind & 64U) != 0);
      break;
    }
    case 4: {
      const std::uint8_t first = request.size() == 6 ? request[2] : recipe.byte();
      const std::uint8_t high = recipe.byte();
      const std::uint8_t low = recipe.byte();
      bytes = word((kind & 64U) != 0 ? 0xA5 : 0x5A, first, high, low);
      break;
    }
    default: bytes = newer ? new_frame(0x61, address, {recipe.byte(), 0}, false) : word(0xA5, 0xF5, 0, 1); break;
  }
  if ((kind & 128U) != 0 && !bytes.empty()) bytes[recipe.byte() % bytes.size()] ^= recipe.byte();
  return bytes;
}

ByteVector stream_of(Recipe& recipe, Bytes request, std::size_t pieces) {
  ByteVector stream;
  for (std::size_t i = 0; i < pieces && !recipe.empty(); ++i) append(stream, traffic(recipe, request));
  return stream;
}

/// The bytes of the stream that an answer is, with the checksum that belongs to them.
ByteVector proven(const ant::NewReply& reply) {
  ByteVector bytes = new_frame(reply.function, reply.address, {reply.payload.begin(), reply.payload.end()}, false);
  bytes.resize(bytes.size() - 2);
  return bytes;
}

ByteVector proven(const ant::OldReply& reply) {
  if (reply.is_status()) return old_frame({reply.frame.begin(), reply.frame.begin() + 138});
  return word(reply.frame[0], reply.frame[2], reply.frame[3], reply.frame[4]);
}

template <class Expectation>
ByteVector live(const std::vector<ByteVector>& pieces, const Expectation& expected) {
  Receiver<Expectation> receiver;
  receiver.expect(expected);
  for (const ByteVector& piece : pieces) {
    const auto intake = receiver.push(piece);
    if (intake.answer) return proven(*intake.answer);
    must(intake.missing > 0);
  }
  (void)receiver.finish();
  return {};
}

template <class Expectation>
void check_receiver(const ByteVector& stream, const Expectation& expected, std::uint32_t seed) {
  const ByteVector whole = live({stream}, expected);
  must(live(cut(stream, seed), expected) == whole);
  must(live(single_bytes(stream), expected) == whole);
  const auto recorded = search(stream, expected);
  if (!whole.empty()) {
    must(!std::ranges::search(stream, whole).empty());
    must(recorded.answer && proven(*recorded.answer) == whole);
  }
}

void check_explain(const ByteVector& stream, Bytes request, bool asked, bool all, std::uint32_t seed) {
  Recording recording{.request = {}, .pieces = {stream}, .line = {{"stream", all}}};
  if (asked) recording.request = ByteVector(request.begin(), request.end());
  if (asked && (seed & 1U) != 0) recording.line["variant"] = request[0] == 0x7E ? "new" : "old";
  const auto whole = ant::explain(recording);
  recording.pieces = cut(stream, seed);
  must(ant::explain(recording) == whole);
  must(whole.is_object() && !whole.empty());
  must(!whole.dump().empty());  // throws for what is not UTF-8
}

/// What may go out at all: reads, FETs, balancer, saving, passwords, and the settings of the tables.
void check_harmless(Bytes request) {
  if (request.empty()) return;
  if (request[0] == 0x7E) {
    must(request.size() >= 10 && sim::crc16(request.subspan(1, request.size() - 5)) ==
                                     request[request.size() - 4] + request[request.size() - 3] * 256U);
    constexpr std::uint8_t commands[] = {0x01, 0x03, 0x04, 0x06, 0x07, 0x0D, 0x0E};
    if (request[2] == 0x51) must(std::ranges::find(commands, request[3]) != std::end(commands) && request[4] == 0);
    if (request[2] == 0x22) must(request[4] == 0 && request[3] < 160);
    return;
  }
  must(request.size() == 6);
  constexpr std::uint8_t registers[] = {0xF1, 0xF2, 0xF3, 0xF4, 0xF9, 0xFA, 0xFC, 0xFF};
  if (request[0] == 0xA5) must(request[2] < 0x10 || std::ranges::find(registers, request[2]) != std::end(registers));
}

/// Runs a dialogue against what the recipe holds; the result is the caller's to judge.
void converse(Dialogue& dialogue, Recipe& recipe, std::uint32_t seed) {
  for (int questions = 0; const auto request = dialogue.request(); ++questions) {
    must(questions < 400);
    must(request->reply_size > 0 && request->attempts > 0);
    check_harmless(request->bytes);
    bool answered = false;
    for (const ByteVector& piece : cut(stream_of(recipe, request->bytes, 3), seed))
      if ((answered = dialogue.receive(piece).answered)) break;
    if (!answered) dialogue.give_up(dialogue.timed_out());
  }
}

void check_reading(const Result<Reading>& reading) {
  if (!reading) return;
  must(!reading->cells_v.empty() && reading->cells_v.size() <= 32);
  // How far single values are believed is decided behind the protocol.
  must(std::isfinite(*reading->soc_pct) && std::isfinite(*reading->voltage_v) && std::isfinite(*reading->current_a));
  for (const auto& temperature : reading->temperatures_c) must(!temperature || std::isfinite(*temperature));
}

Command some_command(std::uint8_t choice) {
  switch (choice % 6) {
    case 0: return SetFet{Fet::charge, (choice & 64U) != 0};
    case 1: return SetFet{Fet::discharge, (choice & 64U) != 0};
    case 2: return SetBalancer{(choice & 64U) != 0};
    case 3: return ReadParameter{"cell_overvoltage"};
    case 4: return ReadParameter{"balance_limit"};
    default: return WriteParameter{"cell_overvoltage", 3.65};
  }
}

void check_dialogues(Recipe& recipe, bool old, std::uint32_t seed) {
  const auto protocol = ant::make({.variant = {.dialect = old ? "old" : "new", .baud = 19200, .address = 0}});
  const auto probe = protocol->probe();
  converse(*probe, recipe, seed);
  (void)probe->result();
  for (int i = 0; i < 3; ++i) {
    Query<Reading>& poll = protocol->poll();
    converse(poll, recipe, seed);
    check_reading(poll.result());
  }
  const auto identify = protocol->identify();
  converse(*identify, recipe, seed);
  must(identify->result().has_value());
  const auto command = protocol->command(some_command(recipe.byte())).value();
  converse(*command, recipe, seed);
  (void)command->result();
}

/// A poll finds the same however its answer is cut.
void check_poll(const ByteVector& stream, bool old, std::uint32_t seed) {
  const auto poll = [old](const std::vector<ByteVector>& pieces) {
    const auto protocol = ant::make({.variant = {.dialect = old ? "old" : "new", .baud = 19200, .address = 0}});
    Query<Reading>& query = protocol->poll();
    for (const ByteVector& piece : pieces)
      if (query.receive(piece).answered) break;
    while (query.request()) query.give_up(query.timed_out());
    return query.result();
  };
  const Result<Reading> whole = poll({stream});
  const Result<Reading> sliced = poll(cut(stream, seed));
  must(whole.has_value() == sliced.has_value());
  if (whole) must(*whole == *sliced);
  check_reading(whole);
}

ByteVector some_request(std::uint8_t choice) {
  constexpr const char* requests[] = {"7EA1010000BE1855AA55", "7EA1026C022058C4AA55",
                                      "7EA10400000C98ECAA55", "7EA10200003899B3AA55",
                                      "7EA1510600006924AA55", "DBDB00000000",
                                      "5A5A00000101",         "5A5A1F00001F",
                                      "A5A5FA0001FB",         "A5A5F1313254A5A5F2333459A5A5F335365EA5A5F4373863"};
  return from_hex(requests[choice % std::size(requests)]).value();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Recipe recipe({data, size});
  const std::uint8_t choice = recipe.byte();
  const std::uint32_t seed = recipe.byte();
  const bool old = (choice & 2U) != 0;
  if ((choice & 1U) != 0) {
    check_dialogues(recipe, old, seed);
    return 0;
  }
  const ByteVector request = some_request(recipe.byte());
  const ByteVector stream = stream_of(recipe, request, 40);
  check_poll(stream, old, seed);
  check_explain(stream, request, (choice & 4U) == 0, (choice & 8U) != 0, seed);
  if (request[0] == 0x7E) {
    check_receiver(stream, (choice & 4U) == 0 ? ant::new_expectation_of(request) : ant::NewExpectation{}, seed);
  } else {
    ant::OldRequest first{};
    std::copy_n(request.begin(), first.size(), first.begin());
    check_receiver(stream, ant::OldExpectation{.request = first}, seed);
  }
  return 0;
}
