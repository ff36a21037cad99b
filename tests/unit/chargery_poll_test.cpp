// Polling a board that talks by itself and cannot hear.
#include <gtest/gtest.h>

#include <algorithm>

#include "chargery/chargery.hpp"
#include "chargery_wire.hpp"

namespace bms::chargery {
namespace {

using chargery_test::ByteVector;
using chargery_test::concat;
using chargery_test::Heard;
using chargery_test::Level;

struct ChargeryPoll : testing::Test {
  chargery_test::System system;
  chargery_test::Cells cells;
  std::unique_ptr<Protocol> protocol = make();

  [[nodiscard]] ByteVector both() const { return concat(system.bytes(), cells.bytes()); }

  [[nodiscard]] Heard<Reading> hear(const std::vector<ByteVector>& pieces) const {
    return chargery_test::listen(protocol->poll(), pieces);
  }
  [[nodiscard]] Result<Reading> poll(const std::vector<ByteVector>& pieces) const { return hear(pieces).result; }
  [[nodiscard]] Result<Reading> poll() const { return poll({both()}); }

  /// A board that has been listened to until its cells are counted.
  void settle() const { ASSERT_TRUE(poll({both(), both(), both()})); }
};

TEST_F(ChargeryPoll, BringsWhatTheBoardSays) {
  system.mode = 0;
  system.current = 125;
  settle();
  const Reading reading = poll().value();
  EXPECT_EQ(reading.voltage_v, 13.21);
  EXPECT_TRUE(std::ranges::equal(reading.cells_v, std::vector{3.301, 3.302, 3.303, 3.304}));
  EXPECT_EQ(reading.current_a, -12.5);
  EXPECT_EQ(reading.soc_pct, 60);
  EXPECT_EQ(reading.remaining_ah, 168);
  ASSERT_EQ(reading.temperatures_c.size(), 2U);
  EXPECT_EQ(reading.temperatures_c[0], 18.6);
  EXPECT_EQ(reading.temperatures_c[1], 19.1);
  EXPECT_EQ(reading.charge_fet, true);
  EXPECT_EQ(reading.discharge_fet, true);
  EXPECT_EQ(reading.raw_protection, 0U);
}

TEST_F(ChargeryPoll, LeavesOpenWhatTheBoardDoesNotSay) {
  settle();
  const Reading reading = poll().value();
  for (const auto& unknown :
       {reading.soh_pct, reading.full_ah, reading.design_capacity_ah, reading.cycles, reading.mos_temperature_c,
        reading.max_charge_voltage_v, reading.max_charge_current_a, reading.max_discharge_current_a})
    EXPECT_EQ(unknown, std::nullopt);
  EXPECT_EQ(reading.balancing, std::nullopt);
  EXPECT_EQ(reading.modules, 1U);
}

TEST_F(ChargeryPoll, SendsNothing) {
  const auto request = protocol->poll().request();
  ASSERT_TRUE(request);
  EXPECT_TRUE(request->bytes.empty());
  EXPECT_EQ(request->pause.count(), 0);
  EXPECT_GE(request->first_byte, std::chrono::seconds(3));
  EXPECT_LT(request->attempts * (request->first_byte + request->pause), std::chrono::seconds(15))
      << "the watchdog ends a program that polls longer";
}

TEST_F(ChargeryPoll, WaitsForBothKindsInEitherOrder) {
  settle();
  EXPECT_TRUE(poll({system.bytes(), cells.bytes()}));
  EXPECT_TRUE(poll({cells.bytes(), system.bytes()}));
  EXPECT_FALSE(poll({system.bytes(), system.bytes()}));
  EXPECT_FALSE(poll({cells.bytes(), cells.bytes()}));
  EXPECT_TRUE(poll({chargery_test::separator, system.bytes(), chargery_test::impedances(1, 200, {3, 3, 3, 3}),
                    system.bytes(), chargery_test::separator, cells.bytes()}));
}

TEST_F(ChargeryPoll, FindsInOneGoWhatHasComeMeanwhile) {
  settle();
  ByteVector meanwhile = system.bytes();
  system.soc = 61;
  meanwhile = concat(concat(meanwhile, cells.bytes()), system.bytes());
  const auto heard = hear({meanwhile});
  ASSERT_TRUE(heard.result);
  EXPECT_EQ(heard.used, 1U);
  EXPECT_EQ(heard.result->soc_pct, 61) << "the newest wins";
}

TEST_F(ChargeryPoll, NoFrameGetsIntoTwoReadings) {
  settle();
  ASSERT_TRUE(poll());
  EXPECT_FALSE(poll({})) << "nothing new";
  EXPECT_FALSE(poll({system.bytes()}));
  EXPECT_FALSE(poll({cells.bytes()}));
  EXPECT_TRUE(poll());
}

TEST_F(ChargeryPoll, WhatIsHalfAFrameWhenThePollEndsIsContinuedByTheNext) {
  settle();
  const ByteVector next = both();
  ASSERT_TRUE(poll({concat(both(), {next.begin(), next.begin() + 11})}));
  EXPECT_TRUE(poll({{next.begin() + 11, next.end()}}));
}

TEST_F(ChargeryPoll, WhatWaitedTooLongForItsOtherHalfIsForgotten) {
  settle();
  Query<Reading>& query = protocol->poll();
  EXPECT_FALSE(query.receive(cells.bytes()).answered);
  EXPECT_EQ(query.timed_out().kind, ErrorKind::silent);
  EXPECT_FALSE(query.receive(system.bytes()).answered) << "those cells are old by now";
  EXPECT_TRUE(query.receive(cells.bytes()).answered);
}

TEST_F(ChargeryPoll, AfterALongQueueItWaitsForTheNewestFrame) {
  settle();
  ByteVector queue;
  for (int second = 0; second < 12; ++second) queue = concat(queue, both());
  system.soc = 62;
  const std::vector<ByteVector> reads{
      {queue.begin(), queue.begin() + 256}, {queue.begin() + 256, queue.end()}, concat(system.bytes(), cells.bytes())};
  const auto heard = hear(reads);
  ASSERT_TRUE(heard.result);
  EXPECT_EQ(heard.used, 3U);
  EXPECT_EQ(heard.result->soc_pct, 62);
}

TEST_F(ChargeryPoll, CountsTheCellsBeforeTheFirstReading) {
  Query<Reading>& query = protocol->poll();
  EXPECT_FALSE(query.receive(both()).answered);
  EXPECT_FALSE(query.receive(both()).answered);
  EXPECT_TRUE(query.receive(both()).answered);
  EXPECT_EQ(query.result()->cells_v.size(), 4U);
}

TEST_F(ChargeryPoll, WhatTheUserSaysOfTheCellsCountsAtOnce) {
  protocol = make({.variant = variants[0], .cells = 3, .temperature_sensors = 1});
  const Reading reading = poll().value();
  EXPECT_EQ(reading.cells_v.size(), 3U);
  EXPECT_EQ(reading.voltage_v, 9.906);
  EXPECT_EQ(reading.temperatures_c.size(), 1U);
  EXPECT_EQ(reading.alarms[Alarm::internal_failure], AlarmLevel::warning) << "slot 4 has a voltage";
}

TEST_F(ChargeryPoll, MoreCellsThanInputsIsAMistakeToTell) {
  protocol = make({.variant = variants[0], .cells = 9, .temperature_sensors = 0});
  const auto reading = poll();
  ASSERT_FALSE(reading);
  EXPECT_EQ(reading.error().kind, ErrorKind::implausible);
  EXPECT_NE(reading.error().message.find("expected 9 cells, the BMS has 8 inputs"), std::string::npos);
}

TEST_F(ChargeryPoll, ABoardWithoutCellsIsToldOf) {
  cells.slots = {27, 0, 3, 12, 0, 0, 21, 1};
  const auto reading = poll();
  ASSERT_FALSE(reading);
  EXPECT_EQ(reading.error().kind, ErrorKind::implausible);
}

TEST_F(ChargeryPoll, ACellThatDiesStaysAndRaisesAnAlarm) {
  settle();
  EXPECT_EQ(poll()->alarms[Alarm::internal_failure], AlarmLevel::ok);
  for (const std::size_t dead : {3U, 1U}) {
    cells.slots[dead] = 112;
    const Reading reading = poll({both(), both()}).value();
    EXPECT_EQ(reading.cells_v.size(), 4U);
    EXPECT_EQ(reading.cells_v[dead], 0.112);
    EXPECT_EQ(reading.alarms[Alarm::internal_failure], AlarmLevel::alarm);
  }
}

TEST_F(ChargeryPoll, ASlotThatSuddenlyHasAVoltageIsAWarning) {
  settle();
  cells.slots[5] = 3000;
  const Reading reading = poll({both(), both()}).value();
  EXPECT_EQ(reading.cells_v.size(), 4U);
  EXPECT_EQ(reading.voltage_v, 13.21);
  EXPECT_EQ(reading.alarms[Alarm::internal_failure], AlarmLevel::warning);
}

TEST_F(ChargeryPoll, ImpedancesTellTheNumberOfCells) {
  cells.slots = {3301, 3302, 3303, 3304, 12, 0, 400, 3};
  const ByteVector impedances = chargery_test::impedances(1, 200, {3, 3, 3, 3});
  EXPECT_EQ(poll({impedances, both(), both(), both()})->cells_v.size(), 4U);
  protocol = make();
  EXPECT_EQ(poll({both(), both(), both()})->cells_v.size(), 7U);
}

TEST_F(ChargeryPoll, EachProtectionReachesItsAlarmAndTakesItsPermission) {
  struct Row {
    unsigned charge, discharge;
    AlarmLevel high, low;
  };
  using enum AlarmLevel;
  for (const Row& row : {Row{0, 0, ok, ok}, {1, 0, alarm, ok}, {0, 1, ok, alarm}, {1, 1, alarm, alarm}}) {
    protocol = make();
    system.charge_status = row.charge;
    system.discharge_status = row.discharge;
    settle();
    const Reading reading = poll().value();
    EXPECT_EQ(reading.alarms[Alarm::high_cell_voltage], row.high);
    EXPECT_EQ(reading.alarms[Alarm::low_cell_voltage], row.low);
    EXPECT_EQ(reading.charge_fet, row.charge == 0);
    EXPECT_EQ(reading.discharge_fet, row.discharge == 0);
    EXPECT_EQ(reading.raw_protection, row.charge | row.discharge << 1U);
    for (const AlarmEffect& effect : alarm_effects) {
      if (effect.alarm == Alarm::high_cell_voltage || effect.alarm == Alarm::low_cell_voltage) continue;
      const bool declared = effect.alarm == Alarm::internal_failure || effect.alarm == Alarm::temperature_sensor;
      EXPECT_EQ(reading.alarms[effect.alarm], declared ? std::optional(ok) : std::nullopt) << effect.name;
    }
  }
}

TEST_F(ChargeryPoll, OlderFirmwareHasNoProtectionState) {
  for (const Level level : {Level::v122, Level::v124}) {
    protocol = make();
    system.level = Level::v122;
    cells.level = level;
    settle();
    const Reading reading = poll().value();
    EXPECT_EQ(reading.charge_fet, std::nullopt);
    EXPECT_EQ(reading.discharge_fet, std::nullopt);
    EXPECT_EQ(reading.alarms[Alarm::high_cell_voltage], std::nullopt);
    EXPECT_EQ(reading.alarms[Alarm::low_cell_voltage], std::nullopt);
    EXPECT_EQ(reading.remaining_ah.has_value(), level == Level::v124);
    EXPECT_EQ(reading.soc_pct, 60);
  }
}

TEST_F(ChargeryPoll, MissingSensorsKeepTheirPlaceAndAreToldOf) {
  settle();
  EXPECT_EQ(poll()->alarms[Alarm::temperature_sensor], AlarmLevel::ok);
  system.t2 = 0xFF21;
  Reading reading = poll().value();
  EXPECT_EQ(reading.temperatures_c.at(1), -22.3) << "limits act on it";
  EXPECT_EQ(reading.alarms[Alarm::temperature_sensor], AlarmLevel::warning);
  system.t1 = 0xF555;
  reading = poll().value();
  EXPECT_EQ(reading.temperatures_c.at(0), std::nullopt);
  EXPECT_EQ(reading.alarms[Alarm::temperature_sensor], AlarmLevel::alarm);
}

TEST_F(ChargeryPoll, CountersThatCannotBeTrueAreUnknown) {
  settle();
  cells.mah = 0xFFFFFF00;
  const Reading reading = poll().value();
  EXPECT_EQ(reading.remaining_ah, std::nullopt);
  EXPECT_EQ(reading.voltage_v, 13.21);
}

TEST_F(ChargeryPoll, AJumpIsInTheReadingOnceItIsConfirmed) {
  settle();
  system.soc = 90;
  const auto heard = hear({both(), both()});
  ASSERT_TRUE(heard.result);
  EXPECT_EQ(heard.used, 2U);
  EXPECT_EQ(heard.result->soc_pct, 90);
  cells.slots[0] = 3900;
  EXPECT_EQ(poll()->cells_v[0], 3.9) << "beyond the charge end voltage: at once";
}

TEST_F(ChargeryPoll, DamageIsToldOnceAndLosesNothing) {
  settle();
  ByteVector damaged = system.bytes();
  damaged[6] ^= 0x08U;
  const auto heard = hear({concat(damaged, both()), system.bytes()});
  ASSERT_TRUE(heard.result) << heard.result.error().message;
  ASSERT_EQ(heard.failures.size(), 1U);
  EXPECT_EQ(heard.failures[0].kind, ErrorKind::checksum);
  EXPECT_EQ(hear({both()}).failures.size(), 0U);
}

TEST_F(ChargeryPoll, WhatIsCompleteIsAReadingEvenIfTheTimeIsUp) {
  settle();
  ByteVector damaged = system.bytes();
  damaged[6] ^= 0x08U;
  Query<Reading>& query = protocol->poll();
  const Progress progress = query.receive(concat(both(), damaged));
  EXPECT_FALSE(progress.answered);
  EXPECT_TRUE(progress.begun) << "the session ends the attempt and counts the damage";
  query.give_up(query.timed_out());
  EXPECT_FALSE(query.request());
  EXPECT_TRUE(query.result());
}

TEST_F(ChargeryPoll, SaysWhatWasMissing) {
  settle();
  const auto error = [this](const std::vector<ByteVector>& pieces) { return poll(pieces).error(); };
  EXPECT_EQ(error({}).kind, ErrorKind::silent);
  EXPECT_EQ(error({{0x00, 0xFF, 0x13}}).kind, ErrorKind::silent) << "the second attempt heard nothing";
  Query<Reading>& query = protocol->poll();
  query.receive({ByteVector{0x00, 0xFF, 0x13}});
  EXPECT_EQ(query.timed_out().kind, ErrorKind::garbage);
  query.receive(system.bytes());
  EXPECT_NE(query.timed_out().message.find("none of cells"), std::string::npos);
  query.receive(cells.bytes());
  EXPECT_NE(query.timed_out().message.find("no 57"), std::string::npos);
}

TEST_F(ChargeryPoll, BytesAfterTheEndChangeNothing) {
  settle();
  Query<Reading>& query = protocol->poll();
  ASSERT_TRUE(query.receive(both()).answered);
  system.soc = 61;
  EXPECT_FALSE(query.receive(both()).answered);
  EXPECT_EQ(query.result()->soc_pct, 60);
  EXPECT_FALSE(query.request());
}

TEST_F(ChargeryPoll, FirmwareThatSaysTooLittleIsRefused) {
  system.level = Level::v120;
  EXPECT_EQ(poll({system.bytes()}).error().kind, ErrorKind::silent) << "one such frame may be chance";
  EXPECT_EQ(poll({system.bytes(), system.bytes()}).error().kind, ErrorKind::unsupported);
  const auto probe = protocol->probe();
  const auto found = chargery_test::listen(*probe, {system.bytes()}).result;
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::unsupported);
  EXPECT_NE(found.error().message.find("updated"), std::string::npos);
  system.level = Level::v126;
  EXPECT_TRUE(poll({both(), both(), both()})) << "after the update";
}

TEST_F(ChargeryPoll, ReadsEveryCaptureLikeTheExplanation) {
  for (const auto& one : chargery_test::all_cases()) {
    if (!one.is_stream() || !one.expect.contains("last_56")) continue;
    const auto& expected_cells = one.expect["last_56"]["cells_v"];
    protocol = make({.variant = variants[0], .cells = expected_cells.size(), .temperature_sensors = 0});
    // The last frames, as a reader hears them who begins at the end of the capture.
    std::vector<ByteVector> frames;
    const ByteVector stream = one.stream();
    for (const char* command : {"56", "57"})
      for (auto it = one.expect["frames"].rbegin(); it != one.expect["frames"].rend(); ++it)
        if ((*it)["command"] == command) {
          const auto begin = stream.begin() + (*it)["offset"].get<std::ptrdiff_t>();
          frames.emplace_back(begin, begin + (*it)["length"].get<std::ptrdiff_t>());
          break;
        }
    const Result<Reading> reading = poll(frames);
    ASSERT_TRUE(reading) << one.name << reading.error().message;
    const auto& expected = one.expect["last_57"];
    EXPECT_EQ(chargery_test::Json(std::vector<double>(reading->cells_v.begin(), reading->cells_v.end())),
              expected_cells);
    EXPECT_EQ(reading->voltage_v, one.expect["last_56"]["cells_sum_v"].get<double>());
    EXPECT_EQ(reading->current_a, expected["current_a"].get<double>());
    EXPECT_EQ(reading->soc_pct, expected["soc_pct"].get<double>());
    EXPECT_EQ(reading->charge_fet.has_value(), expected.contains("charge_fet"));
  }
}

TEST_F(ChargeryPoll, ReadsAWholeCaptureInAnySlices) {
  const ByteVector stream = chargery_test::case_named("stream_v122_16t_manufacturer_dump_first_half").stream();
  std::mt19937 random(5);
  for (int round = 0; round < 50; ++round) {
    protocol = make();
    const auto heard = hear(chargery_test::cut(stream, random, 1 + static_cast<std::size_t>(round) * 3));
    ASSERT_TRUE(heard.result) << heard.result.error().message;
    EXPECT_EQ(heard.result->cells_v.size(), 3U);
    EXPECT_EQ(heard.result->temperatures_c[0], -22.3);
    EXPECT_TRUE(heard.failures.empty());
  }
}

TEST_F(ChargeryPoll, BoundsHoldForEveryFrameThatIsBelieved) {
  const Bounds& bounds = protocol->bounds();
  EXPECT_EQ(bounds.cell_min_v, 0);
  EXPECT_EQ(bounds.cell_max_v, 5);
  EXPECT_EQ(bounds.current_max_a, 1000);
}

}  // namespace
}  // namespace bms::chargery
