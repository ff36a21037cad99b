// Putting answers together: counts, units, what comes late, and why there is no answer.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "bms/hex.hpp"
#include "rec/rec_answer.hpp"
#include "rec/rec_exchange.hpp"
#include "rec/rec_explain.hpp"
#include "rec/rec_text.hpp"
#include "rec/rec_values.hpp"
#include "rec_wire.hpp"

namespace bms::rec {
namespace {

using rec_test::ascii;
using rec_test::ByteVector;
using rec_test::concat;
using rec_test::floats;
using rec_test::frame;
using rec_test::says;

ByteVector join(const std::vector<ByteVector>& parts) {
  ByteVector all;
  for (const ByteVector& part : parts) all = concat(all, part);
  return all;
}

ByteVector data(const ByteVector& payload) { return frame(0, 1, payload); }

/// So many numbers, each the voltage of a cell.
ByteVector cells(std::size_t count, double first_v = 3.3) {
  std::vector<double> values;
  values.reserve(count);
  for (std::size_t i = 0; i < count; ++i) values.push_back(first_v + 0.01 * static_cast<double>(i));
  return data(floats(values));
}

Question question(const char* mnemonic) { return read_question(1, *find_instruction(mnemonic)); }

Findings find(const ByteVector& stream, const Question& asked) { return search(stream, asked, End::final); }

/// The reason why there is no answer, or "answer".
std::string_view outcome(const ByteVector& stream, const Question& asked) {
  const Findings findings = find(stream, asked);
  return findings.answer ? "answer" : name_of(findings.reason);
}

std::string_view outcome(const ByteVector& stream, const char* mnemonic) { return outcome(stream, question(mnemonic)); }

ByteVector damaged(ByteVector bytes) {
  bytes[bytes.size() - 2] ^= 1U;
  return bytes;
}

ByteVector without_end(ByteVector bytes) {
  bytes.back() = 0xAB;
  return bytes;
}

ByteVector first_bytes(const ByteVector& bytes, std::size_t count) {
  return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count)};
}

const ByteVector lcd1 = data(floats({3.3, 3.4, 1, 20, 13.4, 0.5, 1}));

TEST(RecAnswer, ARefusalIsToldBeforeAnythingElse) {
  const ByteVector refusal = says(1, "ERROR1");
  EXPECT_EQ(outcome(refusal, write_question(1, "BMIN")), "status");
  EXPECT_EQ(outcome(join({damaged(lcd1), refusal}), "LCD1"), "status");
  EXPECT_EQ(outcome(join({says(1, "28"), refusal}), "LCD1"), "status");
  EXPECT_EQ(outcome(says(1, "ERROR27"), "BMIN"), "status");
  EXPECT_EQ(outcome(join({refusal, says(1, "SET")}), write_question(1, "BMIN")), "answer") << "a fitting answer wins";
  EXPECT_EQ(outcome(join({refusal, says(1, "28"), lcd1}), "LCD1"), "answer");
}

TEST(RecAnswer, ThenWhatBeganAndWasNoFrameTheFirstOneFirst) {
  EXPECT_EQ(outcome(join({damaged(lcd1), without_end(lcd1)}), "LCD1"), "checksum");
  EXPECT_EQ(outcome(join({without_end(lcd1), damaged(lcd1)}), "LCD1"), "end_marker");
  EXPECT_EQ(outcome(join({first_bytes(lcd1, 20)}), "LCD1"), "truncated");
  EXPECT_EQ(outcome(join({says(1, "4.5"), damaged(lcd1)}), "LCD1"), "checksum") << "before the sound stranger";
  EXPECT_EQ(outcome({0x55}, "LCD1"), "truncated") << "as far as present";
  EXPECT_EQ(outcome({0xFF, 0x55, 0x00}, "LCD1"), "truncated");
  EXPECT_EQ(outcome({0x55, 0x00, 0x01}, "LCD1"), "truncated");
  EXPECT_EQ(outcome({0x55, 0x00, 0x02}, "LCD1"), "garbage") << "another unit";
  EXPECT_EQ(outcome({0x55, 0x01}, "LCD1"), "garbage");
}

