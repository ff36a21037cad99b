// Polling REC units over a wire that may fail.
#include <gtest/gtest.h>

#include <map>

#include "bms/hex.hpp"
#include "rec_fixture.hpp"

namespace bms::rec {
namespace {

TEST_F(RecPoll, BringsWhatTheUnitSays) {
  unit.current_a = -12.25;
  const Reading reading = polls(polls_to_know_everything);
  EXPECT_DOUBLE_EQ(reading.voltage_v.value(), 13.26);
  EXPECT_DOUBLE_EQ(reading.current_a.value(), -12.25);
  EXPECT_DOUBLE_EQ(reading.soc_pct.value(), 60);
  EXPECT_DOUBLE_EQ(reading.soh_pct.value(), 99);
  EXPECT_TRUE(std::ranges::equal(reading.cells_v, std::vector{3.31, 3.32, 3.33, 3.3}));
  EXPECT_EQ(reading.modules, 1U);
  EXPECT_EQ(reading.design_capacity_ah, 450);
  EXPECT_DOUBLE_EQ(reading.remaining_ah.value(), 270);
  EXPECT_EQ(reading.cycles, 103);
  EXPECT_EQ(reading.consumed_ah, 300);
  ASSERT_EQ(reading.temperatures_c.size(), 2U);
  EXPECT_EQ(reading.temperatures_c[1], 21);
  EXPECT_EQ(reading.mos_temperature_c, 28.5);
  EXPECT_EQ(reading.charge_fet, true);
  EXPECT_EQ(reading.discharge_fet, true);
  EXPECT_FALSE(reading.balancing);
  EXPECT_EQ(reading.raw_protection, 0U);
}

TEST_F(RecPoll, TheFirstReadingHasWhatPermissionsAndShapeNeed) {
  const Reading reading = poll().value();
  EXPECT_EQ(reading.temperatures_c.size(), 2U);
  EXPECT_TRUE(reading.max_charge_voltage_v && reading.design_capacity_ah);
  EXPECT_EQ(wire.asked, (std::vector<std::string>{"LCD1?", "CELL?", "ERRO?", "PTEM?", "CMAX?", "CMIN?", "TMAX?",
                                                  "TMIN?", "CHAR?", "CAPA?"}));
}

TEST_F(RecPoll, AsksLittleOnceEverythingIsKnown) {
  polls(polls_to_know_everything);
  int temperatures = 0;
  int questions = 0;
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(poll());
    EXPECT_LE(wire.asked.size(), 4U);
    questions += static_cast<int>(wire.asked.size());
    temperatures += asked("PTEM?") ? 1 : 0;
  }
  EXPECT_EQ(temperatures, 10);
  EXPECT_EQ(questions, 341) << "three essential ones, four every ten polls, and one in a minute";
  int limits = 0;
  for (int i = 0; i < 600; ++i) {
    ASSERT_TRUE(poll());
    limits += asked("CMAX?") ? 1 : 0;
  }
  EXPECT_EQ(limits, 1);
}

TEST_F(RecPoll, CapturedAnswersGiveTheReading) {
  const auto bytes = [](const char* text) { return from_hex(text).value(); };
  // CELL as captured, LCD1 as shown on the screen beside it in aaronsb/REC-BMSManager.
  const std::map<std::string, ByteVector> answers{
      {"LCD1?", bytes("5500010232388EB4AA5500011C1C7C7D4064CC7D400080143F0000944131F35D42D9DD483FFB5C7D3F8A36AA")},
      {"CELL?",
       bytes("55000101318491AA55000138F2D27D4095D47D40C5DC7D40DCD77D4053E37D40FCA97D40BBB87D40F54A7D4048BF7D40B0"
             "E17D40D6C57D40D0B37D4064CC7D4017B77D40F23CAA")},
      {"ERRO?", bytes("55000101348751AA550001040000000011F0AA")},
      {"PTEM?", bytes("55000101318491AA5500010C00009441000090410000984159E0AA")}};
  Query<Reading>& query = protocol->poll();
  while (const auto request = query.request()) {
    const std::string text(request->bytes.begin() + 4, request->bytes.end() - 3);
    const auto answer = answers.find(text);
    const bool answered = answer != answers.end() && query.receive(answer->second).answered;
    if (!answered) query.give_up(query.timed_out());
  }
  const Reading reading = query.result().value();
  EXPECT_EQ(reading.cells_v.size(), 14U);
  EXPECT_NEAR(reading.voltage_v.value(), 55.48749, 1e-6);
  EXPECT_NEAR(reading.soc_pct.value(), 78.46351, 1e-6);
  EXPECT_EQ(reading.temperatures_c.size(), 3U);
}

TEST_F(RecPoll, RefusesWhatCannotBeMeasured) {
  const auto kind = [this] {
    const auto result = poll();
    return result ? ErrorKind::garbage : result.error().kind;
  };
  unit.cells = {{3.3, 3.3, 5.2, 3.3}};
  EXPECT_EQ(kind(), ErrorKind::implausible);
  unit.cells = {{3.3, 3.3, 3.3, 3.3}};
  unit.voltage_v = 1300;
  EXPECT_EQ(kind(), ErrorKind::implausible);
  unit.voltage_v.reset();
  EXPECT_TRUE(poll()) << "and recovers";
  unit.soc = 1.015;
  unit.soh = 1.04;
  EXPECT_EQ(poll()->soc_pct, 100);
  EXPECT_EQ(poll()->soh_pct, 100);
}

TEST_F(RecPoll, ASingleValueThatCannotBeIsPassedOn) {
  unit.soc = 1.7;
  unit.soh = 1.3;
  unit.current_a = 2500;
  unit.hottest_c = 160;
  unit.temperatures = {{20, 160}};
  const Reading reading = poll().value();
  EXPECT_NEAR(*reading.soc_pct, 170, 1e-4) << "not 100";
  EXPECT_NEAR(*reading.soh_pct, 130, 1e-4);
  EXPECT_EQ(reading.current_a, 2500);
  ASSERT_EQ(reading.temperatures_c.size(), 2U);
  EXPECT_EQ(reading.temperatures_c[0], 20);
  EXPECT_EQ(reading.temperatures_c[1], std::nullopt);
}

TEST_F(RecPoll, ANumberThatIsNotRepeatedIsNoChemistry) {
  unit.texts["CHEM"] = "1";
  int asked_for = 0;
  for (int i = 0; i < polls_to_know_everything; ++i) {
    const Reading reading = poll().value();
    asked_for += asked("CHEM?") ? 1 : 0;
    EXPECT_EQ(reading.chemistry.has_value(), asked_for > 1);
    if (asked_for == 0) unit.texts["CHEM"] = "3";
  }
  EXPECT_EQ(poll()->chemistry, Chemistry::lfp);
}

TEST_F(RecPoll, SaysWhatCellsTheUnitIsSetTo) {
  unit.texts.erase("CHEM");
  EXPECT_EQ(polls(polls_to_know_everything).chemistry, std::nullopt) << "it does not tell";
  const std::pair<const char*, Chemistry> numbers[] = {{"1", Chemistry::li_ion},
                                                       {"2", Chemistry::li_ion},
                                                       {"3", Chemistry::lfp},
                                                       {"4", Chemistry::lfp},
                                                       {"5", Chemistry::li_ion}};
  for (const auto& [number, chemistry] : numbers) {
    use(1);
    unit.texts["CHEM"] = number;
    EXPECT_EQ(polls(polls_to_know_everything).chemistry, chemistry) << number;
  }
}

TEST_F(RecPoll, AfterALostContactSensorsKeepTheirOwnValues) {
  unit.hottest_c = 35;
  unit.temperatures = {{20, 35, 25}};
  ASSERT_EQ(polls(polls_to_know_everything).temperatures_c.size(), 3U);
  const auto own = [](const Reading& reading) {
    return reading.temperatures_c.size() == 3 && reading.temperatures_c[0] == 20 && reading.temperatures_c[1] == 35 &&
           reading.temperatures_c[2] == 25;
  };
  wire.fault = [](const std::string&, int) { return LineFault::request_lost; };
  for (int i = 0; i < 12; ++i) EXPECT_FALSE(poll());
  // The unit is slow now: every question is answered at the second attempt, and what is asked once is not.
  wire.fault = [](const std::string&, int attempt) { return attempt == 1 ? LineFault::request_lost : LineFault::none; };
  for (int i = 0; i < 200; ++i) {
    const auto reading = poll();
    ASSERT_TRUE(reading) << i;
    ASSERT_TRUE(own(*reading)) << i;
  }
}

TEST_F(RecPoll, WhatSensorsToldLongAgoIsNotKnownAnyMore) {
  polls(polls_to_know_everything);
  unit.silent = {"PTEM", "BTEM", "LCD3"};
  for (int i = 0; i < 40; ++i) EXPECT_EQ(poll()->temperatures_c[1], 21) << i;
  const Reading later = polls(60);
  ASSERT_EQ(later.temperatures_c.size(), 2U);
  EXPECT_EQ(later.temperatures_c[0], std::nullopt);
  EXPECT_EQ(later.temperatures_c[1], std::nullopt) << "and not the hottest one";
  EXPECT_EQ(later.mos_temperature_c, std::nullopt);
  EXPECT_EQ(later.consumed_ah, std::nullopt);
  unit.silent.clear();
  EXPECT_EQ(polls(10).temperatures_c[1], 21);
  EXPECT_EQ(polls(10).mos_temperature_c, 28.5);
  EXPECT_EQ(polls(10).consumed_ah, 300);
}

TEST_F(RecPoll, CellsThatDoNotAddUpAreAnErrorTheThirdTime) {
  unit.voltage_v = 13.26 + 0.45;
  EXPECT_TRUE(poll());
  EXPECT_TRUE(poll());
  EXPECT_EQ(poll().error().kind, ErrorKind::implausible);
  unit.voltage_v.reset();
  EXPECT_TRUE(poll());
}

TEST_F(RecPoll, EssentialQuestionsMustBeAnswered) {
  for (const char* const essential : {"LCD1?", "CELL?", "ERRO?"}) {
    for (const auto& [fault, kind] :
         {std::pair{LineFault::request_lost, ErrorKind::silent}, {LineFault::damaged, ErrorKind::checksum}}) {
      wire.fault = [essential, fault](const std::string& text, int) {
        return text == essential ? fault : LineFault::none;
      };
      const auto result = poll();
      ASSERT_FALSE(result) << essential;
      EXPECT_EQ(result.error().kind, kind) << essential;
    }
  }
  wire.fault = [](const std::string&, int) { return LineFault::none; };
  EXPECT_TRUE(poll());
}

TEST_F(RecPoll, AMissNowAndThenIsNormal) {
  polls(polls_to_know_everything);
  wire.fault = [](const std::string&, int attempt) { return attempt < 3 ? LineFault::answer_lost : LineFault::none; };
  EXPECT_EQ(poll()->cells_v.size(), 4U);
  EXPECT_EQ(wire.attempts, (std::vector{3, 3, 3}));
}

TEST_F(RecPoll, NothingMoreIsAskedWhileAnAnswerMayComeLate) {
  wire.fault = [](const std::string& text, int attempt) {
    return text == "ERRO?" && attempt == 1 ? LineFault::answer_lost : LineFault::none;
  };
  EXPECT_FALSE(asked("PTEM?"));
  polls(3);
  EXPECT_FALSE(asked("CMAX?")) << "the count of a late ERRO is a number";
}

TEST_F(RecPoll, TheCountOfAnotherDevicesArrayIsNoSetting) {
  polls(polls_to_know_everything);
  wire.before = says(1, "4");
  unit.silent = {"CYCL", "SISN", "CHEM"};  // whole numbers, which it could be
  for (int i = 0; i < 700; ++i) ASSERT_TRUE(poll());
  EXPECT_EQ(poll()->discharge_fet, true) << "4 would be a CMIN";
  EXPECT_DOUBLE_EQ(poll()->max_charge_voltage_v.value(), 4 * 3.58);
}

TEST_F(RecPoll, TheFirstReadingWaitsForTheSensorsThoughAnAnswerMayComeLate) {
  const auto missed = [this](const std::string& question) {
    wire.fault = [question](const std::string& text, int attempt) {
      return text == question && attempt == 1 ? LineFault::answer_lost : LineFault::none;
    };
  };
  missed("LCD1?");
  EXPECT_EQ(poll()->temperatures_c.size(), 2U);
  EXPECT_FALSE(asked("CMAX?"));

  use(1);
  missed("CELL?");
  Query<Reading>& query = protocol->poll();
  while (const auto request = query.request()) {
    const std::string text(request->bytes.begin() + 4, request->bytes.end() - 3);
    if (text == "CELL?") (void)query.timed_out();
    // The late answer to the first CELL comes where PTEM is asked for.
    (void)query.receive(text == "PTEM?" ? unit.by_unit(unit.cells)
                                        : unit.answer({request->bytes.begin(), request->bytes.end()}));
  }
  const Reading reading = query.result().value();
  EXPECT_TRUE(reading.temperatures_c.empty()) << "voltages are no temperatures";
  EXPECT_EQ(reading.highest_temperature_c, 21);
}

TEST_F(RecPoll, AMissedErrandEndsTheErrandsOfThatPollOnly) {
  unit.silent = {"CMIN"};
  ASSERT_TRUE(poll());
  EXPECT_EQ(wire.asked.back(), "CMIN?");
  EXPECT_EQ(wire.attempts.back(), 1);
  unit.silent.clear();
  polls(3);
  unit.cells = {{2.7, 2.9, 2.9, 2.9}};
  EXPECT_EQ(poll()->discharge_fet, false);
}

TEST_F(RecPoll, WhatIsNeverAnsweredIsNotAskedAgainUntilTheNextContact) {
  unit.silent = {"LCD3", "SISN"};
  int misses = 0;
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(poll());
    misses += asked("LCD3?") ? 1 : 0;
  }
  EXPECT_EQ(misses, 3);
  EXPECT_EQ(poll()->consumed_ah, std::nullopt);
  unit.silent.clear();
  wire.fault = [](const std::string&, int) { return LineFault::request_lost; };
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(poll());
  wire.fault = [](const std::string&, int) { return LineFault::none; };
  EXPECT_EQ(polls(polls_to_know_everything).consumed_ah, 300);
}

