// What Bluetooth modules say themselves: told from what their boards say, and what they want to hear.
#include <gtest/gtest.h>

#include <random>

#include "bluetooth/module_noise.hpp"
#include "bluetooth_frames.hpp"
#include "jbd/jbd_module.hpp"
#include "registry.hpp"

namespace bms::bluetooth {
namespace {

using bluetooth_test::Json;

ByteVector bytes(const std::string& hex) { return from_hex(hex).value(); }

/// What is left of pieces that come after a question.
std::string left_of(const std::vector<std::string>& pieces) {
  ModuleNoise noise;
  noise.asked();
  std::string left;
  for (const std::string& piece : pieces) {
    const ByteVector whole = bytes(piece);
    left += to_hex(noise.sort(whole).board);
  }
  return left;
}

TEST(ModuleNoise, IsTakenOffBeforeAnAnswer) {
  const std::string answer = "DD0400080D660D610D680D59FE3C77";
  EXPECT_EQ(left_of({answer}), answer);
  EXPECT_EQ(left_of({"00", answer}), answer);
  EXPECT_EQ(left_of({"FFAA1701C9E1", answer}), answer);
  EXPECT_EQ(left_of({"FFAA1701C9E1FFAA18010019", "41542B4F4B", "0000" + answer}), answer);
  EXPECT_EQ(left_of({"39363030", "0D0A"}), "");
}

TEST(ModuleNoise, WithinAnAnswerAreOnlyWholeFramesOfTheModule) {
  EXPECT_EQ(left_of({"DD05000A", "FFAA1701C9E1", "4A42442D5350303453", "0000", "303334", "77"}),
            "DD05000A4A42442D53503034530000303334"
            "77");
}

TEST(ModuleNoise, AFrameThatIsNotSoundIsTheBoards) {
  for (const char* other : {"FFAA1701C9E2", "FFAA1702C9E1", "FFAA", "FFAB1701C9E1", "FFAA1705C9E1"})
    EXPECT_EQ(left_of({other}), other);
}

TEST(ModuleNoise, LeavesEveryFirstByteOfOurBoards) {
  for (const char* first : {"DD", "A5", "D2", "51", "7E", "AA", "01"}) EXPECT_EQ(left_of({first}), first);
  EXPECT_EQ(left_of({"7E41", "41"}), "7E4141") << "a ~ is no text of a module";
}

TEST(ModuleNoise, BeginsAnewWithEachQuestion) {
  ModuleNoise noise;
  const ByteVector answer = bytes("DD04");
  const ByteVector text = bytes("39363030");
  EXPECT_TRUE(noise.sort(text).board.empty()) << "before anything was asked";
  EXPECT_EQ(noise.sort(answer).board.size(), 2U);
  EXPECT_EQ(noise.sort(text).board.size(), 4U) << "may belong to the answer";
  noise.asked();
  EXPECT_TRUE(noise.sort(text).board.empty());
  EXPECT_EQ(noise.skipped(), 8U);
}

TEST(ModuleNoise, OfRecordedAnswersTakesNothing) {
  int pieces = 0;
  for (const Json& session : bluetooth_test::ble_file()["cases"]) {
    ModuleNoise noise;
    for (const Json& exchange : session["exchanges"]) {
      noise.asked();
      for (const Json& piece : exchange["notifications"]) {
        const ByteVector whole = bytes(piece.get<std::string>());
        const auto sorted = noise.sort(whole);
        ASSERT_EQ(sorted.module.size() + sorted.board.size(), whole.size());
        const auto text = piece.get<std::string>();
        const bool own = text.starts_with("FFAA") || text.starts_with("41542B") || text == "39363030" || text == "00";
        EXPECT_EQ(sorted.module.empty(), !own) << text;
        ++pieces;
      }
    }
  }
  EXPECT_GT(pieces, 80);
}

TEST(ModuleFrames, AreReadAsTheyAreWritten) {
  std::mt19937 random(7);
  for (std::size_t size = 0; size < 256; ++size) {
    ByteVector payload(size);
    for (auto& byte : payload) byte = static_cast<std::uint8_t>(random());
    const auto command = static_cast<std::uint8_t>(random());
    ByteVector frame = module_frame(command, payload);
    const auto found = module_frame_at(frame);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->command, command);
    EXPECT_TRUE(std::ranges::equal(found->payload, payload));
    EXPECT_EQ(found->size, frame.size());
    EXPECT_FALSE(module_frame_at(Bytes(frame).first(frame.size() - 1)));
    frame.back() ^= 1U;
    EXPECT_FALSE(module_frame_at(frame));
  }
}

// ---- The password of a JBD module ----

struct Given {
  const char* address;
  const char* password;
  std::uint8_t random;
  const char* cipher;
};

TEST(JbdModulePassword, IsHiddenAsCapturesShow) {
  for (const Given& given : {Given{"10:A5:62:32:75:36", "123456", 0x24, "45BB752A6424"},
                             Given{"A4:C1:37:04:2D:BE", "123123", 0x37, "CC2A3B6C56C4"}}) {
    const auto login = jbd::module_login(given.address, given.password);
    ASSERT_TRUE(login);
    login->hear(bytes("FFAA15010016"));
    login->hear(module_frame(jbd::module_commands::random_byte, Bytes(&given.random, 1)));
    EXPECT_EQ(to_hex(login->question()), to_hex(module_frame(jbd::module_commands::password, bytes(given.cipher))));
  }
}

/// Whether a recorded session begins with such a login.
bool is_login(const Json& session) { return session.contains("password"); }

TEST(JbdModulePassword, GoesAsRecorded) {
  int sessions = 0;
  for (const Json& session : bluetooth_test::ble_file()["cases"]) {
    if (!is_login(session)) continue;
    ++sessions;
    const auto login =
        find_family("jbd")->on_air.login(session["address"].get<std::string>(), session["password"].get<std::string>());
    ASSERT_TRUE(login);
    std::string last;
    for (const Json& exchange : session["exchanges"]) {
      if (login->state() != ModuleLogin::State::asking) break;
      EXPECT_EQ(to_hex(login->question()), exchange["request"].get<std::string>());
      for (const Json& piece : exchange["notifications"]) login->hear(bytes(piece.get<std::string>()));
      last = exchange["module"].get<std::string>();
    }
    EXPECT_EQ(login->state(), last == "accepted" ? ModuleLogin::State::open : ModuleLogin::State::refused);
  }
  EXPECT_EQ(sessions, 2);
}

TEST(JbdModulePassword, IsNotAskedForByAModuleWithoutOne) {
  const auto login = jbd::module_login("A4:C1:37:00:00:01", "123456");
  login->hear(bytes("FFAA15010218"));
  EXPECT_EQ(login->state(), ModuleLogin::State::open);
}

TEST(JbdModulePassword, IsMissedWhereTheModuleWantsOneAndNoneIsGiven) {
  const auto login = jbd::module_login("A4:C1:37:00:00:01", "");
  login->hear(bytes("FFAA15010016"));
  EXPECT_EQ(login->state(), ModuleLogin::State::lacks_password);
  const auto without = jbd::module_login("A4:C1:37:00:00:01", "");
  without->hear(bytes("FFAA15010218"));
  EXPECT_EQ(without->state(), ModuleLogin::State::open);
}

TEST(JbdModulePassword, EndsWhereTheModuleGivesBackWhatIsWritten) {
  const auto login = jbd::module_login("A4:C1:37:00:00:01", "123456");
  const ByteVector echo(login->question().begin(), login->question().end());
  login->hear(echo);
  EXPECT_EQ(login->state(), ModuleLogin::State::wants_pairing);
}

TEST(JbdModulePassword, EndsWhereNobodyAnswers) {
  const auto login = jbd::module_login("A4:C1:37:00:00:01", "123456");
  login->timed_out();
  EXPECT_EQ(login->state(), ModuleLogin::State::silent);
}

TEST(JbdModulePassword, OverlooksWhatElseComes) {
  const auto login = jbd::module_login("A4:C1:37:00:00:01", "123456");
  const ByteVector first(login->question().begin(), login->question().end());
  for (const char* other :
       {"00", "DD0400080D660D610D680D59FE3C77", "FFAA1701C9E1", "FFAA1502000017", "FFAA150100", "FFAA"})
    login->hear(bytes(other));
  EXPECT_EQ(to_hex(login->question()), to_hex(first));
  login->hear(bytes("DD0400080D660D610D680D59FE3C77FFAA15010016"));
  EXPECT_EQ(to_hex(login->question()), "FFAA170017") << "behind an answer of the board";
}

TEST(JbdModulePassword, NeedsAnAddress) { EXPECT_EQ(jbd::module_login("A4:C1:37:00:00", "123456"), nullptr); }

TEST(JbdModulePassword, ForSettingsGoesAsRecorded) {
  const jbd::ModuleAddress address{0x10, 0xA5, 0x62, 0, 0, 1};
  EXPECT_EQ(to_hex(module_frame(jbd::module_commands::settings_password,
                                jbd::module_cipher(address, "JBDbtpwd!@#2023", 0xC9))),
            "FFAA1D0F23B0EF2B3D3A402DEA09ECFBF9FBFCC7");
}

}  // namespace
}  // namespace bms::bluetooth
