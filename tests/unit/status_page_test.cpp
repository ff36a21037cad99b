// What the page of `dbus-bms status` says of ports.
#include "cli/status/page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace bms::cli {
namespace {

using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::ordered_json;

/// The page of a machine with one port, with who is seen to have it open.
std::string page_with(Json used_by, bool used_by_is_all) {
  const Json port{{"port", "ttyUSB0"}, {"used_by", std::move(used_by)}, {"used_by_is_all", used_by_is_all}};
  return status_page({{"versions", Json::object()},
                      {"ports", Json::array({port})},
                      {"processes", Json::array()},
                      {"bus", ""},
                      {"batteries", Json::array()},
                      {"heartbeats", Json::array()},
                      {"configuration", {{"source", "configuration: /etc/x.ini"}, {"faults", Json::array()}}},
                      {"complaints", Json::array()}});
}

TEST(StatusPage, SaysThatNobodyHasAPortOpenOnlyToThoseWhoCanKnow) {
  EXPECT_THAT(page_with(Json::array(), true), HasSubstr("ttyUSB0: nobody has it open\n"));
  const std::string unknown = page_with(Json::array(), false);
  EXPECT_THAT(unknown, HasSubstr("only root can see"));
  EXPECT_THAT(unknown, Not(HasSubstr("nobody")));
}

TEST(StatusPage, NamesWhoHasAPortOpen) {
  const Json user{{"pid", 7}, {"name", "dbus-bms"}};
  EXPECT_THAT(page_with(Json::array({user}), true), HasSubstr("ttyUSB0: dbus-bms (7)\n"));
  EXPECT_THAT(page_with(Json::array({user}), false), HasSubstr("ttyUSB0: dbus-bms (7); others"));
}

TEST(StatusPage, NamesTheConfigurationOnce) {
  EXPECT_THAT(page_with(Json::array(), true), HasSubstr("config     /etc/x.ini\n"));
}

}  // namespace
}  // namespace bms::cli