TEST_F(RecPoll, AnErrandThatIsRefusedIsUnknownToTheUnit) {
  unit.texts["CLOW"] = "ERROR1";
  int questions = 0;
  for (int i = 0; i < 30; ++i) {
    ASSERT_TRUE(poll());
    questions += asked("CLOW?") ? 1 : 0;
  }
  EXPECT_EQ(questions, 1);
}

TEST_F(RecPoll, EchoesLateAndForeignFramesChangeNothing) {
  const Reading quiet = poll().value();
  for (const ByteVector& before : {frame(1, 0, ascii("LCD1?")), says(1, "SET"), says(2, "28"), frame(0, 2, unit.lcd1()),
                                   ByteVector{0, 0xFF, 0xFE}, ByteVector{0x55, 0x55}, says(1, "-1.5e3")}) {
    protocol = rec::make({.variant = variants[0]});
    wire.before = before;
    const bool number = before == says(1, "-1.5e3");
    unit.silent = number ? std::set<std::string>{"CMAX", "PTEM"} : std::set<std::string>{};
    const auto reading = poll();
    ASSERT_TRUE(reading) << to_hex(before);
    if (!number) {
      EXPECT_EQ(*reading, quiet) << to_hex(before);
    }
  }
}

TEST_F(RecPoll, AUnitThatSendsCountsIsNotTakenWithoutThem) {
  ASSERT_TRUE(poll());
  unit.counts = false;
  EXPECT_FALSE(poll());
  protocol = rec::make({.variant = variants[0]});
  EXPECT_TRUE(poll()) << "an older one never does";
  EXPECT_TRUE(poll());
}

TEST_F(RecPoll, WaitsAsTheManualSays) {
  const Request request = protocol->poll().request().value();
  EXPECT_EQ(request.first_byte, std::chrono::milliseconds(350));
  EXPECT_EQ(request.attempts, 3);
  EXPECT_EQ(to_hex(request.bytes), "550100054C4344313F46D0AA");
}

TEST_F(RecPoll, BytesAfterTheEndChangeNothing) {
  Query<Reading>& query = protocol->poll();
  wire.run(query);
  const Reading before = query.result().value();
  EXPECT_FALSE(query.receive(unit.block("28", unit.lcd1())).answered);
  query.give_up({});
  EXPECT_EQ(query.result().value(), before);
}

}  // namespace
}  // namespace bms::rec