TEST(RecAnswer, ThenSoundFramesThatDoNotFit) {
  EXPECT_EQ(outcome(data({}), "LCD1"), "length");
  EXPECT_EQ(outcome(data({}), "BMIN"), "length");
  EXPECT_EQ(outcome(join({says(1, "4.5"), data({})}), "CELL"), "length");
  EXPECT_EQ(outcome(join({says(1, "28"), data(ByteVector(24))}), "LCD1"), "length");
  EXPECT_EQ(outcome(join({says(1, "8"), data(ByteVector(4))}), "LCD3"), "length");
  EXPECT_EQ(outcome(join({says(1, "1"), data(ByteVector(8))}), "BTEM"), "length");
  EXPECT_EQ(outcome(join({says(1, "1"), data(ByteVector(18))}), "CELL"), "length");
  EXPECT_EQ(outcome(says(1, "28"), "LCD1"), "truncated");
  EXPECT_EQ(outcome(says(1, "1"), "PTEM"), "truncated");
  EXPECT_EQ(outcome(says(1, "4.08000e0"), "LCD1"), "unexpected_command");
  EXPECT_EQ(outcome(lcd1, "BMIN"), "unexpected_command");
  EXPECT_EQ(outcome(says(1, "SET"), "*IDN"), "unexpected_command");
  EXPECT_EQ(outcome(says(1, "4.08000e0"), write_question(1, "BMIN")), "unexpected_command");
}

TEST(RecAnswer, ThenNothingOrNothingOfThisUnit) {
  EXPECT_EQ(outcome({}, "LCD1"), "truncated");
  EXPECT_EQ(outcome({0x00, 0xFF, 0xAA}, "LCD1"), "garbage");
  EXPECT_EQ(outcome(frame(1, 0, ascii("LCD1?")), "LCD1"), "garbage") << "an echo";
  EXPECT_EQ(outcome(frame(0, 2, ascii("28")), "LCD1"), "garbage");
}

TEST(RecAnswer, BlocksAreKnownByTheirSizeWithoutACount) {
  EXPECT_EQ(outcome(lcd1, "LCD1"), "answer");
  EXPECT_EQ(outcome(data(ByteVector(8)), "LCD3"), "answer");
  EXPECT_EQ(outcome(data(ByteVector(4)), "ERRO"), "answer");
  EXPECT_EQ(outcome(data(floats({28.5})), "BTEM"), "unexpected_command") << "any number of four bytes could be it";
  EXPECT_EQ(outcome(cells(4), "CELL"), "unexpected_command");
  const Question counted = read_question(1, *find_instruction("ERRO"), true);
  EXPECT_EQ(outcome(data(ByteVector(4)), counted), "unexpected_command") << "from a unit that sends counts";
  EXPECT_EQ(outcome(join({says(1, "4"), data(ByteVector(4))}), counted), "answer");
}

TEST(RecAnswer, ALateAnswerToAnotherArrayIsNotTakenForTheOneAskedFor) {
  const ByteVector late_temperature = join({says(1, "1"), data(floats({28.5}))});
  EXPECT_EQ(outcome(late_temperature, "ERRO"), "length") << "four bytes, but announced as something else";
  EXPECT_EQ(outcome(join({late_temperature, says(1, "4"), data(ByteVector(4))}), "ERRO"), "answer");
  EXPECT_EQ(find(join({late_temperature, says(1, "4"), data({1, 1, 2, 3})}), question("ERRO")).answer->payload()[2], 2);
  EXPECT_EQ(outcome(join({says(1, "1"), cells(14)}), "LCD1"), "unexpected_command");
  EXPECT_EQ(outcome(join({says(1, "1"), cells(14), lcd1}), "LCD1"), "answer");
  EXPECT_EQ(outcome(join({says(1, "24"), lcd1}), "LCD1"), "length") << "the size against the count before it";
}

