// The search for a BMS, in its parts: what is possible, who talks, what is remembered.
#include "line/detection.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "../frames/frame_files.hpp"
#include "bms/hex.hpp"
#include "line/port_memory.hpp"
#include "line/talker.hpp"
#include "registry.hpp"

namespace bms::line {
namespace {

Bytes bytes_of(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

std::string_view who(std::string_view text) { return recognise_talker(bytes_of(text)).value_or("nobody"); }

TEST(Talkers, AreKnownByTheFormOfWhatTheySay) {
  EXPECT_EQ(who("xx$GPGLL,4916.45,N,12311.12,W,225444,A,*1D\r\n"), "an NMEA 0183 device");
  EXPECT_EQ(who("V\t12000\r\nI\t-120\r\nP\t5\r\n"), "a Victron device with VE.Direct");
  EXPECT_EQ(who(":154\n"), "a Victron device with VE.Direct");
  EXPECT_EQ(who("/EMH5\\@01LZQJL0014F\r\n"), "an electricity meter (IEC 62056-21)");
  const auto modbus = from_hex("FF01030000000AC5CD").value();
  EXPECT_EQ(recognise_talker(modbus), "a Modbus master");
}

TEST(Talkers, AreNotKnownByLess) {
  EXPECT_EQ(who("$GPGLL,4916.45,N,12311.12,W,225444,A,*2D\r\n"), "nobody") << "checksum";
  EXPECT_EQ(who("$GPGLL,4916.45,N,12311.12,W,225444,A,*1"), "nobody") << "cut";
  EXPECT_EQ(who("\r\nV\t12000\r\n"), "nobody") << "one field only";
  EXPECT_EQ(who(":155\n"), "nobody");
  EXPECT_EQ(recognise_talker(from_hex("01030000000AC5CC").value()), std::nullopt);
  EXPECT_EQ(recognise_talker({}), std::nullopt);
}

// A BMS that answers late must not be mistaken for a device that is to be left alone.
TEST(Talkers, NoAnswerOfABmsIsTakenForOne) {
  for (const Family& family : families()) {
    for (const auto& one : frame_files::cases_of(family.name)) {
      if (!one["real_capture"].get<bool>() || !one["response"].is_string()) continue;
      // The acknowledgement of a write has the form of a question; but nothing is written while searching.
      if (one["name"].get<std::string>().find("_write_") != std::string::npos) continue;
      const auto answer = from_hex(one["response"].get<std::string>()).value();
      EXPECT_EQ(recognise_talker(answer), std::nullopt) << one["name"];
    }
  }
}

TEST(Search, IsNarrowedByWhatIsSaid) {
  const auto all = candidates_of({.family = {}, .addresses = {}});
  std::size_t variants = 0;
  for (const Family& family : families()) variants += family.variants.size();
  EXPECT_EQ(all.size(), variants);
  for (const Candidate& candidate : candidates_of({.family = "jbd", .addresses = {}})) {
    EXPECT_EQ(candidate.family->name, "jbd");
  }
  EXPECT_TRUE(candidates_of({.family = "ant", .addresses = {2}}).empty()) << "ANT boards have no addresses";
  for (const Candidate& candidate : candidates_of({.family = {}, .addresses = {3, 4}, .baud = 4800})) {
    EXPECT_TRUE(candidate.options.variant.address == 3 || candidate.options.variant.address == 4);
    EXPECT_EQ(candidate.options.variant.baud, 4800U);
  }
}

TEST(Search, KnowsWhichAddressesAWayOfTalkingCanHave) {
  const auto tried = [](unsigned address) {
    std::vector<std::string> dialects;
    for (const Candidate& candidate : candidates_of({.family = "jbd", .addresses = {address}}))
      dialects.emplace_back(candidate.options.variant.dialect);
    return dialects;
  };
  EXPECT_EQ(tried(0), (std::vector<std::string>{"", "addressed"})) << "0 is also of a board that has none";
  EXPECT_EQ(tried(1), (std::vector<std::string>{"up", "addressed"}));
  EXPECT_EQ(tried(16), (std::vector<std::string>{"up", "addressed"}));
  EXPECT_TRUE(tried(17).empty());
}

TEST(Search, TriesOnTheAirWhatIsMetThere) {
  std::vector<std::string> tried;
  for (const Candidate& candidate : candidates_of({.family = {}, .addresses = {}, .baud = 4800, .on_air = true})) {
    EXPECT_EQ(candidate.options.variant.baud, 0U) << "there is no speed";
    EXPECT_TRUE(candidate.family->on_air.known());
    tried.emplace_back(candidate.family->name);
  }
  for (const Family& family : families())
    EXPECT_EQ(std::ranges::count(tried, family.name), static_cast<long>(family.on_air.dialects.size())) << family.name;
  EXPECT_TRUE(candidates_of({.family = "rec", .addresses = {}, .on_air = true}).empty());
}

TEST(Search, LeavesWhatIsRareForTheEnd) {
  bool late = false;
  for (const Candidate& candidate : candidates_of({.family = {}, .addresses = {}})) {
    EXPECT_TRUE(candidate.options.variant.late || !late) << candidate.options.variant.dialect;
    late = candidate.options.variant.late;
  }
  EXPECT_TRUE(late);
}

TEST(Search, FindsWhatWasWrittenDown) {
  const auto all = candidates_of({.family = {}, .addresses = {}});
  for (const Candidate& candidate : all) {
    const auto found = remembered(all, written(candidate));
    ASSERT_TRUE(found);
    EXPECT_EQ(written(*found), written(candidate));
  }
  EXPECT_FALSE(remembered(all, {.family = "acme", .dialect = "", .baud = 9600, .address = 0}));
}

class PortMemoryTest : public testing::Test {
 protected:
  ~PortMemoryTest() override { std::filesystem::remove_all(directory); }

  std::filesystem::path directory =
      std::filesystem::temp_directory_path() / ("port-memory-" + std::to_string(::getpid()));
  PortMemory memory{directory.string()};
  link::ReachedBoard board{.family = "jbd", .dialect = "", .baud = 9600, .address = 0};
};

TEST_F(PortMemoryTest, KeepsOneBoardForEachPort) {
  EXPECT_FALSE(memory.recall("usb_1_1_2"));
  EXPECT_TRUE(memory.store("usb_1_1_2", board));
  EXPECT_EQ(memory.recall("usb_1_1_2"), board);
  EXPECT_FALSE(memory.recall("usb_1_1_3"));
  board.baud = 19200;
  EXPECT_TRUE(memory.store("usb_1_1_2", board));
  EXPECT_EQ(memory.recall("usb_1_1_2"), board);
}

TEST_F(PortMemoryTest, LeavesNothingElseBehind) {
  EXPECT_TRUE(memory.store("../../etc/passwd", board));
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) files += entry.is_regular_file();
  EXPECT_EQ(files, 1U);
  EXPECT_EQ(memory.recall("../../etc/passwd"), board);
}

TEST_F(PortMemoryTest, ForgetsWhatCannotBeRead) {
  EXPECT_TRUE(memory.store("port", board));
  for (const char* text : {"", "{", "[]", R"({"bms": 1})", R"({"bms": "jbd", "dialect": "", "baud": -1})"}) {
    std::ofstream(directory / "ports" / "port.json") << text;
    EXPECT_FALSE(memory.recall("port")) << text;
  }
}

TEST_F(PortMemoryTest, IsNotNeeded) {
  EXPECT_TRUE(PortMemory("").store("port", board));
  EXPECT_FALSE(PortMemory("").recall("port"));
  EXPECT_FALSE(PortMemory("/proc/nowhere").store("port", board));
}

}  // namespace
}  // namespace bms::line
