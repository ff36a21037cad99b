// Fuzzes everything of JBD that reads bytes, in its three dialects: receiver, recorded streams, polls and commands.
//
// The input is a recipe for a stream: noise, sound frames, damaged frames, echoes, and how it is cut. What must hold:
// a value comes only from a frame whose checksum is right, cutting never changes a result, a live port finds what a
// recorded stream holds, and factory mode is left whenever entering it was tried.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <vector>

#include "bms/hex.hpp"
#include "jbd/jbd.hpp"
#include "jbd/jbd_explain.hpp"
#include "jbd/jbd_frame.hpp"
#include "jbd/jbd_tables.hpp"
#include "jbd/jbd_up_frame.hpp"
#include "jbd/jbd_up_parameters.hpp"
#include "recipe.hpp"
#include "sim/wire.hpp"

namespace {

using namespace bms;
using namespace fuzz;

constexpr std::uint8_t interesting[] = {0x03, 0x04, 0x05, 0xAA, 0xFA, 0x2D, 0x24,
                                        0xA0, 0xE1, 0x00, 0x01, 0xA5, 0x10, 0x99};

std::uint8_t some_register(std::uint8_t choice) { return interesting[choice % std::size(interesting)]; }

ByteVector frame(std::uint8_t address, std::uint8_t status, const ByteVector& payload, jbd::BoardAddress board = {},
                 bool sum_covers_board = true) {
  ByteVector bytes{0xDD};
  if (board) bytes.push_back(*board);
  for (const std::size_t byte : {std::size_t{address}, std::size_t{status}, payload.size()})
    bytes.push_back(static_cast<std::uint8_t>(byte));
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  unsigned sum = 0;
  for (std::size_t i = board && sum_covers_board ? 1 : 2; i < bytes.size(); ++i) sum += bytes[i];
  sum = (0x10000U - sum) & 0xFFFFU;
  bytes.push_back(static_cast<std::uint8_t>(sum >> 8U));
  bytes.push_back(static_cast<std::uint8_t>(sum & 0xFFU));
  bytes.push_back(0x77);
  return bytes;
}

/// A frame of the UP series with a right CRC.
ByteVector up_frame(std::uint8_t address, const jbd::up::Block& block, const ByteVector& payload) {
  ByteVector bytes{address, block.function};
  for (const std::size_t word : {std::size_t{block.first}, std::size_t{block.last}, payload.size()}) {
    sim::put(bytes, word);
  }
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  sim::put_low_first(bytes, sim::crc16(bytes));
  return bytes;
}

constexpr jbd::up::Block up_blocks[] = {
    jbd::up::blocks::pack_status, jbd::up::blocks::own_status, jbd::up::blocks::board,
    jbd::up::blocks::counters,    jbd::up::blocks::product,    jbd::up::blocks::soc,
    jbd::up::blocks::clock,       jbd::up::blocks::capacity,   {0x51, 0x0000, 0xFFFF}};

const jbd::up::Block& some_block(std::uint8_t choice) { return up_blocks[choice % std::size(up_blocks)]; }

ByteVector up_payload(Recipe& recipe, const jbd::up::Block& block) {
  constexpr std::size_t sizes[] = {158, 116, 134, 18, 44, 0, 12, 64, 54};
  const auto which =
      static_cast<std::size_t>(std::ranges::find(up_blocks, block.first, &jbd::up::Block::first) - up_blocks);
  ByteVector payload = recipe.bytes(sizes[which % std::size(sizes)]);
  if (block.first == jbd::up::blocks::pack_status.first && payload.size() > 101) {
    payload[66] = payload[100] = 0;
    payload[67] = 16;
    payload[101] %= 10;
  }
  return payload;
}

ByteVector up_traffic(Recipe& recipe, const jbd::up::Block& wanted) {
  const std::uint8_t kind = recipe.byte();
  const jbd::up::Block& block = (kind & 8U) != 0 ? some_block(recipe.byte()) : wanted;
  const std::uint8_t address = (kind & 16U) != 0 ? recipe.byte() % 18 : 1;
  switch (kind % 4) {
    case 0: return recipe.bytes(recipe.byte() % 40);
    case 1: return up_frame(address, block, recipe.bytes(recipe.byte()));
    case 2: {
      ByteVector damaged = up_frame(address, block, up_payload(recipe, block));
      damaged[recipe.byte() % damaged.size()] ^= recipe.byte();
      return damaged;
    }
    default: return up_frame(address, block, up_payload(recipe, block));
  }
}

ByteVector up_stream(Recipe& recipe, const jbd::up::Block& wanted, std::size_t pieces) {
  ByteVector stream;
  for (std::size_t i = 0; i < pieces && !recipe.empty(); ++i) {
    const ByteVector piece = up_traffic(recipe, wanted);
    stream.insert(stream.end(), piece.begin(), piece.end());
  }
  return stream;
}

/// One piece of traffic that ends up in the stream.
ByteVector traffic(Recipe& recipe, std::uint8_t wanted, jbd::BoardAddress board) {
  const std::uint8_t kind = recipe.byte();
  if (board && (kind & 32U) != 0) board = recipe.byte() % 4;
  const bool covers = (kind & 64U) == 0;
  const std::uint8_t address = (kind & 8U) != 0 ? some_register(recipe.byte()) : wanted;
  const std::uint8_t status = (kind & 16U) != 0 ? recipe.byte() : 0;
  switch (kind % 5) {
    case 0: return recipe.bytes(recipe.byte() % 40);
    case 1: return frame(address, status, recipe.bytes(recipe.byte()), board, covers);
    case 2: {
      ByteVector damaged = frame(address, status, recipe.bytes(recipe.byte() % 64), board, covers);
      damaged[recipe.byte() % damaged.size()] ^= recipe.byte();
      return damaged;
    }
    case 3: {
      const jbd::RequestBytes echo = jbd::read_request(address, board);
      return {echo.begin(), echo.end()};
    }
    default: {  // the usual lengths, so that content is reached
      constexpr std::size_t sizes[] = {0, 2, 8, 27, 37, 24};
      ByteVector payload = recipe.bytes(sizes[recipe.byte() % std::size(sizes)]);
      const std::size_t sensors_at = board ? 28 : 22;
      if (payload.size() > sensors_at) payload[sensors_at] %= 8;
      return frame(address, status, payload, board, covers);
    }
  }
}

ByteVector stream_of(Recipe& recipe, std::uint8_t wanted, std::size_t pieces, jbd::BoardAddress board = {}) {
  ByteVector stream;
  for (std::size_t i = 0; i < pieces && !recipe.empty(); ++i) {
    const ByteVector piece = traffic(recipe, wanted, board);
    stream.insert(stream.end(), piece.begin(), piece.end());
  }
  return stream;
}

/// What a receiver made of a stream, in a form that can be compared.
struct Found {
  bool answered = false;
  ByteVector answer;  ///< the whole frame
  ErrorKind reason = ErrorKind::garbage;
  unsigned strangers = 0;