TEST(RecAnswer, TheCountOfALateArrayIsNoNumber) {
  const ByteVector late = join({says(1, "1"), cells(14)});
  EXPECT_EQ(number_of(find(join({late, says(1, "4.08000e0")}), question("BVOL")).answer->payload()), 4.08);
  EXPECT_EQ(outcome(late, "BVOL"), "unexpected_command");
  EXPECT_EQ(outcome(says(1, "1"), "WCBI"), "answer");
  Question asked = question("TMAX");
  EXPECT_EQ(outcome(says(1, "55"), asked), "answer");
  asked.plain_digits = false;
  EXPECT_EQ(outcome(says(1, "55"), asked), "unexpected_command") << "from a unit that sends exponents";
  EXPECT_EQ(outcome(says(1, "5.50000e1"), asked), "answer");
}

TEST(RecAnswer, WhatComesBetweenCountAndDataIsPassedOver) {
  EXPECT_EQ(outcome(join({says(1, "28"), says(1, "SET"), lcd1}), "LCD1"), "answer");
  EXPECT_EQ(outcome(join({says(1, "28"), {0x00, 0xFF}, frame(0, 2, ascii("1")), lcd1}), "LCD1"), "answer");
  EXPECT_EQ(outcome(join({says(1, "1"), frame(1, 0, ascii("CELL?")), cells(4)}), "CELL"), "answer");
}

TEST(RecAnswer, UnitsComeInAFrameEachOrAllInOne) {
  const ByteVector two_frames = join({says(1, "2"), cells(4), cells(3)});
  const Findings each = find(two_frames, question("CELL"));
  ASSERT_TRUE(each.answer);
  EXPECT_FALSE(each.settled_by_silence);
  EXPECT_EQ(count_values(*each.answer), 7U);
  EXPECT_EQ(values_of_unit(*each.answer, 1), 3U);

  const ByteVector one_frame = join({says(1, "3"), cells(12)});
  const Findings one = find(one_frame, question("CELL"));
  ASSERT_TRUE(one.answer);
  EXPECT_TRUE(one.settled_by_silence);
  EXPECT_EQ(values_of_unit(*one.answer, 2), 4U);
  EXPECT_DOUBLE_EQ(value_at(*one.answer, 1, 0), 3.34);
}

TEST(RecAnswer, TooFewUnitsAreTruncatedTooManyALength) {
  EXPECT_EQ(outcome(join({says(1, "2"), cells(4)}), "CELL"), "truncated") << "two cells a unit are no pack";
  EXPECT_EQ(outcome(join({says(1, "2"), cells(9)}), "CELL"), "truncated");
  EXPECT_EQ(outcome(join({says(1, "3"), cells(4), cells(4)}), "CELL"), "truncated");
  EXPECT_EQ(outcome(join({says(1, "2"), cells(4), cells(4), cells(4)}), "CELL"), "length");
  EXPECT_EQ(outcome(join({says(1, "1"), cells(4), cells(4)}), "CELL"), "length");
  EXPECT_EQ(outcome(join({says(1, "0"), cells(4)}), "CELL"), "length");
  EXPECT_EQ(outcome(join({says(1, "1"), cells(4), says(1, "1"), cells(4)}), "CELL"), "answer") << "told twice";
  EXPECT_EQ(outcome(join({says(1, "1"), cells(4), says(1, "4.5e0")}), "CELL"), "answer");
}

TEST(RecAnswer, AFrameForAllUnitsMustBeTheLastThing) {
  const ByteVector first = join({says(1, "2"), cells(16)});
  EXPECT_EQ(outcome(first, "CELL"), "answer") << "what a lost second frame leaves cannot be told from it";
  for (const ByteVector& second : {damaged(cells(16)), without_end(cells(16)), first_bytes(cells(16), 5)})
    EXPECT_NE(outcome(join({first, second}), "CELL"), "answer");
  ByteVector headless = cells(16);
  headless[0] = 0x54;
  EXPECT_EQ(outcome(join({first, headless}), "CELL"), "truncated");
}

