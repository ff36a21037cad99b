// Fuzzes everything of Chargery that reads bytes: the stream, explanations, what a board is believed to have said,
// polls, probes and identification.
//
// The input is a recipe for a stream: noise, sound frames, damaged frames, separators, and how it is cut. What must
// hold: a value comes only from a frame whose checksum is right and whose values can be true, cutting never changes
// what is heard, a reading holds values of frames that came while it was waited for, and every dialogue ends.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <numeric>
#include <ranges>
#include <vector>

#include "chargery/chargery.hpp"
#include "chargery/chargery_explain.hpp"
#include "chargery/chargery_frame.hpp"
#include "chargery/chargery_stream.hpp"
#include "recipe.hpp"

namespace {

using namespace bms;
using namespace fuzz;

ByteVector frame(std::uint8_t command, const ByteVector& payload) {
  ByteVector bytes{0x24, 0x24, command, static_cast<std::uint8_t>(payload.size() + 5)};
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  bytes.push_back(static_cast<std::uint8_t>(std::accumulate(bytes.begin(), bytes.end(), 0U)));
  return bytes;
}

/// A frame of some legal length, whatever is in it.
ByteVector any_frame(Recipe& recipe) {
  const auto& rule = chargery::layout_rules[recipe.byte() % chargery::layout_rules.size()];
  const unsigned choices = (rule.longest - rule.shortest) / rule.step + 1U;
  const std::size_t length = rule.shortest + std::size_t{rule.step} * (recipe.byte() % choices);
  ByteVector payload = recipe.bytes(length - 5);
  payload.resize(length - 5);
  return frame(rule.command, payload);
}

/// A 57 or 56 that is believed, with some freedom.
ByteVector sound_frame(Recipe& recipe, bool cells) {
  const std::uint8_t variety = recipe.byte();
  if (!cells) {
    ByteVector payload{0x0E, 0x42, static_cast<std::uint8_t>(variety % 3),      0, variety, 0, 0xBA,
                       0,    0xBA, static_cast<std::uint8_t>(50 + variety % 16)};
    if ((variety & 128U) != 0) payload.insert(payload.end(), {0x0A, 0x8C, static_cast<std::uint8_t>(variety & 1U), 0});
    return frame(0x57, payload);
  }
  ByteVector payload;
  for (unsigned slot = 0; slot < 8; ++slot) {
    const bool connected = slot < 4U + (variety >> 7U);
    payload.push_back(connected ? 0x0C : 0);
    payload.push_back(connected ? static_cast<std::uint8_t>(0xE4 + variety % 16) : variety % 28);
  }
  payload.insert(payload.end(), {0, 0x20, 0x4E, 0, 0x40, 0x0D, 3, 0});
  return frame(0x56, payload);
}

/// One piece of traffic that ends up in the stream.
ByteVector traffic(Recipe& recipe) {
  const std::uint8_t kind = recipe.byte();
  switch (kind % 8) {
    case 0: return recipe.bytes(recipe.byte() % 40);
    case 1: return any_frame(recipe);
    case 2: {
      ByteVector damaged = any_frame(recipe);
      damaged[recipe.byte() % damaged.size()] ^= recipe.byte();
      return damaged;
    }
    case 3: return {0x68, 0x3A, 0x3A, 0x33, 0x0D, 0x0A};
    case 4: {
      ByteVector beginning = any_frame(recipe);
      beginning.resize(recipe.byte() % beginning.size());
      return beginning;
    }
    case 5: return {0x24, 0x24, static_cast<std::uint8_t>(0x56U + (kind >> 3U) % 4), recipe.byte()};
    default: return sound_frame(recipe, (kind & 8U) != 0);
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

/// What a stream delivered, in a form that can be compared.
struct Delivered {
  std::vector<chargery::Found> frames;
  std::size_t discarded = 0;
  bool damaged = false;
};

Delivered live(const std::vector<ByteVector>& pieces) {
  chargery::FrameStream line;
  Delivered delivered;
  const auto collect = [&delivered](const chargery::Found& found) { delivered.frames.push_back(found); };
  for (const ByteVector& piece : pieces) {
    line.push(piece, collect);
    must(line.missing() > 0);
  }
  line.end(collect);
  delivered.discarded = line.discarded();
  delivered.damaged = line.damaged();
  return delivered;
}

void check_same(const Delivered& a, const Delivered& b) {
  must(a.discarded == b.discarded && a.damaged == b.damaged && a.frames.size() == b.frames.size());
  for (std::size_t i = 0; i < a.frames.size(); ++i)
    must(a.frames[i].offset == b.frames[i].offset && a.frames[i].size == b.frames[i].size &&
         a.frames[i].message == b.frames[i].message);
}

void check_values(const chargery::Message& message) {
  if (const auto* const system = std::get_if<chargery::System>(&message)) {
    must(system->charge_end_mv >= 1500 && system->charge_end_mv <= 5000);
    must(std::abs(system->current_a) <= 1000 && system->soc_pct.value_or(0) <= 100);
    must(system->mode.has_value() == system->soc_pct.has_value());
    for (const auto& temperature_c : system->temperatures_c)
      must(!temperature_c || (*temperature_c >= -40 && *temperature_c <= 150));
  } else if (const auto* const cells = std::get_if<chargery::Cells>(&message)) {
    must(!cells->slots_mv.empty() && std::ranges::all_of(cells->slots_mv, [](unsigned mv) { return mv <= 5000; }));
    must(cells->remaining_ah.value_or(0) <= 5000 && cells->remaining_wh.value_or(0) <= 200'000);
  } else {
    must(!std::get<chargery::Impedances>(message).tenth_mohm.empty());
  }
}

void check_stream(const ByteVector& stream, std::uint32_t seed) {
  const Delivered whole = live({stream});
  check_same(live(cut(stream, seed, seed % 2 == 0 ? 20 : 256)), whole);
  check_same(live(single_bytes(stream)), whole);
  std::size_t framed = 0;
  std::size_t end = 0;
  for (const chargery::Found& found : whole.frames) {
    must(found.offset >= end && found.offset + found.size <= stream.size());
    const Bytes bytes = Bytes(stream).subspan(found.offset, found.size);
    must(bytes[0] == 0x24 && bytes[1] == 0x24 && bytes[3] == found.size);
    must(static_cast<std::uint8_t>(std::accumulate(bytes.begin(), bytes.end() - 1, 0U)) == bytes.back());
    check_values(found.message);
    framed += found.size;
    end = found.offset + found.size;
  }
  must(framed + whole.discarded == stream.size());
}

void check_explain(const ByteVector& stream, std::uint32_t seed) {
  const auto whole = chargery::explain({.request = std::nullopt, .pieces = {stream}, .line = {}});
  must(chargery::explain(
           {.request = std::nullopt, .pieces = cut(stream, seed, seed % 2 == 0 ? 20 : 256), .line = {}}) == whole);
  must(whole.is_object() && !whole.empty() && !whole.dump().empty());
  must(whole.contains("error") == live({stream}).frames.empty());
}

/// What a board is believed to have said does not depend on how its words were cut.
void check_board(const ByteVector& stream, std::uint32_t seed) {
  chargery::Board whole;
  chargery::Board sliced;
  whole.hear(stream);
  for (const ByteVector& piece : cut(stream, seed, seed % 2 == 0 ? 20 : 256)) sliced.hear(piece);
  must(whole.system() == sliced.system() && whole.cells() == sliced.cells());
  must(whole.cell_count() == sliced.cell_count() && whole.fresh() == sliced.fresh());
  must(whole.too_old() == sliced.too_old() && whole.firmware() == sliced.firmware());
}

/// Runs a dialogue over pieces, with attempts that end whenever it lets them or the recipe says so.
template <class T>
void run(Query<T>& query, const std::vector<ByteVector>& pieces, std::size_t& next, Recipe& recipe) {
  while (const auto request = query.request()) {
    must(request->bytes.empty() && request->attempts > 0);
    bool answered = false;
    for (int attempt = 1; !answered && attempt <= request->attempts; ++attempt) {
      Progress progress;
      while (next < pieces.size() && !answered && !progress.begun) {
        progress = query.receive(pieces[next++]);
        must(progress.missing > 0);
        answered = progress.answered;
        if (recipe.byte() == 1) break;
      }
      if (answered) break;
      const Error why = query.timed_out();
      must(!why.message.empty());
      if (attempt == request->attempts) {
        query.give_up(why);
        must(!query.request());
      }
    }
  }
}

/// Every number of a reading was said by the board in this stream.
void check_reading(const Reading& reading, const Delivered& heard) {
  must(!reading.cells_v.empty() && reading.cells_v.size() <= chargery::most_slots);
  const auto said_by = [&reading](const chargery::Found& found) {
    const auto* const cells = std::get_if<chargery::Cells>(&found.message);
    if (cells == nullptr || cells->slots_mv.size() < reading.cells_v.size()) return false;
    return std::ranges::equal(reading.cells_v, cells->slots_mv | std::views::take(reading.cells_v.size()), {}, {},
                              [](unsigned mv) { return mv / 1000.0; });
  };
  must(std::ranges::any_of(heard.frames, said_by));
  must(std::ranges::any_of(heard.frames, [&reading](const chargery::Found& found) {
    const auto* const system = std::get_if<chargery::System>(&found.message);
    return system != nullptr && system->current_a == reading.current_a && system->soc_pct == reading.soc_pct;
  }));
  must(std::isfinite(*reading.voltage_v) && *reading.voltage_v >= 0);
}

void check_conversations(Recipe& recipe, std::uint32_t seed) {
  const std::uint8_t options = recipe.byte();
  const ByteVector stream = stream_of(recipe, 60);
  const Delivered heard = live({stream});
  const std::vector<ByteVector> pieces = cut(stream, seed, seed % 2 == 0 ? 20 : 256);
  std::size_t next = 0;
  const auto protocol = chargery::make({.variant = chargery::variants[0],
                                        .cells = options % 4U == 0 ? (options >> 2U) % 30U : 0U,
                                        .temperature_sensors = (options & 64U) != 0 ? 1U : 0U});
  if ((options & 1U) != 0) {
    const auto probe = protocol->probe();
    run(*probe, pieces, next, recipe);
    (void)probe->result();
    const auto identify = protocol->identify();
    run(*identify, pieces, next, recipe);
    must(identify->result()->family == "Chargery");
  }
  // When nothing more comes, one poll is enough to see that.
  for (bool more = true; more;) {
    more = next < pieces.size();
    Query<Reading>& poll = protocol->poll();
    run(poll, pieces, next, recipe);
    if (const Result<Reading> reading = poll.result()) check_reading(*reading, heard);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Recipe recipe({data, size});
  const std::uint8_t choice = recipe.byte();
  const std::uint32_t seed = recipe.byte();
  if (choice % 2 == 0) {
    check_conversations(recipe, seed);
    return 0;
  }
  // Half of these inputs are the stream itself, so that captures can be seeds.
  const ByteVector stream = choice % 4 == 1 ? recipe.bytes(size) : stream_of(recipe, 60);
  check_stream(stream, seed);
  check_explain(stream, seed);
  check_board(stream, seed);
  return 0;
}