  bool operator==(const Found&) const = default;
};

ByteVector bytes_of(const jbd::Reply& reply) {
  return frame(reply.address, reply.status, {reply.payload.begin(), reply.payload.end()}, reply.board,
               reply.sum != jbd::SumCovers::no_address);
}

/// The last register of the frame is not kept by what reads it, and is taken from where the payload is.
ByteVector bytes_of(const jbd::up::Reply& reply) {
  const std::uint8_t* const begin = reply.payload.data() - jbd::up::header_size;
  return {begin, begin + jbd::up::frame_overhead + reply.payload.size()};
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

bool contains(const ByteVector& stream, const ByteVector& part) { return !std::ranges::search(stream, part).empty(); }

template <class Expectation>
Found check_receiver(const ByteVector& stream, const Expectation& expected, std::uint32_t seed) {
  const Found whole = live({stream}, expected);
  must(live(cut(stream, seed), expected) == whole);
  must(live(single_bytes(stream), expected) == whole);

  const auto recorded = search(stream, expected);
  if (whole.answered) {
    must(contains(stream, whole.answer));  // with the checksum that belongs to it
    must(recorded.answer.has_value());
    must(bytes_of(*recorded.answer) == whole.answer);
  } else if (stream.size() <= Expectation::capacity) {
    must(recorded.answer.has_value() || recorded.reason == whole.reason);
  }
  return whole;
}

void check_dd_receiver(const ByteVector& stream, const jbd::Expectation& expected, std::uint32_t seed) {
  const Found found = check_receiver(stream, expected, seed);
  if (!found.answered) return;
  must(!expected.address || *expected.address == found.answer[expected.register_at()]);
  must(!expected.board || *expected.board == found.answer[1]);
}

void check_up_receiver(const ByteVector& stream, const jbd::up::Expectation& expected, std::uint32_t seed) {
  const Found found = check_receiver(stream, expected, seed);
  if (!found.answered) return;
  must(modbus_crc_fits(found.answer));
  must(!expected.address || *expected.address == found.answer[0]);
  must(!expected.address || expected.block.first == u16_be(found.answer, 2));
}

void check_explain(const ByteVector& stream, const std::optional<ByteVector>& asked, std::uint32_t seed,
                   const char* dialect = "") {
  const nlohmann::ordered_json line{{"dialect", dialect}};
  const auto whole = jbd::explain({.request = asked, .pieces = {stream}, .line = line});
  must(jbd::explain({.request = asked, .pieces = cut(stream, seed), .line = line}) == whole);
  must(whole.is_object() && !whole.empty());
  must(!whole.dump().empty());  // throws for what is not UTF-8
}

Result<Reading> poll(const Variant& variant, const std::vector<ByteVector>& first,
                     const std::vector<ByteVector>& second) {
  const auto protocol = jbd::make({.variant = variant});
  Query<Reading>& query = protocol->poll();
  for (const auto* pieces : {&first, &second}) {
    if (!query.request()) break;
    bool answered = false;
    for (const ByteVector& piece : *pieces)
      if ((answered = query.receive(piece).answered)) break;
    if (!answered) query.give_up(query.timed_out());
  }
  while (query.request()) query.give_up(query.timed_out());
  return query.result();
}

void check_poll(const Variant& variant, const ByteVector& first, const ByteVector& second, std::uint32_t seed) {
  const Result<Reading> whole = poll(variant, {first}, {second});
  const Result<Reading> sliced = poll(variant, cut(first, seed), cut(second, seed));
  must(whole.has_value() == sliced.has_value());
  if (!whole) {
    must(whole.error().kind == sliced.error().kind);
    return;
  }
  must(*whole == *sliced);
  must(!whole->cells_v.empty() && whole->cells_v.size() <= 32);
  // How far a single value is believed is decided after the protocol.
  must(std::isfinite(*whole->soc_pct) && std::isfinite(*whole->voltage_v) && std::isfinite(*whole->current_a));
}

Command some_command(std::uint8_t choice) {
  switch (choice % 6) {
    case 0: return SetFet{Fet::charge, (choice & 64U) != 0};
    case 1: return SetFet{Fet::discharge, (choice & 64U) != 0};
    case 2: return SetBalancer{(choice & 64U) != 0};
    case 3: return ReadParameter{"device_name"};
    case 4: return ReadParameter{"design_capacity"};
    default: return WriteParameter{"design_capacity", 100};
  }
}

void check_command(Recipe& recipe) {
  const auto protocol = jbd::make();
  const auto query = protocol->command(some_command(recipe.byte())).value();
  bool inside = false;
  for (int questions = 0; const auto request = query->request(); ++questions) {
    must(questions < 100);
    must(request->bytes.size() >= 7 && request->reply_size >= 7 && request->attempts > 0);
    if (request->bytes[1] == 0x5A && request->bytes[2] == 0x00) inside = true;
    if (request->bytes[1] == 0x5A && request->bytes[2] == 0x01) inside = false;
    const ByteVector reply = stream_of(recipe, request->bytes[2], 2);
    if (!query->receive(reply).answered) query->give_up(query->timed_out());
  }
  must(!inside);
  (void)query->result();
}

}  // namespace

namespace {

/// Commands to a board of the UP series: each ends, and writes the state of charge at most, once.
void check_up_command(Recipe& recipe) {
  const auto protocol = jbd::make({.variant = jbd::variants[1]});
  const auto parameters = jbd::up::block_parameters();
  for (int commands = 0; commands < 3; ++commands) {
    const std::uint8_t choice = recipe.byte();
    const jbd::up::BlockParameter& parameter = parameters[choice % parameters.size()];
    const bool sets = choice % 8 == 0;
    const Command command = sets ? Command(SetSoc{.soc_pct = 50, .now = {}})
                                 : Command(ReadParameter{std::string(parameter.name), (choice & 64U) != 0});
    const auto query = protocol->command(command).value();
    int writes = 0;
    for (int questions = 0; const auto request = query->request(); ++questions) {
      must(questions < 20);
      must(request->bytes.size() >= jbd::up::frame_overhead && request->attempts > 0);
      const jbd::up::Block asked{request->bytes[1], u16_be(request->bytes, 2), u16_be(request->bytes, 4)};
      if (asked.function == jbd::up::functions::write) ++writes;
      const ByteVector reply = up_stream(recipe, asked, 2);
      if (!query->receive(reply).answered) query->give_up(query->timed_out());
    }
    must(writes == (sets ? 1 : 0));
    const auto result = query->result();
    if (const auto* const number = result ? std::get_if<double>(&*result) : nullptr) must(std::isfinite(*number));
  }
}

/// A recorded stream as it is.
void check_raw(const ByteVector& stream) {
  constexpr std::uint32_t seed = 7;
  check_dd_receiver(stream, jbd::Expectation{}, seed);
  check_dd_receiver(stream, jbd::Expectation{.addressed = true}, seed);
  check_dd_receiver(stream, jbd::expectation_of(jbd::read_request(0x03, 1)), seed);
  check_up_receiver(stream, jbd::up::Expectation{}, seed);
  check_up_receiver(stream, jbd::up::expectation_of(jbd::up::read_request(1, jbd::up::blocks::pack_status)), seed);
  check_explain(stream, std::nullopt, seed);
  check_explain(stream, std::nullopt, seed, "up");
  for (const Variant& variant : jbd::variants) check_poll(variant, stream, stream, seed);
}

void check_up(Recipe& recipe, std::uint32_t seed) {
  const std::uint8_t choice = recipe.byte();
  if ((choice & 4U) != 0) return check_up_command(recipe);
  if ((choice & 1U) != 0) {
    const ByteVector first = up_stream(recipe, jbd::up::blocks::pack_status, 3);
    return check_poll(jbd::variants[1], first, up_stream(recipe, jbd::up::blocks::own_status, 2), seed);
  }
  const jbd::up::Block& block = some_block(recipe.byte());
  const jbd::up::RequestBytes request = block.function == jbd::up::functions::write
                                            ? jbd::up::write_request(1, block, 5000)
                                            : jbd::up::read_request(1, block);
  const bool asked = (choice & 2U) == 0;
  const ByteVector stream = up_stream(recipe, block, 20);
  check_up_receiver(stream, asked ? jbd::up::expectation_of(request) : jbd::up::Expectation{}, seed);
  check_explain(stream, asked ? std::optional(ByteVector(request.begin(), request.end())) : std::nullopt, seed, "up");
}

void check_dd(Recipe& recipe, std::uint8_t choice, std::uint32_t seed) {
  const jbd::BoardAddress board = (choice & 32U) != 0 ? jbd::BoardAddress(recipe.byte() % 4) : std::nullopt;
  if ((choice & 2U) != 0) {
    Variant variant = jbd::variants[board ? 2 : 0];
    variant.address = board.value_or(0);
    const ByteVector first = stream_of(recipe, 0x03, 3, board);
    return check_poll(variant, first, stream_of(recipe, 0x04, 3, board), seed);
  }
  const jbd::RequestBytes request = (choice & 4U) != 0 ? jbd::write_request(some_register(recipe.byte()), 1)
                                                       : jbd::read_request(some_register(recipe.byte()), board);
  const bool asked = (choice & 8U) == 0;
  const ByteVector stream = stream_of(recipe, *jbd::expectation_of(request).address, 40, board);
  check_dd_receiver(stream, asked ? jbd::expectation_of(request) : jbd::Expectation{.addressed = board.has_value()},
                    seed);
  check_explain(stream, asked ? std::optional(ByteVector(request.begin(), request.end())) : std::nullopt, seed);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Recipe recipe({data, size});
  const std::uint8_t choice = recipe.byte();
  if (choice == 1) {
    check_raw(recipe.bytes(size));
    return 0;
  }
  const std::uint32_t seed = recipe.byte();
  if ((choice & 1U) != 0) {
    check_command(recipe);
  } else if ((choice & 64U) != 0) {
    check_up(recipe, seed);
  } else {
    check_dd(recipe, choice, seed);
  }
  return 0;
}
