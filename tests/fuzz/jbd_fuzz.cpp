// Fuzzes everything of JBD that reads bytes: receiver, recorded streams, polls and commands.
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
#include "recipe.hpp"

namespace {

using namespace bms;
using namespace fuzz;

constexpr std::uint8_t interesting[] = {0x03, 0x04, 0x05, 0xAA, 0xFA, 0x2D, 0x24,
                                        0xA0, 0xE1, 0x00, 0x01, 0xA5, 0x10, 0x99};

std::uint8_t some_register(std::uint8_t choice) { return interesting[choice % std::size(interesting)]; }

ByteVector frame(std::uint8_t address, std::uint8_t status, const ByteVector& payload) {
  ByteVector bytes{0xDD, address, status, static_cast<std::uint8_t>(payload.size())};
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  unsigned sum = 0;
  for (std::size_t i = 2; i < bytes.size(); ++i) sum += bytes[i];
  sum = (0x10000U - sum) & 0xFFFFU;
  bytes.push_back(static_cast<std::uint8_t>(sum >> 8U));
  bytes.push_back(static_cast<std::uint8_t>(sum & 0xFFU));
  bytes.push_back(0x77);
  return bytes;
}

/// One piece of traffic that ends up in the stream.
ByteVector traffic(Recipe& recipe, std::uint8_t wanted) {
  const std::uint8_t kind = recipe.byte();
  const std::uint8_t address = (kind & 8U) != 0 ? some_register(recipe.byte()) : wanted;
  const std::uint8_t status = (kind & 16U) != 0 ? recipe.byte() : 0;
  switch (kind % 5) {
    case 0: return recipe.bytes(recipe.byte() % 40);
    case 1: return frame(address, status, recipe.bytes(recipe.byte()));
    case 2: {
      ByteVector damaged = frame(address, status, recipe.bytes(recipe.byte() % 64));
      damaged[recipe.byte() % damaged.size()] ^= recipe.byte();
      return damaged;
    }
    case 3: {
      const jbd::RequestBytes echo = jbd::read_request(address);
      return {echo.begin(), echo.end()};
    }
    default: {  // the usual lengths, so that content is reached
      constexpr std::size_t sizes[] = {0, 2, 8, 27, 36, 24};
      ByteVector payload = recipe.bytes(sizes[recipe.byte() % std::size(sizes)]);
      if (payload.size() > 22) payload[22] %= 8;
      return frame(address, status, payload);
    }
  }
}

ByteVector stream_of(Recipe& recipe, std::uint8_t wanted, std::size_t pieces) {
  ByteVector stream;
  for (std::size_t i = 0; i < pieces && !recipe.empty(); ++i) {
    const ByteVector piece = traffic(recipe, wanted);
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

Found live(const std::vector<ByteVector>& pieces, const jbd::Expectation& expected) {
  jbd::FrameReceiver receiver;
  receiver.expect(expected);
  Found found;
  for (const ByteVector& piece : pieces) {
    const auto intake = receiver.push(piece);
    found.strangers += intake.strangers;
    if (intake.answer) {
      found.answered = true;
      const jbd::Reply& reply = *intake.answer;
      found.answer = frame(reply.address, reply.status, {reply.payload.begin(), reply.payload.end()});
      return found;
    }
    must(intake.missing > 0);
  }
  found.reason = receiver.finish().reason;
  return found;
}

bool contains(const ByteVector& stream, const ByteVector& part) { return !std::ranges::search(stream, part).empty(); }

void check_receiver(const ByteVector& stream, const jbd::Expectation& expected, std::uint32_t seed) {
  const Found whole = live({stream}, expected);
  must(live(cut(stream, seed), expected) == whole);
  must(live(single_bytes(stream), expected) == whole);

  const auto recorded = search(stream, expected);
  if (whole.answered) {
    must(contains(stream, whole.answer));  // with the checksum that belongs to it
    must(recorded.answer.has_value());
    must(recorded.answer->address == whole.answer[1] && recorded.answer->status == whole.answer[2]);
    must(std::ranges::equal(recorded.answer->payload, Bytes(whole.answer).subspan(4, whole.answer[3])));
    must(!expected.address || *expected.address == whole.answer[1]);
  } else if (stream.size() <= 1024) {
    must(recorded.answer.has_value() || recorded.reason == whole.reason);
  }
}

void check_explain(const ByteVector& stream, const jbd::RequestBytes* request, std::uint32_t seed) {
  std::optional<ByteVector> asked;
  if (request != nullptr) asked.emplace(request->begin(), request->end());
  const auto whole = jbd::explain({.request = asked, .pieces = {stream}, .line = {}});
  must(jbd::explain({.request = asked, .pieces = cut(stream, seed), .line = {}}) == whole);
  must(whole.is_object() && !whole.empty());
  must(!whole.dump().empty());  // throws for what is not UTF-8
}

Result<Reading> poll(const std::vector<ByteVector>& first, const std::vector<ByteVector>& second) {
  const auto protocol = jbd::make();
  Query<Reading>& query = protocol->poll();
  for (const auto* pieces : {&first, &second}) {
    if (!query.request()) break;
    bool answered = false;
    for (const ByteVector& piece : *pieces)
      if ((answered = query.receive(piece).answered)) break;
    if (!answered) query.give_up(query.timed_out());
  }
  must(!query.request());
  return query.result();
}

void check_poll(const ByteVector& first, const ByteVector& second, std::uint32_t seed) {
  const Result<Reading> whole = poll({first}, {second});
  const Result<Reading> sliced = poll(cut(first, seed), cut(second, seed));
  must(whole.has_value() == sliced.has_value());
  if (!whole) {
    must(whole.error().kind == sliced.error().kind);
    return;
  }
  must(*whole == *sliced);
  must(!whole->cells_v.empty() && whole->cells_v.size() <= 32);
  must(*whole->soc_pct >= 0 && *whole->soc_pct <= 100);
  must(std::isfinite(*whole->voltage_v) && std::isfinite(*whole->current_a));
}

Command some_command(std::uint8_t choice) {
  switch (choice % 6) {
    case 0: return SetChargeFet{(choice & 64U) != 0};
    case 1: return SetDischargeFet{(choice & 64U) != 0};
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

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Recipe recipe({data, size});
  const std::uint8_t choice = recipe.byte();
  const std::uint32_t seed = recipe.byte();
  if ((choice & 1U) != 0) {
    check_command(recipe);
    return 0;
  }
  if ((choice & 2U) != 0) {
    const ByteVector first = stream_of(recipe, 0x03, 3);
    check_poll(first, stream_of(recipe, 0x04, 3), seed);
    return 0;
  }
  const jbd::RequestBytes request = (choice & 4U) != 0 ? jbd::write_request(some_register(recipe.byte()), 1)
                                                       : jbd::read_request(some_register(recipe.byte()));
  const bool asked = (choice & 8U) == 0;
  const ByteVector stream = stream_of(recipe, request[2], 40);
  check_receiver(stream, asked ? jbd::expectation_of(request) : jbd::Expectation{}, seed);
  check_explain(stream, asked ? &request : nullptr, seed);
  return 0;
}
