// Requests and answers as they pass the socket.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "console/answer.hpp"
#include "console/request.hpp"
#include "console/trace_news.hpp"

namespace {

using namespace bms;
using namespace bms::console;

TEST(ConsoleRequest, IsReadAsItWasWritten) {
  const Request requests[] = {
      {.battery = "ttyUSB0_2", .progress = true, .wish = Identify{}},
      {.wish = List{}},
      {.wish = Get{{"cell_overvoltage", "cell_count"}}},
      {.wish = Set{.settings = {{.name = "cell_overvoltage", .value = 3.6, .if_was = 3.65}, {.name = "x", .value = -1}},
                   .dry_run = true}},
      {.wish = SwitchOver{.which = Switch::discharge, .on = true}},
      {.wish = SwitchOver{.which = Switch::balancer, .on = false}},
      {.trace = true, .wish = CountFrom{.soc_pct = 80.5}},
      {.battery = "ble_a4c137000001", .wish = Release{.minutes = 10}},
      {.wish = Release{}},
      {.battery = "ttyUSB0", .wish = Watch{}},
      {.wish = Trace{.seconds = 2.5, .past = false}},
      {.wish = Trace{}},
  };
  for (const Request& request : requests) {
    const auto again = read_request(written(request));
    ASSERT_TRUE(again) << written(request);
    EXPECT_EQ(written(*again), written(request));
    EXPECT_EQ(again->wish.index(), request.wish.index());
    EXPECT_EQ(again->trace, request.trace);
  }
}

TEST(ConsoleRequest, SaysWhatWasExpected) {
  const std::pair<std::string, std::string> refused[] = {
      {"", "JSON"},
      {"{}", "verb"},
      {R"({"verb":"format"})", "identify, list, get, set, switch, soc, release, watch or trace"},
      {R"({"verb":"get"})", "names"},
      {R"({"verb":"get","names":[]})", "names"},
      {R"({"verb":"get","names":[1]})", "a name"},
      {R"({"verb":"set","settings":[{"name":"a","value":"1"}]})", "a number as value"},
      {R"({"verb":"set","settings":[{"name":"a","value":1e999}]})", ""},
      {R"({"verb":"set","settings":[{"name":"a","value":1}],"dry_run":1})", "true or false"},
      {R"({"verb":"switch","which":"heater","on":true})", "charge, discharge or balancer"},
      {R"({"verb":"soc"})", "soc_pct"},
      {R"({"verb":"release"})", "minutes"},
      {R"({"verb":"release","minutes":60.1})", "0 to 60 as minutes"},
      {R"({"verb":"release","minutes":-1})", "0 to 60 as minutes"},
      {R"({"verb":"trace","seconds":-1})", "seconds"},
      {R"({"verb":"trace","seconds":1e9})", "seconds"},
      {R"({"verb":"trace","past":1})", "true or false"},
      {R"({"verb":"identify","trace":"yes"})", "true or false"},
      {std::string(longest_request + 1, ' '), "longer"},
  };
  for (const auto& [line, expected] : refused) {
    const auto request = read_request(line);
    ASSERT_FALSE(request) << line;
    EXPECT_EQ(request.error().kind, ErrorKind::rejected);
    EXPECT_NE(request.error().message.find(expected), std::string::npos) << request.error().message;
  }
}

TEST(ConsoleRequest, TakesNoMoreNamesThanAnyTableHas) {
  Get get;
  get.names.assign(most_names, "x");
  EXPECT_TRUE(read_request(written(Request{.wish = get})));
  get.names.emplace_back("x");
  EXPECT_FALSE(read_request(written(Request{.wish = get})));
}

TEST(ConsoleTrace, IsReadAsItWasWritten) {
  const std::vector<std::uint8_t> bytes{0xDD, 0xA5, 0x00};
  for (const bool sent : {true, false}) {
    const TimePoint at(std::chrono::milliseconds(1234567));
    const auto news =
        trace_news_from(nlohmann::ordered_json::parse(written(Traffic{.at = at, .sent = sent, .bytes = bytes})));
    ASSERT_TRUE(news);
    EXPECT_EQ(news->piece.sent, sent);
    EXPECT_EQ(news->piece.bytes, bytes);
    EXPECT_LT(std::chrono::abs(news->piece.at - at), std::chrono::microseconds(1));
    EXPECT_EQ(news->lost, 0U);
  }
  EXPECT_EQ(trace_news_from(nlohmann::ordered_json::parse(written_loss(12)))->lost, 12U);
}

TEST(ConsoleTrace, SaysWhatWasExpected) {
  const std::pair<std::string, std::string> refused[] = {
      {R"({})", "trace"},
      {R"({"trace":7})", "object"},
      {R"({"trace":{"at_s":1}})", "received"},
      {R"({"trace":{"sent":"DD"}})", "at_s"},
      {R"({"trace":{"at_s":1e300,"sent":"DD"}})", "at_s"},
      {R"({"trace":{"at_s":1,"sent":"D"}})", "hexadecimal"},
      {R"({"trace":{"at_s":1,"sent":""}})", "hexadecimal"},
      {R"({"trace":{"at_s":1,"received":[]}})", "text"},
      {R"({"trace":{"lost":0}})", "lost"},
      {R"({"trace":{"lost":1e300}})", "lost"},
  };
  for (const auto& [line, expected] : refused) {
    const auto news = trace_news_from(nlohmann::ordered_json::parse(line));
    ASSERT_FALSE(news) << line;
    EXPECT_NE(news.error().message.find(expected), std::string::npos) << news.error().message;
  }
}

TEST(ConsoleAnswer, IsReadAsItWasWritten) {
  const Answer answer{.refused = Error{ErrorKind::forbidden, "not here", {}},
                      .board = {.place = "ttyUSB0",
                                .battery = "jbd_1",
                                .family = "jbd",
                                .serial = "1",
                                .baud = 9600,
                                .address = 2,
                                .cells = 16,
                                .through_driver = true,
                                .writes = Writes::switches},
                      .results = {{.name = "a", .before = 3.65, .wanted = 3.6, .after = 3.6, .note = "n"},
                                  {.name = "b", .after = std::string("text")},
                                  {.name = "c", .error = Error{ErrorKind::status, "refused", 0x81}}},
                      .warnings = {"w"},
                      .items = {{.path = "/Soc", .value = 50.5},
                                {.path = "/Settings/FullChargeDays", .value = 7.0, .initial = 14.0},
                                {.path = "/Info/Faults", .value = std::string()},
                                {.path = "/Dc/0/Current"}},
                      .undo_file = "/state/undo.json"};
  const auto again = answer_from(to_json(answer));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(to_json(*again), to_json(answer));
  EXPECT_EQ(again->results[2].error->status, 0x81);
  EXPECT_TRUE(again->board.through_driver);
  ASSERT_EQ(again->items.size(), 4);
  EXPECT_EQ(again->items[1].initial, 14.0);
  EXPECT_FALSE(again->items[3].value);
  EXPECT_FALSE(again->ok());
}

}  // namespace