TEST(RecAnswer, AKnownLayoutIsTheOnlyOneTaken) {
  Question asked = question("CELL");
  asked.layout = Layout{.one_frame = false, .values = {16, 16}};
  EXPECT_EQ(outcome(join({says(1, "2"), cells(16)}), asked), "truncated");
  EXPECT_EQ(outcome(join({says(1, "2"), cells(16), cells(16)}), asked), "answer");
  EXPECT_EQ(outcome(join({says(1, "2"), cells(16), cells(15)}), asked), "length");
  EXPECT_EQ(outcome(join({says(1, "1"), cells(16)}), asked), "length");
  asked.layout = Layout{.one_frame = true, .values = {8, 8}};
  const Findings one = find(join({says(1, "2"), cells(16)}), asked);
  EXPECT_TRUE(one.answer && !one.settled_by_silence) << "nothing to wait for any more";
  EXPECT_EQ(outcome(join({says(1, "2"), cells(8)}), asked), "length");
}

TEST(RecAnswer, KnowsHowMuchIsMissing) {
  const auto missing = [](const ByteVector& stream, const Question& asked) {
    return search(stream, asked, End::open).missing;
  };
  Question counted = read_question(1, *find_instruction("LCD1"), true);
  EXPECT_EQ(counted.shortest_answer(), 44U);
  EXPECT_EQ(missing({}, counted), 44U);
  EXPECT_EQ(missing(says(1, "28"), counted), 35U);
  EXPECT_EQ(missing(join({says(1, "28"), first_bytes(lcd1, 10)}), counted), 25U);
  Question layout = question("CELL");
  EXPECT_EQ(layout.shortest_answer(), 19U);
  layout.layout = Layout{.one_frame = false, .values = {8, 8}};
  EXPECT_EQ(layout.shortest_answer(), 86U);
  EXPECT_EQ(missing(join({says(1, "2"), cells(8)}), layout), 39U);
  layout.layout->one_frame = true;
  EXPECT_EQ(layout.shortest_answer(), 79U);
}

TEST(RecAnswer, OnlyFramesOfTheUnitBeginAnAnswer) {
  const auto begun = [](const ByteVector& stream) { return search(stream, question("LCD1"), End::open).begun; };
  EXPECT_FALSE(begun({0x00, 0xFF, 0xFE}));
  EXPECT_FALSE(begun(frame(1, 0, ascii("LCD1?"))));
  EXPECT_FALSE(begun(says(2, "28")));
  EXPECT_FALSE(begun(says(1, "SET"))) << "a late answer";
  EXPECT_FALSE(begun({0x55, 0x00}));
  EXPECT_TRUE(begun({0x55, 0x00, 0x01}));
  EXPECT_TRUE(begun(says(1, "28")));
  EXPECT_TRUE(begun(damaged(says(1, "28"))));
}

TEST(RecExchangeLate, AFalseBeginningDoesNotHideTheAnswer) {
  const ByteVector stream = join({{0x55, 0x00, 0x01, 0xFF}, says(1, "4.08000e0")});
  EXPECT_EQ(outcome(stream, "BVOL"), "answer");
  Exchange exchange;
  exchange.ask(read_request(1, "BVOL"), question("BVOL"), usual_patience);
  Progress progress;
  EXPECT_FALSE(exchange.receive(stream, progress));
  EXPECT_EQ(exchange.timed_out().kind, ErrorKind::truncated);
  ASSERT_TRUE(exchange.late_answer());
  EXPECT_EQ(number_of(exchange.late_answer()->payload()), 4.08);
}

TEST(RecExchangeLate, SilenceSettlesALayoutOnlyWhenEveryAttemptEndsWithIt) {
  const ByteVector one = join({says(1, "2"), cells(8)});
  Exchange exchange;
  Progress progress;
  exchange.ask(read_request(1, "CELL"), question("CELL"), patience_for_units);
  EXPECT_FALSE(exchange.receive(one, progress));
  EXPECT_EQ(exchange.timed_out().kind, ErrorKind::silent) << "no damaged line";
  EXPECT_FALSE(exchange.receive(one, progress));
  (void)exchange.timed_out();
  EXPECT_TRUE(exchange.late_answer());

  exchange.ask(read_request(1, "CELL"), question("CELL"), patience_for_units);
  (void)exchange.timed_out();
  EXPECT_FALSE(exchange.receive(one, progress));
  (void)exchange.timed_out();
  EXPECT_FALSE(exchange.late_answer());
  EXPECT_FALSE(exchange.receive(one, progress));
  EXPECT_TRUE(exchange.receive(cells(8), progress)) << "there was a second frame";
}

