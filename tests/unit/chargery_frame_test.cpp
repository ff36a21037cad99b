// Layouts, lengths, fields and limits of belief of single Chargery frames; and the stream.
#include "chargery/chargery_frame.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "chargery/chargery_stream.hpp"
#include "chargery_wire.hpp"

namespace bms::chargery {
namespace {

using chargery_test::ByteVector;
using chargery_test::concat;
using chargery_test::Level;
using What = Candidate::What;

Candidate examined(const ByteVector& bytes) { return examine(bytes); }

template <class T>
T message_in(const ByteVector& bytes) {
  const Candidate candidate = examine(bytes);
  EXPECT_EQ(candidate.what, What::frame) << candidate.why.message;
  EXPECT_EQ(candidate.size, bytes.size());
  return std::get<T>(candidate.message);
}

ErrorKind refusal(const ByteVector& bytes) {
  const Candidate candidate = examine(bytes);
  EXPECT_EQ(candidate.what, What::rejected) << to_hex(bytes);
  EXPECT_FALSE(candidate.why.message.empty());
  return candidate.why.kind;
}

TEST(ChargeryFrame, KnowsExactlyTheLegalLengths) {
  std::set<unsigned> cells{22, 38, 54};
  for (unsigned length = 15; length <= 61; length += 2) cells.insert(length);
  std::set<unsigned> impedances;
  for (unsigned length = 10; length <= 56; length += 2) impedances.insert(length);
  const std::set<unsigned> systems{13, 15, 19};
  for (unsigned command = 0; command < 256; ++command) {
    for (unsigned length = 0; length < 256; ++length) {
      const bool legal = (command == 0x56 && cells.contains(length)) || (command == 0x57 && systems.contains(length)) ||
                         (command == 0x58 && impedances.contains(length));
      const auto* const rule = find_layout(static_cast<std::uint8_t>(command), static_cast<std::uint8_t>(length));
      EXPECT_EQ(rule != nullptr, legal) << command << " " << length;
    }
  }
}

TEST(ChargeryFrame, EveryLegalLengthHoldsAsManyCellsAsItSays) {
  for (std::size_t n = 1; n <= most_slots; ++n) {
    const ByteVector newer = chargery_test::Cells{.slots = std::vector<unsigned>(n, 3300)}.bytes();
    EXPECT_EQ(message_in<Cells>(newer).slots_mv.size(), n);
    const ByteVector impedances = chargery_test::impedances(1, 150, std::vector<unsigned>(n, 3));
    EXPECT_EQ(message_in<Impedances>(impedances).tenth_mohm.size(), n);
    const ByteVector older =
        chargery_test::Cells{.level = Level::v122, .slots = std::vector<unsigned>(n, 3300)}.bytes();
    if (n % 8 != 0) {
      EXPECT_EQ(refusal(older), ErrorKind::length);
    } else {
      EXPECT_EQ(message_in<Cells>(older).slots_mv.size(), n);
      EXPECT_EQ(message_in<Cells>(older).soc_pct, 60U);
    }
  }
}

TEST(ChargeryFrame, TheDirectionComesFromTheModeAlone) {
  const auto current = [](unsigned mode, unsigned amount) {
    return message_in<System>(chargery_test::System{.mode = mode, .current = amount}.bytes()).current_a;
  };
  EXPECT_EQ(current(0, 364), -36.4);
  EXPECT_EQ(current(1, 364), 36.4);
  EXPECT_EQ(current(2, 3), 0.3) << "never seen; reported as it would be charging";
  EXPECT_FALSE(std::signbit(current(0, 0)));
  EXPECT_EQ(message_in<Impedances>(chargery_test::impedances(0, 364, {1})).current_a, -36.4);
  EXPECT_EQ(message_in<Impedances>(chargery_test::impedances(1, 364, {1})).current_a, 36.4);
}

TEST(ChargeryFrame, TemperaturesAreSignedAndLeftOutWhereNoSensorGoes) {
  const auto temperature = [](int raw) {
    return message_in<System>(chargery_test::System{.t1 = static_cast<unsigned>(raw) & 0xFFFFU}.bytes())
        .temperatures_c[0];
  };
  EXPECT_EQ(temperature(0), 0.0);
  EXPECT_EQ(temperature(-1), -0.1);
  EXPECT_EQ(temperature(-223), -22.3) << "an unplugged sensor is kept";
  EXPECT_EQ(temperature(-400), -40.0);
  EXPECT_EQ(temperature(-401), std::nullopt);
  EXPECT_EQ(temperature(1500), 150.0);
  EXPECT_EQ(temperature(1501), std::nullopt);
  EXPECT_EQ(temperature(0x7FFF), std::nullopt);
  EXPECT_EQ(temperature(-0x8000), std::nullopt);
}

TEST(ChargeryFrame, CountersThatCannotBeTrueAreLeftOut) {
  const auto cells = [](std::uint32_t mwh, std::uint32_t mah) {
    return message_in<Cells>(chargery_test::Cells{.mwh = mwh, .mah = mah}.bytes());
  };
  EXPECT_EQ(cells(200'000'000, 5'000'000).remaining_wh, 200'000.0);
  EXPECT_EQ(cells(200'000'000, 5'000'000).remaining_ah, 5'000.0);
  EXPECT_EQ(cells(200'000'001, 5'000'000).remaining_wh, std::nullopt);
  EXPECT_EQ(cells(0xFFFFFFFF, 5'000'001).remaining_ah, std::nullopt);
  EXPECT_EQ(cells(0, 0).remaining_ah, 0.0);
}

/// Each value at its limit, and one beyond.
TEST(ChargeryFrame, RefusesAWholeFrameForOneImpossibleValue) {
  using chargery_test::System;
  const System believed[] = {{.charge_end = 1500, .discharge_end = 1499},
                             {.charge_end = 5000},
                             {.current = 10000},
                             {.soc = 100},
                             {.discharge_end = 500},
                             {.discharge_end = 3649},
                             {.charge_status = 1, .discharge_status = 1}};
  for (const System& system : believed) EXPECT_EQ(examined(system.bytes()).what, What::frame);
  const System refused[] = {{.charge_end = 1499, .discharge_end = 1000},
                            {.charge_end = 5001},
                            {.charge_end = 0xFFFF},
                            {.mode = 3},
                            {.mode = 255},
                            {.current = 10001},
                            {.soc = 101},
                            {.discharge_end = 499},
                            {.discharge_end = 3650},
                            {.discharge_end = 0},
                            {.charge_status = 2},
                            {.discharge_status = 255}};
  for (const System& system : refused) EXPECT_EQ(refusal(system.bytes()), ErrorKind::garbage);

  for (const Level level : {Level::v120, Level::v122}) {
    EXPECT_EQ(examined(System{.level = level, .charge_end = 1500, .current = 10000}.bytes()).what, What::frame);
    EXPECT_EQ(refusal(System{.level = level, .charge_end = 1499}.bytes()), ErrorKind::garbage);
    EXPECT_EQ(refusal(System{.level = level, .current = 10001}.bytes()), ErrorKind::garbage);
  }
  EXPECT_EQ(refusal(System{.level = Level::v122, .mode = 3}.bytes()), ErrorKind::garbage);
  EXPECT_EQ(refusal(System{.level = Level::v122, .soc = 101}.bytes()), ErrorKind::garbage);

  using chargery_test::Cells;
  EXPECT_EQ(examined(Cells{.slots = {5000, 0}}.bytes()).what, What::frame);
  EXPECT_EQ(refusal(Cells{.slots = {3300, 5001}}.bytes()), ErrorKind::garbage) << "unconnected slots, too";
  EXPECT_EQ(refusal(Cells{.level = Level::v122, .soc = 101}.bytes()), ErrorKind::garbage);
  EXPECT_EQ(refusal(chargery_test::impedances(2, 10, {1})), ErrorKind::garbage);
  EXPECT_EQ(refusal(chargery_test::impedances(1, 10001, {1})), ErrorKind::garbage);
  EXPECT_EQ(examined(chargery_test::impedances(1, 10000, {0xFFFF})).what, What::frame);
}

TEST(ChargeryFrame, TheOldestLayoutHasAnAmountAndNoDirection) {
  const auto system =
      message_in<System>(chargery_test::System{.level = Level::v120, .current = 364, .t1 = 118}.bytes());
  EXPECT_EQ(system.mode, std::nullopt);
  EXPECT_EQ(system.soc_pct, std::nullopt);
  EXPECT_EQ(system.current_a, 36.4);
  EXPECT_EQ(system.temperatures_c[0], 11.8);
}

struct Line {
  FrameStream stream;
  std::vector<Found> found;

  void push(const ByteVector& bytes) {
    stream.push(bytes, [this](const Found& one) { found.push_back(one); });
  }
  void end() {
    stream.end([this](const Found& one) { found.push_back(one); });
  }
};

TEST(ChargeryStream, GoesOnWithHalfAFrame) {
  Line line;
  const ByteVector bytes = chargery_test::System{}.bytes();
  line.push({bytes.begin(), bytes.begin() + 7});
  EXPECT_EQ(line.stream.missing(), bytes.size() - 7);
  line.push({bytes.begin() + 7, bytes.end()});
  ASSERT_EQ(line.found.size(), 1U);
  EXPECT_EQ(line.stream.missing(), shortest_frame);
}

TEST(ChargeryStream, ASilenceSetsAFrameFreeThatAnIncompleteOneSwallowed) {
  Line line;
  const ByteVector cells = chargery_test::Cells{}.bytes();
  const ByteVector system = chargery_test::System{}.bytes();
  line.push(concat({cells.begin(), cells.begin() + 9}, system));
  EXPECT_TRUE(line.found.empty()) << "29 bytes are missing one, so far";
  line.end();
  ASSERT_EQ(line.found.size(), 1U);
  EXPECT_EQ(line.found[0].offset, 9U);
  EXPECT_EQ(line.stream.take_damage()->kind, ErrorKind::truncated);
  EXPECT_EQ(line.stream.discarded(), 9U);
}

TEST(ChargeryStream, TellsDamageFromWhatIsNone) {
  const ByteVector system = chargery_test::System{}.bytes();
  Line line;
  line.push({system.begin() + 5, system.end()});  // begins inside a frame
  line.push(system);
  line.push(chargery_test::separator);
  line.push({'h', 'e', 'l', 'l', 'o', 0x24, 0x24, 0x24});
  line.push(system);
  EXPECT_EQ(line.found.size(), 2U);
  EXPECT_FALSE(line.stream.damaged());

  ByteVector damaged = system;
  damaged[8] ^= 0x10U;
  line.push(damaged);
  EXPECT_TRUE(line.stream.damaged());
  EXPECT_EQ(line.stream.take_damage()->kind, ErrorKind::checksum);
  EXPECT_FALSE(line.stream.damaged());
  damaged = system;
  damaged[3] = 0x12;
  line.push(damaged);
  EXPECT_EQ(line.stream.take_damage()->kind, ErrorKind::length);
  line.push(chargery_test::System{.soc = 101}.bytes());
  EXPECT_EQ(line.stream.take_damage()->kind, ErrorKind::garbage);
}

TEST(ChargeryStream, FindsAllFramesInAnHourOfThem) {
  std::mt19937 random(3);
  ByteVector stream;
  std::size_t sent = 0;
  for (int second = 0; second < 3600; ++second) {
    stream = concat(std::move(stream), chargery_test::System{.t1 = static_cast<unsigned>(random() % 400)}.bytes());
    ++sent;
    if (second % 2 == 0) {
      stream = concat(std::move(stream), chargery_test::Cells{}.bytes());
      ++sent;
    }
    if (second % 4 == 0) stream = concat(std::move(stream), chargery_test::separator);
  }
  for (const std::size_t longest : {1U, 19U, 300U, 5000U}) {
    Line line;
    for (const ByteVector& piece : chargery_test::cut(stream, random, longest)) line.push(piece);
    EXPECT_EQ(line.found.size(), sent);
    EXPECT_EQ(line.stream.discarded(), 900 * chargery_test::separator.size());
  }
}

}  // namespace
}  // namespace bms::chargery
