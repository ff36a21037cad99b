// What the explanation says where the recorded exchanges have no case.
#include "ant/ant_explain.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "ant_wire.hpp"

namespace bms::ant {
namespace {

using Json = nlohmann::ordered_json;
using ant_test::ByteVector;
using ant_test::captured;
using ant_test::concat;
using ant_test::hex;
using ant_test::new_frame;
using ant_test::Pack;
using ant_test::word;

const char* const status_request = "7EA1010000BE1855AA55";
const char* const old_request = "DBDB00000000";
const char* const login_request = "A5A5F1313254A5A5F2333459A5A5F335365EA5A5F4373863";

Json explained(const char* variant, const char* request, const ByteVector& response, Json more = Json::object()) {
  more["variant"] = variant;
  more["request"] = request;
  Json json = explain({.request = hex(request), .pieces = {response}, .line = more});
  EXPECT_EQ(json.contains("error"), json.contains("message"));
  return json;
}

std::string error_of(const char* variant, const char* request, const ByteVector& response) {
  return explained(variant, request, response).value("error", "none");
}

TEST(AntExplain, TheFirstCandidateGivesTheReason) {
  ByteVector bad_crc = Pack{}.new_status();
  bad_crc[40] ^= 1U;
  const ByteVector other = new_frame(0x61, 4, {1, 0});
  EXPECT_EQ(error_of("new", status_request, concat(bad_crc, other)), "checksum");
  EXPECT_EQ(error_of("new", status_request, concat(other, bad_crc)), "unexpected_command");
  EXPECT_EQ(error_of("new", status_request, concat(hex("7E00"), bad_crc)), "checksum") << "7E alone is no candidate";
  EXPECT_EQ(error_of("new", status_request, hex("7EA1010000BE1855AA55")), "unexpected_command");
  EXPECT_EQ(error_of("new", status_request, hex("7EA101")), "unexpected_command");
  EXPECT_EQ(error_of("new", status_request, hex("7EA111")), "truncated");
  EXPECT_EQ(error_of("new", status_request, hex("7E")), "garbage");
  EXPECT_EQ(error_of("old", old_request, hex("DBDB00000000")), "garbage");
  EXPECT_EQ(error_of("old", old_request, hex("AA55AA")), "truncated");
  EXPECT_EQ(error_of("old", old_request, hex("AA55AA00")), "unexpected_command");
  EXPECT_EQ(error_of("old", old_request, hex("AA55")), "garbage");
  EXPECT_EQ(error_of("old", old_request, {}), "garbage");
}

TEST(AntExplain, AGoodFrameBehindAnImpossibleOneIsDelivered) {
  Pack impossible;
  impossible.soc = 101;
  const Json found = explained("new", status_request, concat(impossible.new_status(), Pack{}.new_status()));
  EXPECT_EQ(found["soc_pct"], 50);
  EXPECT_EQ(error_of("new", status_request, impossible.new_status()), "garbage");
  EXPECT_EQ(explained("old", old_request, concat(impossible.old_status(), Pack{}.old_status()))["soc_pct"], 50);
}

TEST(AntExplain, OneAnswerIsEnoughUnlessAStreamIsAskedFor) {
  const ByteVector twice = concat(Pack{}.new_status(), Pack{}.new_status());
  EXPECT_FALSE(explained("new", status_request, twice).contains("frames"));
  EXPECT_EQ(explained("new", status_request, twice, {{"stream", true}})["frames"].size(), 2U);
}

TEST(AntExplain, AnswersToSeveralRequestsAreListedInTheirOrder) {
  const Json line{{"variant", "new"}, {"request", {"7EA1026C022058C4AA55", status_request}}};
  const ByteVector stream = concat(Pack{}.new_status(), captured("new_device_info_16zm"));
  const Json found = explain({.request = hex("7EA1026C022058C4AA55"), .pieces = {stream}, .line = line});
  ASSERT_EQ(found["frames"].size(), 2U);
  EXPECT_EQ(found["frames"][0]["soc_pct"], 50);
  EXPECT_EQ(found["frames"][1]["hardware_version"], "16ZM");
}

TEST(AntExplain, WithoutVariantAndRequestTheBytesTell) {
  const auto bare = [](const ByteVector& stream) {
    return explain({.request = {}, .pieces = {stream}, .line = Json::object()});
  };
  EXPECT_EQ(bare(Pack{}.new_status())["chemistry"], "lfp");
  EXPECT_EQ(bare(captured("new_identity_16zm"))["serial"], "40703B18DC8F9E1137428401");
  EXPECT_EQ(bare(Pack{}.old_status())["soc_pct"], 50);
  EXPECT_EQ(bare(word(0x5A, 3, 3650))["value"], 3650);
  EXPECT_EQ(bare(word(0xA5, 0xF5, 1))["error"], "status");
  EXPECT_EQ(bare({})["error"], "garbage");
}

TEST(AntExplain, ALoginIsDecidedByItsLastAnswer) {
  const ByteVector refused = word(0xA5, 0xF5, 1);
  const ByteVector accepted = hex(login_request);
  EXPECT_EQ(explained("old", login_request, accepted), Json({{"authenticated", true}}));
  const ByteVector three(accepted.begin(), accepted.begin() + 18);
  const Json wrong = explained("old", login_request, concat(three, refused));
  EXPECT_EQ(wrong["error"], "status");
  EXPECT_EQ(wrong["authenticated"], false);
  EXPECT_EQ(error_of("old", login_request, three), "truncated");
  EXPECT_EQ(error_of("old", login_request, {}), "garbage");
  EXPECT_EQ(explained("old", "A5A5F4373863", hex("A5A5F4373863"))["authenticated"], true);
  EXPECT_EQ(explained("old", "A5A5F1313254", hex("A5A5F1313254"))["value"], 0x3132);
}

TEST(AntExplain, WordsOfTheOldProtocol) {
  EXPECT_EQ(explained("old", "5A5A1F00001F", word(0x5A, 31, 0xC200))["value"], 0xC200);
  EXPECT_TRUE(explained("old", "5A5A21000021", word(0x5A, 33, 0xFFFF))["value"].is_null());
  EXPECT_EQ(error_of("old", "A5A5FA0001FB", word(0xA5, 0xFB, 1)), "unexpected_command");
}

TEST(AntExplain, RepliesOfTheNewProtocolWithoutARecordedCase) {
  const Json failed = explained("new", "7EA1510600006924AA55", new_frame(0x61, 6, {2, 0}));
  EXPECT_EQ(failed["error"], "status");
  EXPECT_EQ(failed["result"], 2);
  EXPECT_EQ(failed["command"], 6);
  const Json login = explained("new", "7EA1236A010C3132333435363738396162632062AA55", hex("7EA1436A010205001E5CAA55"));
  EXPECT_EQ(login["permission_level"], 5);
  EXPECT_EQ(explained("new", "7EA10500002849B1AA55", new_frame(0x15, 0, {1, 2, 3}))["payload"], "010203");
}

TEST(AntExplain, MinutesToFullOnlyWhileCharging) {
  Pack pack;
  pack.minutes_to_full = 133;
  EXPECT_FALSE(explained("new", status_request, pack.new_status()).contains("charge_minutes_left"));
  pack.state = 2;
  EXPECT_EQ(explained("new", status_request, pack.new_status())["charge_minutes_left"], 133);
  pack.minutes_to_full = 0xFFFF;
  EXPECT_TRUE(explained("new", status_request, pack.new_status())["charge_minutes_left"].is_null());
  pack.minutes_to_full.reset();
  EXPECT_FALSE(explained("new", status_request, pack.new_status()).contains("charge_minutes_left"));
}

TEST(AntExplain, WhatIsNoRequestIsNoMatter) {
  EXPECT_EQ(explained("new", "DDA50300FFFD77", Pack{}.new_status())["soc_pct"], 50);
  EXPECT_EQ(explained("old", "DDA50300FFFD77", Pack{}.old_status())["soc_pct"], 50);
}

}  // namespace
}  // namespace bms::ant