TEST(RecExchangeLate, TellsSilenceFromDamage) {
  Exchange exchange;
  const auto kind_after = [&exchange](const ByteVector& stream) {
    Progress progress;
    exchange.ask(read_request(1, "LCD1"), question("LCD1"), usual_patience);
    if (!stream.empty()) (void)exchange.receive(stream, progress);
    return exchange.timed_out().kind;
  };
  EXPECT_EQ(kind_after({}), ErrorKind::silent);
  EXPECT_EQ(kind_after({0x00, 0xFF}), ErrorKind::silent) << "the line was turned round";
  EXPECT_EQ(kind_after(frame(1, 0, ascii("LCD1?"))), ErrorKind::silent) << "an echo";
  EXPECT_EQ(kind_after(says(2, "28")), ErrorKind::silent) << "another unit";
  EXPECT_EQ(kind_after(says(1, "SET")), ErrorKind::silent) << "late";
  EXPECT_EQ(kind_after(ByteVector(30, 0x81)), ErrorKind::garbage) << "another speed";
  EXPECT_EQ(kind_after(damaged(lcd1)), ErrorKind::checksum);
  EXPECT_EQ(kind_after(says(1, "ERROR1")), ErrorKind::status);
}

TEST(RecExchangeLate, AFloodIsSurvived) {
  Exchange exchange;
  Progress progress;
  exchange.ask(read_request(1, "LCD1"), question("LCD1"), usual_patience);
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(exchange.receive(ByteVector(256, 0x33), progress));
  EXPECT_EQ(exchange.timed_out().kind, ErrorKind::garbage);
  EXPECT_TRUE(exchange.receive(lcd1, progress));
}

TEST(RecText, ReadsNumbersInEveryForm) {
  const auto number = [](const std::string& text) { return number_of(ascii(text)); };
  EXPECT_EQ(number("4.50000e2"), 450);
  EXPECT_EQ(number("-1.2351e2"), -123.51);
  EXPECT_EQ(number("7.81250e-3"), 0.0078125);
  EXPECT_EQ(number("+2.5E+01"), 25);
  EXPECT_EQ(number("  103 \r\n"), 103);
  EXPECT_EQ(number("0"), 0);
  for (const char* const none : {"", " ", "-", "+", "+-1", "e5", "1e", "1.2.3", "3.5V", "0x10", "nan", "inf", "-inf",
                                 "infinity", "1e999", "1 2", "SET", "3,5", "--1"})
    EXPECT_EQ(number(none), std::nullopt) << none;
  EXPECT_EQ(number_of(ByteVector{'1', 0x00}), std::nullopt);
  EXPECT_EQ(count_of(ascii("2.26100e3")), 2261U);
  EXPECT_EQ(count_of(ascii("2.5")), std::nullopt);
  EXPECT_EQ(count_of(ascii("-1")), std::nullopt);
  EXPECT_EQ(array_count_of(ascii("28")), 28U);
  EXPECT_EQ(array_count_of(ascii("103")), std::nullopt);
  EXPECT_EQ(array_count_of(ascii("1 ")), std::nullopt);
}

TEST(RecText, WritesNumbersWithSixDigitsAndWithoutExponent) {
  EXPECT_EQ(number_text(3.94), "3.94");
  EXPECT_EQ(number_text(450), "450");
  EXPECT_EQ(number_text(0), "0");
  EXPECT_EQ(number_text(-0.0), "0");
  EXPECT_EQ(number_text(0.0078125), "0.0078125");
  EXPECT_EQ(number_text(-0.0003), "-0.0003");
  EXPECT_EQ(number_text(1.0 / 3), "0.333333");
  EXPECT_EQ(number_text(2999.99996), "3000");
  EXPECT_EQ(number_text(-10), "-10");
  EXPECT_TRUE(same_number(3.94, 3.93995));
  EXPECT_FALSE(same_number(3.94, 3.9391));
  EXPECT_FALSE(same_number(0, 1e-9));
  EXPECT_TRUE(same_number(0, 0));
}

nlohmann::ordered_json explained(const ByteVector& stream, const char* line) {
  auto json = explain({.request = {}, .pieces = {stream}, .line = nlohmann::ordered_json::parse(line)});
  json.erase("message");
  return json;
}

