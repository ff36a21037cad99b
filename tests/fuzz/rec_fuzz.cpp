// Fuzzes everything of REC that reads bytes: the search for answers, recorded streams, polls and commands.
//
// The input is a recipe for a stream: noise, sound frames, counts, data, damaged frames, echoes, and how it is cut.
// What must hold: a value comes only from frames whose checksum is right, cutting never changes a result, a live port
// finds what a recorded stream holds, and nothing is written that was not ordered.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bms/hex.hpp"
#include "rec/rec.hpp"
#include "rec/rec_answer.hpp"
#include "rec/rec_exchange.hpp"
#include "rec/rec_values.hpp"
#include "recipe.hpp"
#include "sim/wire.hpp"

namespace {

using namespace bms;
using namespace fuzz;

constexpr std::uint8_t unit = 1;

ByteVector frame(std::uint8_t destination, std::uint8_t source, const ByteVector& payload) {
  ByteVector bytes{0x55, destination, source, static_cast<std::uint8_t>(payload.size())};
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  sim::put(bytes, sim::crc16(Bytes(bytes).subspan(1), 0));
  bytes.push_back(0xAA);
  return bytes;
}

ByteVector text_frame(const std::string& text) { return frame(0, unit, ByteVector(text.begin(), text.end())); }

/// Numbers that a unit could measure, so that content is reached.
ByteVector numbers(Recipe& recipe, std::size_t count) {
  ByteVector payload;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t choice = recipe.byte();
    const ByteVector raw = choice < 16 ? recipe.bytes(4) : ByteVector{0, choice, 0x53, 0x40};  // around 3.3
    payload.insert(payload.end(), raw.begin(), raw.end());
  }
  return payload;
}

/// What a healthy unit says to LCD1, with a part that varies.
ByteVector overview(Recipe& recipe) {
  ByteVector payload{0x33, 0x33, 0x53, 0x40, 0,    0,    0x58, 0x40, 0, 0,    0x80, 0x3F, 0,    0,
                     0xA0, 0x41, 0,    0,    0x54, 0x41, 0,    0,    0, 0x3F, 0,    0,    0x80, 0x3F};
  payload[recipe.byte() % payload.size()] ^= recipe.byte() % 4;
  return frame(0, unit, payload);
}

const std::string texts[] = {"28",  "8",          "4",         "1",  "2",   "3",          "SET",  "ERROR1",
                             "103", "4.50000e2",  "-1.2351e2", "0",  "nan", "12:34:56",   "2261", "ACTIVE",
                             "",    "1979711486", "1e999",     "99", "2.5", "01.06.2026", " 7 ",  "REC BMS 1Q VICTRON"};

/// One piece of traffic that ends up in the stream.
ByteVector traffic(Recipe& recipe) {
  switch (recipe.byte() % 9) {
    case 0: return recipe.bytes(recipe.byte() % 40);
    case 1: return text_frame(texts[recipe.byte() % std::size(texts)]);
    case 2: return frame(0, unit, recipe.bytes(recipe.byte()));
    case 3: return frame(0, unit, numbers(recipe, recipe.byte() % 64));
    case 4: {
      ByteVector damaged = frame(0, unit, numbers(recipe, recipe.byte() % 20));
      damaged[recipe.byte() % damaged.size()] ^= recipe.byte();
      return damaged;
    }
    case 5: return frame(unit, 0, ByteVector{'L', 'C', 'D', '1', '?'});
    case 6: {
      const std::uint8_t from = recipe.byte();
      return frame(0, from, numbers(recipe, recipe.byte() % 20));
    }
    case 7: return overview(recipe);
    default: {
      ByteVector cut = text_frame(texts[recipe.byte() % std::size(texts)]);
      cut.resize(recipe.byte() % cut.size());
      return cut;
    }
  }
}

