// Requests and answers as they pass the socket.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "console/answer.hpp"
#include "console/request.hpp"

namespace {

using namespace bms;
using namespace bms::console;

TEST(ConsoleRequest, IsReadAsItWasWritten) {
  const Request requests[] = {
      {.battery = "ttyUSB0_2", .progress = true, .wish = Identify{}},
      {.wish = Get{{"cell_overvoltage", "cell_count"}}},
      {.wish = Set{.settings = {{.name = "cell_overvoltage", .value = 3.6, .if_was = 3.65}, {.name = "x", .value = -1}},
                   .dry_run = true}},
      {.wish = SwitchOver{.which = Switch::discharge, .on = true}},
      {.wish = SwitchOver{.which = Switch::balancer, .on = false}},
      {.wish = CountFrom{.soc_pct = 80.5}},
  };
  for (const Request& request : requests) {
    const auto again = read_request(written(request));
    ASSERT_TRUE(again) << written(request);
    EXPECT_EQ(written(*again), written(request));
    EXPECT_EQ(again->wish.index(), request.wish.index());
  }
}

TEST(ConsoleRequest, SaysWhatWasExpected) {
  const std::pair<std::string, std::string> refused[] = {
      {"", "JSON"},
      {"{}", "verb"},
      {R"({"verb":"format"})", "identify, get, set, switch or soc"},
      {R"({"verb":"get"})", "names"},
      {R"({"verb":"get","names":[]})", "names"},
      {R"({"verb":"get","names":[1]})", "a name"},
      {R"({"verb":"set","settings":[{"name":"a","value":"1"}]})", "a number as value"},
      {R"({"verb":"set","settings":[{"name":"a","value":1e999}]})", ""},
      {R"({"verb":"set","settings":[{"name":"a","value":1}],"dry_run":1})", "true or false"},
      {R"({"verb":"switch","which":"heater","on":true})", "charge, discharge or balancer"},
      {R"({"verb":"soc"})", "soc_pct"},
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

TEST(ConsoleAnswer, IsReadAsItWasWritten) {
  const Answer answer{.refused = Error{ErrorKind::forbidden, "not here", {}},
                      .board = {.place = "ttyUSB0",
                                .battery = "jbd_1",
                                .family = "jbd",
                                .serial = "1",
                                .cells = 16,
                                .through_driver = true,
                                .writes = Writes::switches},
                      .results = {{.name = "a", .before = 3.65, .wanted = 3.6, .after = 3.6, .note = "n"},
                                  {.name = "b", .after = std::string("text")},
                                  {.name = "c", .error = Error{ErrorKind::status, "refused", 0x81}}},
                      .warnings = {"w"},
                      .undo_file = "/state/undo.json"};
  const auto again = answer_from(to_json(answer));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(to_json(*again), to_json(answer));
  EXPECT_EQ(again->results[2].error->status, 0x81);
  EXPECT_TRUE(again->board.through_driver);
  EXPECT_FALSE(again->ok());
}

}  // namespace