TEST(RecExplain, WorksOutWhatNobodySaid) {
  EXPECT_EQ(explained(join({says(6, "1"), frame(0, 6, floats({3.25, 3.5}))}), "{}").dump(),
            R"({"unit_count":1,"cells_v":[3.25,3.5]})");
  EXPECT_TRUE(explained(lcd1, "{}").contains("soc_pct"));
  EXPECT_EQ(explained(says(3, "SET"), "{}")["ack"], "SET");
  EXPECT_EQ(explained(says(3, "4.5e0"), "{}")["value"], 4.5);
  EXPECT_EQ(explained(says(3, "4.5e0"), R"({"command":"QQQQ?"})").dump(), R"({"parameter":"QQQQ","value":4.5})");
  EXPECT_EQ(explained(says(3, "ERROR1"), "{}")["error"], "status");
  EXPECT_EQ(explained({}, "{}")["error"], "truncated");
  EXPECT_EQ(explained(says(3, "4.5e0"), R"({"address":"x","command":7,"context":[]})")["value"], 4.5) << "hostile";
}

TEST(RecExplain, SaysHowManySensorsThereAre) {
  const ByteVector four = join({says(1, "1"), data(floats({22.5, 3.31, 3.3, 3.32}))});
  EXPECT_EQ(explained(four, R"({"address":1,"command":"PTEM?"})")["temperatures_c"].size(), 4U);
  EXPECT_EQ(explained(four, R"({"address":1,"command":"PTEM?","context":{"temperature_sensors":2}})")["temperatures_c"],
            (std::vector<double>{22.5, 3.31}));
  EXPECT_EQ(explained(four, R"({"address":1,"command":"PTEM?","context":{"cells":4}})")["temperatures_c"].size(), 1U);
  const ByteVector two =
      join({says(1, "2"), data(floats({22.5, 3.31, 3.3, 3.32})), data(floats({23.5, 3.3, 3.3, 3.3}))});
  EXPECT_EQ(explained(two, R"({"address":1,"command":"PTEM?","context":{"temperature_sensors":1}})")["temperatures_c"],
            (std::vector<double>{22.5, 23.5}))
      << "of each unit";
}

TEST(RecExplain, ALostSensorIsNoValueAndWhatCannotBeIsNotPlausible) {
  const auto temperatures = [](const std::vector<double>& told_c) {
    return explained(join({says(1, "1"), data(floats(told_c))}), R"({"address":1,"command":"PTEM?"})");
  };
  EXPECT_EQ(temperatures({20, -127})["temperatures_c"], nlohmann::ordered_json::parse("[20.0,null]"));
  EXPECT_EQ(temperatures({20, 126}).dump(), R"({"plausible":false})");
  EXPECT_EQ(temperatures({20, std::nan("")}).dump(), R"({"plausible":false})");
  const auto overview = [](double lowest, double highest, double current, double soc, double soh) {
    return explained(data(floats({lowest, highest, current, 20, 50, soc, soh})), R"({"address":1,"command":"LCD1?"})");
  };
  EXPECT_EQ(overview(3.3, 3.4, 0, 1.015, 1.04)["soc_pct"], 100.0);
  EXPECT_EQ(overview(3.3, 3.4, 0, -0.004, 1.04)["soc_pct"], 0.0);
  for (const auto& bad : {overview(3.4, 3.3, 0, 0.5, 1), overview(0.05, 3.3, 0, 0.5, 1), overview(3.3, 5.1, 0, 0.5, 1),
                          overview(3.3, 3.4, 2001, 0.5, 1), overview(3.3, 3.4, 0, 1.03, 1),
                          overview(3.3, 3.4, 0, -0.01, 1), overview(3.3, 3.4, 0, 0.5, 1.06)})
    EXPECT_EQ(bad.dump(), R"({"plausible":false})");
  EXPECT_EQ(explained(data({17, 1, 1, 1, 1, 1, 0, 0}), R"({"address":1,"command":"LCD3?"})")["plausible"], false);
}

}  // namespace
}  // namespace bms::rec