ByteVector stream_of(Recipe& recipe, std::size_t pieces) {
  ByteVector stream;
  for (std::size_t i = 0; i < pieces && !recipe.empty(); ++i) {
    const ByteVector piece = traffic(recipe);
    stream.insert(stream.end(), piece.begin(), piece.end());
  }
  return stream;
}

/// What a port made of a stream, in a form that can be compared.
struct Found {
  bool answered = false;
  std::vector<ByteVector> frames;  ///< of the answer, whole
  ErrorKind reason = ErrorKind::garbage;
  unsigned strangers = 0;

  bool operator==(const Found&) const = default;
};

std::vector<ByteVector> frames_of(const rec::Answer& answer) {
  std::vector<ByteVector> frames;
  for (const Bytes payload : answer.data) frames.push_back(frame(0, unit, {payload.begin(), payload.end()}));
  return frames;
}

Found live(const std::vector<ByteVector>& pieces, const rec::Question& question) {
  rec::Exchange exchange;
  exchange.ask(rec::read_request(unit, "LCD1"), question, rec::usual_patience);
  Found found;
  for (const ByteVector& piece : pieces) {
    Progress progress;
    const auto answer = exchange.receive(piece, progress);
    found.strangers += progress.strangers;
    if (answer) {
      found.answered = true;
      found.frames = frames_of(*answer);
      return found;
    }
    must(progress.missing > 0);
  }
  found.reason = exchange.timed_out().kind;
  if (exchange.late_answer()) found.frames = frames_of(*exchange.late_answer());
  return found;
}

bool contains(const ByteVector& stream, const ByteVector& part) { return !std::ranges::search(stream, part).empty(); }

rec::Question some_question(Recipe& recipe) {
  const std::uint8_t choice = recipe.byte();
  if (choice % 8 == 7) return rec::write_question(unit, "BMIN");
  constexpr const char* arrays[] = {"LCD1", "LCD3", "ERRO", "BTEM", "CELL", "PTEM"};
  const rec::Instruction& instruction = choice % 8 < 6
                                            ? *rec::find_instruction(arrays[choice % 8])
                                            : rec::instructions()[recipe.byte() % rec::instructions().size()];
  rec::Question question = rec::read_question(unit, instruction, (choice & 64U) != 0);
  if (question.shape == rec::Shape::per_unit && (choice & 128U) != 0)
    question.layout = rec::Layout{.one_frame = (choice & 32U) != 0, .values = {4, 4}};
  return question;
}

void check_search(const ByteVector& stream, const rec::Question& question, std::uint32_t seed) {
  const Found whole = live({stream}, question);
  must(live(cut(stream, seed), question) == whole);
  must(live(single_bytes(stream), question) == whole);
  if (stream.size() > 4096) return;

  // A recorded stream shows what comes after an answer, and a number may turn out to be the count of an array.
  if (whole.answered && whole.frames.front().size() <= 9 && question.shape != rec::Shape::per_unit) return;
  const rec::Findings recorded = rec::search(stream, question, rec::End::final);
  for (const ByteVector& one : whole.frames) must(contains(stream, one));  // with the checksum that belongs to it
  if (recorded.answer) {
    must(frames_of(*recorded.answer) == whole.frames);
    for (std::size_t i = 0; i < recorded.answer->units && question.shape == rec::Shape::per_unit; ++i)
      must(rec::values_of_unit(*recorded.answer, i) > 0);
    must(!question.layout || question.layout == recorded.answer->layout());
  } else if (whole.answered) {
    must(recorded.reason == ErrorKind::length || recorded.reason == ErrorKind::status ||
         question.shape == rec::Shape::per_unit);  // one frame too many, which a live port does not wait for
  } else {
    must(whole.frames.empty());
  }
}

