// Everything that is found again under a name, where that name leads to something else than a file.
#include "files/small_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "bridge/switched_off.hpp"
#include "config/config.hpp"
#include "driver/battery_memory.hpp"
#include "files/atomic_file.hpp"
#include "files/heartbeat.hpp"
#include "line/port_memory.hpp"
#include "link/capture.hpp"

namespace bms {
namespace {

using files::Heartbeat;
using files::HeartbeatWatch;
using files::Lasting;
using files::move_aside;
using files::read_small_file;
using files::SmallFile;
using files::write_atomically;

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

/// Something that is not a file. Opening a FIFO blocks, reading /dev/zero never ends.
struct Strange {
  const char* name;
  const char* problem;
  void (*make)(const std::string& path);
};
std::ostream& operator<<(std::ostream& out, const Strange& strange) { return out << strange.name; }

void make_fifo(const std::string& path) { ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0); }

void make_socket(const std::string& path) {
  const int number = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  ASSERT_LT(path.size(), sizeof address.sun_path);
  path.copy(address.sun_path, path.size());
  ASSERT_EQ(::bind(number, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ::close(number);
}

void make_huge(const std::string& path) {
  std::ofstream(path) << "{";
  fs::resize_file(path, 1'000'000'000'000);  // all of it a hole
}

const Strange things[] = {
    {"Fifo", "is a FIFO", make_fifo},
    {"Directory", "is a directory", [](const std::string& path) { fs::create_directory(path); }},
    {"FullDirectory", "is a directory", [](const std::string& path) { fs::create_directories(path + "/full"); }},
    {"Socket", "is a socket", make_socket},
    {"LinkToNothing", "is a link to nothing", [](const std::string& path) { fs::create_symlink("nowhere", path); }},
    {"LinkToItself", "cannot be read", [](const std::string& path) { fs::create_symlink(path, path); }},
    {"LinkToADevice", "is a device", [](const std::string& path) { fs::create_symlink("/dev/zero", path); }},
    {"Huge", "is larger than", make_huge},
};

class StrangeFiles : public testing::TestWithParam<Strange> {
 protected:
  StrangeFiles() {
    std::string pattern = "/tmp/strange-XXXXXX";
    directory_ = mkdtemp(pattern.data());
  }
  ~StrangeFiles() override { fs::remove_all(directory_); }

  [[nodiscard]] std::string path(const std::string& name) const { return directory_ + "/" + name; }

  /// Puts the strange thing there, in place of what was there.
  void put(const std::string& at) const {
    fs::remove_all(at);
    fs::create_directories(fs::path(at).parent_path());
    GetParam().make(at);
  }

  /// How many things lie beside `file` whose names begin alike.
  [[nodiscard]] static long beside(const std::string& file) {
    const std::string name = fs::path(file).filename();
    return std::ranges::count_if(fs::directory_iterator(fs::path(file).parent_path()), [&](const auto& entry) {
      return entry.path().filename() != name && entry.path().filename().string().starts_with(name);
    });
  }

  std::string directory_;
};

INSTANTIATE_TEST_SUITE_P(All, StrangeFiles, testing::ValuesIn(things), testing::PrintToStringParamName());

TEST_P(StrangeFiles, AreNotReadAndHaveAName) {
  put(path("file"));
  const SmallFile found = read_small_file(path("file"));
  EXPECT_EQ(found.content, std::nullopt);
  EXPECT_THAT(found.problem, StartsWith(GetParam().problem));
}

TEST_P(StrangeFiles, OfABatteryAreMovedAsideAndItsMemoryGoesOn) {
  const std::string lasting = driver::battery_file(path("data"), "jbd_1");
  const std::string in_memory = driver::battery_file(path("run"), "jbd_1");
  for (int round = 0; round < 12; ++round) {
    put(lasting);
    driver::BatteryMemory memory(lasting, in_memory);
    EXPECT_FALSE(memory.recall({}));
    EXPECT_THAT(memory.problem(), StartsWith(lasting + " " + GetParam().problem));
    if (GetParam().name == std::string("FullDirectory") && round > 8) continue;  // nothing of it is thrown away
    EXPECT_THAT(memory.problem(), HasSubstr("kept as " + lasting + ".corrupt"));
    EXPECT_TRUE(memory.save({}, Lasting::yes, {}));
    EXPECT_TRUE(driver::BatteryMemory(lasting, in_memory).recall({}));

    put(in_memory);
    EXPECT_TRUE(driver::BatteryMemory(lasting, in_memory).recall({}));
    EXPECT_TRUE(memory.save({}, Lasting::no, {}));
  }
  EXPECT_LE(beside(lasting), 9) << "what is kept is bounded";
  EXPECT_LE(beside(in_memory), 9);
}

TEST_P(StrangeFiles, OfAPortAreReplaced) {
  const line::PortMemory memory(path("data"));
  const link::ReachedBoard board{.family = "jbd", .dialect = "", .baud = 9600, .address = 0};
  put(path("data/ports/usb.json"));
  EXPECT_FALSE(memory.recall("usb"));
  EXPECT_TRUE(memory.store("usb", board));
  EXPECT_EQ(memory.recall("usb"), board);
}

TEST_P(StrangeFiles, OfTheBridgeAreMovedAside) {
  put(path("bridge.json"));
  bridge::SwitchedOff first(directory_);
  EXPECT_TRUE(first.chargers().empty());
  first.add("HQ2212ABCDE");
  EXPECT_TRUE(bridge::SwitchedOff(directory_).contains("HQ2212ABCDE"));
}

TEST_P(StrangeFiles, AreNoHeartbeatAndStopNone) {
  const auto now = Heartbeat::Moment::clock::now();
  put(path("heartbeat/ttyUSB0"));
  EXPECT_FALSE(HeartbeatWatch(directory_, "ttyUSB0").last());
  Heartbeat heartbeat(directory_, "ttyUSB0");
  heartbeat.beat(now);
  EXPECT_TRUE(HeartbeatWatch(directory_, "ttyUSB0").last());
}

TEST_P(StrangeFiles, AreNoConfiguration) {
  put(path("config.ini"));
  const auto config = config::Config::read_file(path("config.ini"));
  ASSERT_EQ(config.faults().size(), 1U);
  EXPECT_THAT(config.faults()[0].text(), HasSubstr(GetParam().problem));
}

TEST(NoConfiguration, IsWhatTheNullDeviceSays) { EXPECT_TRUE(config::Config::read_file("/dev/null").faults().empty()); }

TEST_P(StrangeFiles, AreNotRecordedInto) {
  if (GetParam().name == std::string("Huge")) GTEST_SKIP() << "a file that is overwritten";
  put(path("capture.jsonl"));
  const auto file = link::CaptureFile::create(path("capture.jsonl"), 1000, [](const std::string&, bool) {});
  ASSERT_FALSE(file);
  EXPECT_THAT(file.error().message, HasSubstr(GetParam().problem));
  EXPECT_TRUE(fs::exists(fs::symlink_status(path("capture.jsonl")))) << "somebody else's is left alone";
}

TEST_P(StrangeFiles, DoNotStopAFileFromBeingReplaced) {
  put(path("file"));
  put(path("file.new"));
  EXPECT_TRUE(write_atomically(path("file"), "content", Lasting::yes));
  EXPECT_EQ(read_small_file(path("file")).content, "content");
}

class SmallFiles : public testing::Test {
 protected:
  ~SmallFiles() override { fs::remove_all(directory_); }
  fs::path directory_ = fs::path(testing::TempDir()) / ("small-files-" + std::to_string(::getpid()));
};

TEST_F(SmallFiles, AreWrittenWhereTheProgramWasStarted) {
  fs::create_directories(directory_);
  const fs::path before = fs::current_path();
  fs::current_path(directory_);
  const bool written = write_atomically("bare.json", "{}", Lasting::yes);
  fs::current_path(before);
  EXPECT_TRUE(written);
  EXPECT_TRUE(fs::exists(directory_ / "bare.json"));
}

TEST_F(SmallFiles, AreReadThroughALinkAndUpToTheirLimit) {
  fs::create_directories(directory_);
  const std::string file = directory_ / "file";
  std::ofstream(file) << "0123456789";
  fs::create_symlink(file, directory_ / "link");
  EXPECT_EQ(read_small_file(directory_ / "link").content, "0123456789");
  EXPECT_EQ(read_small_file(file, 10).content, "0123456789");
  EXPECT_FALSE(read_small_file(file, 9).content);
  const SmallFile nothing = read_small_file(directory_ / "nothing");
  EXPECT_FALSE(nothing.content);
  EXPECT_EQ(nothing.problem, "");
}

TEST_F(SmallFiles, KeptAsideAreNineAndTheNewestIsAmongThem) {
  fs::create_directories(directory_);
  const std::string file = directory_ / "file";
  for (int number = 1; number <= 30; ++number) {
    std::ofstream(file) << number;
    const auto aside = move_aside(file, ".corrupt");
    ASSERT_TRUE(aside);
    EXPECT_EQ(read_small_file(*aside).content, std::to_string(number));
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(directory_), fs::directory_iterator()), 9);
}

}  // namespace
}  // namespace bms