void check_explain(const ByteVector& stream, const std::string& command, std::uint32_t seed) {
  nlohmann::ordered_json line = nlohmann::ordered_json::object();
  if (!command.empty()) line = {{"address", unit}, {"command", command}};
  const auto whole = rec::explain({.request = {}, .pieces = {stream}, .line = line});
  must(rec::explain({.request = {}, .pieces = cut(stream, seed), .line = line}) == whole);
  must(whole.is_object() && !whole.empty());
  must(!whole.dump().empty());  // throws for what is not UTF-8
}

/// Answers every question of a dialogue with a piece of the recipe, cut or whole.
template <class T>
void talk(Query<T>& query, Recipe recipe, std::uint32_t seed, bool sliced) {
  for (int questions = 0; const auto request = query.request(); ++questions) {
    must(questions < 100);
    must(request->bytes.size() >= 8 && request->reply_size >= 8 && request->attempts > 0);
    bool answered = false;
    for (int attempt = 0; attempt < request->attempts && !answered; ++attempt) {
      const ByteVector stream = stream_of(recipe, 3);
      for (const ByteVector& piece : sliced ? cut(stream, seed) : std::vector<ByteVector>{stream}) {
        if (piece.empty()) continue;
        if ((answered = query.receive(piece).answered)) break;
      }
      if (answered) break;
      const Error why = query.timed_out();
      if (attempt + 1 == request->attempts) query.give_up(why);
    }
  }
}

void check_poll(Recipe& recipe, std::uint32_t seed) {
  const auto whole = rec::make({.variant = rec::variants[0]});
  const auto sliced = rec::make({.variant = rec::variants[0]});
  for (int polls = 0; polls < 3; ++polls) {
    const ByteVector rest = recipe.bytes(300);
    Query<Reading>& first = whole->poll();
    talk(first, Recipe(rest), seed, false);
    Query<Reading>& second = sliced->poll();
    talk(second, Recipe(rest), seed, true);
    const Result<Reading> reading = first.result();
    must(reading.has_value() == second.result().has_value());
    if (!reading) {
      must(reading.error().kind == second.result().error().kind);
      continue;
    }
    must(*reading == *second.result());
    must(!reading->cells_v.empty() && reading->modules >= 1 && reading->cells_v.size() % reading->modules == 0);
    for (const double cell_v : reading->cells_v) must(cell_v >= 0.1 && cell_v <= 5);
    must(std::isfinite(*reading->soc_pct));  // how far it is believed is decided behind the protocol
    must(std::isfinite(*reading->voltage_v) && std::isfinite(*reading->current_a));
    must(reading->charge_fet && reading->discharge_fet);
  }
}

void check_command(Recipe& recipe, std::uint32_t seed) {
  const auto protocol = rec::make({.variant = rec::variants[0]});
  const bool writes = (recipe.byte() & 1U) != 0;
  const std::string name(rec::instructions()[recipe.byte() % rec::instructions().size()].name);
  const auto command = writes ? Command(WriteParameter{"BMIN", 3.5}) : Command(ReadParameter{name});
  const auto query = protocol->command(command).value();
  talk(*query, recipe, seed, (seed & 1U) != 0);
  (void)query->result();
  const auto probe = protocol->probe();
  talk(*probe, recipe, seed, true);
  (void)probe->result();
  const auto identify = protocol->identify();
  talk(*identify, recipe, seed, true);
  must(identify->result().has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Recipe recipe({data, size});
  const std::uint8_t choice = recipe.byte();
  const std::uint32_t seed = recipe.byte();
  switch (choice % 4) {
    case 0: check_poll(recipe, seed); break;
    case 1: check_command(recipe, seed); break;
    case 2: {
      const rec::Question question = some_question(recipe);
      check_search(stream_of(recipe, 40), question, seed);
      break;
    }
    default: {
      const std::string mnemonic(rec::instructions()[recipe.byte() % rec::instructions().size()].name);
      const std::string command = (choice & 4U) != 0 ? mnemonic + "?" : (choice & 8U) != 0 ? mnemonic + " 1" : "";
      check_explain(stream_of(recipe, 40), command, seed);
    }
  }
  return 0;
}
