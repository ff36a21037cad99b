// Links: a real pseudo-terminal as the serial port, captures and their replay.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <termios.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "link/capture.hpp"
#include "link/port.hpp"
#include "link/replay_link.hpp"
#include "link/serial_link.hpp"

namespace bms::link {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

/// The device's end of a serial line.
class Device {
 public:
  Device() : master_(posix_openpt(O_RDWR | O_NOCTTY)) {
    EXPECT_EQ(grantpt(master_), 0);
    EXPECT_EQ(unlockpt(master_), 0);
    path_ = ptsname(master_);
  }
  ~Device() { hang_up(); }
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  void send(const std::string& bytes) const {
    EXPECT_EQ(::write(master_, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }
  [[nodiscard]] std::string receive(std::size_t count) const {
    std::string bytes(count, '\0');
    EXPECT_EQ(::read(master_, bytes.data(), count), static_cast<ssize_t>(count));
    return bytes;
  }
  [[nodiscard]] termios settings() const {
    termios found{};
    EXPECT_EQ(tcgetattr(master_, &found), 0);
    return found;
  }
  void hang_up() {
    if (master_ >= 0) ::close(master_);
    master_ = -1;
  }

 private:
  int master_;
  std::string path_;
};

/// Runs one coroutine to its end and returns what it returned.
template <class T>
T run(asio::io_context& loop, asio::awaitable<T> task) {
  std::optional<T> result;
  asio::co_spawn(loop, std::move(task), [&result](const std::exception_ptr& problem, T value) {
    if (problem) std::rethrow_exception(problem);
    result = std::move(value);
  });
  loop.restart();
  loop.run();
  return *std::move(result);
}

class SerialLinkTest : public testing::Test {
 protected:
  /// So many bytes, or what has come in time, or what went wrong.
  std::string read(SerialLink& line, std::size_t count, Clock::duration patience = 5s) {
    std::array<std::uint8_t, 64> buffer{};
    std::string all;
    for (const TimePoint deadline = Clock::now() + patience; all.size() < count;) {
      const auto got = run(loop, line.read(buffer, deadline));
      if (!got) return got.error().message;
      if (*got == 0) break;
      all.append(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(*got));
    }
    return all;
  }

  Device device;
  asio::io_context loop{1};
};

TEST_F(SerialLinkTest, IsRawAtTheRateAskedForIncludingUncommonOnes) {
  for (const unsigned baud : {9600U, 56000U, 115200U, 38400U}) {
    SerialLink line(loop, device.path(), baud);
    ASSERT_TRUE(line.open_now());
    const termios settings = device.settings();
    EXPECT_EQ(settings.c_cflag & (CSIZE | PARENB | CSTOPB | CRTSCTS), static_cast<tcflag_t>(CS8));
    EXPECT_EQ(settings.c_iflag & (IXON | IXOFF | ICRNL | ISTRIP), 0U);
    EXPECT_EQ(settings.c_oflag & OPOST, 0U);
    EXPECT_EQ(settings.c_lflag & (ICANON | ECHO | ISIG), 0U);
  }
}

TEST_F(SerialLinkTest, SaysWhyItIsGoneThoughThatWasNoticedBefore) {
  SerialLink line(loop, device.path(), 9600);
  ASSERT_TRUE(line.open_now());
  device.hang_up();
  line.discard_input();
  const std::uint8_t byte = 1;
  const auto sent = run(loop, line.write(Bytes(&byte, 1)));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().kind, ErrorKind::link);
  EXPECT_THAT(sent.error().message, testing::AnyOf(HasSubstr("hung up"), HasSubstr("Input/output error")));
}

TEST_F(SerialLinkTest, CarriesEveryByteBothWays) {
  SerialLink line(loop, device.path(), 115200);
  ASSERT_TRUE(line.open_now());
  std::string all(64, '\0');
  for (std::size_t block = 0; block < 4; ++block) {
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<char>(block * 64 + i);
    device.send(all);
    EXPECT_EQ(read(line, all.size()), all);
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(all.data());
    ASSERT_TRUE(run(loop, line.write(Bytes(bytes, all.size()))));
    EXPECT_EQ(device.receive(all.size()), all);
  }
}

TEST_F(SerialLinkTest, ReturnsNothingAtTheDeadline) {
  SerialLink line(loop, device.path(), 9600);
  ASSERT_TRUE(line.open_now());
  EXPECT_EQ(read(line, 1, 20ms), "");
  device.send("late");
  EXPECT_EQ(read(line, 4), "late");
}

TEST_F(SerialLinkTest, ThrowsAwayWhatCameUnasked) {
  SerialLink line(loop, device.path(), 9600);
  ASSERT_TRUE(line.open_now());
  device.send(std::string(300, 'x'));
  EXPECT_EQ(line.discard_input(), 300U);
  device.send("new");
  EXPECT_EQ(read(line, 3), "new");
}

TEST_F(SerialLinkTest, TellsAHangUp) {
  SerialLink line(loop, device.path(), 9600);
  ASSERT_TRUE(line.open_now());
  asio::co_spawn(
      loop,
      [&]() -> asio::awaitable<void> {
        device.hang_up();
        co_return;
      },
      asio::detached);
  EXPECT_THAT(read(line, 1), HasSubstr(device.path()));
  EXPECT_FALSE(line.open_now());
}

TEST_F(SerialLinkTest, IsForOneProcessOnly) {
  SerialLink line(loop, device.path(), 9600);
  ASSERT_TRUE(line.open_now());
  SerialLink second(loop, device.path(), 9600);
  const auto opened = second.open_now();
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, HasSubstr("in use"));
  line.close();
  EXPECT_TRUE(second.open_now());
}

TEST_F(SerialLinkTest, SaysWhyAPortCannotBeUsed) {
  SerialLink missing(loop, "/dev/tty-that-is-not-there", 9600);
  EXPECT_THAT(missing.open_now().error().message, HasSubstr("No such file"));
  SerialLink file(loop, "/dev/null", 9600);
  EXPECT_THAT(file.open_now().error().message, HasSubstr("not a serial port"));
}

TEST(Port, TakesEveryWayToNameIt) {
  EXPECT_EQ(port_of("ttyUSB0").path, "/dev/ttyUSB0");
  EXPECT_EQ(port_of("/dev/ttyUSB0").name, "ttyUSB0");
  EXPECT_EQ(port_of("./some/ttyX").path, "./some/ttyX");
  EXPECT_EQ(port_of("./some/ttyX").location, "ttyX");
}

TEST(Port, OfABoardOnTheAirIsItsAddress) {
  const Port port = port_on_air("A4:C1:37:00:00:0F");
  EXPECT_EQ(port.path, "A4:C1:37:00:00:0F");
  EXPECT_EQ(port.name, "ble_a4c13700000f");
  EXPECT_EQ(port.location, port.name);
  EXPECT_EQ(port.by_address(), port.path);
  EXPECT_EQ(claim_on(port), Claim::owner) << "its owner has named it";
  EXPECT_EQ(port_of("ttyUSB0").by_address(), "");
}

std::vector<Exchange> two_exchanges() {
  return {{.time_s = 0.5, .request = {0xDD, 0xA5}, .response = {{0.55, {1, 2}}, {0.6, {3}}}},
          {.time_s = 1.5, .request = {0x01}, .response = {}},
          {.time_s = 2.5, .request = {0xDD, 0xA5}, .response = {{2.75, {4}}}}};
}

class CaptureFileTest : public testing::Test {
 public:
  CaptureFileTest(const CaptureFileTest&) = delete;
  CaptureFileTest& operator=(const CaptureFileTest&) = delete;

 protected:
  CaptureFileTest() : path(testing::TempDir() + "capture-" + std::to_string(getpid()) + ".jsonl") {}
  ~CaptureFileTest() override { std::filesystem::remove(path); }

  std::string path;
  std::vector<std::string> reported;
  CaptureFile::Report report = [this](const std::string& what, bool /*problem*/) { reported.push_back(what); };
};

TEST_F(CaptureFileTest, ReadsBackWhatItWrote) {
  const ReachedBoard board{.family = "rec", .dialect = "", .baud = 56000, .address = 2};
  {
    auto file = CaptureFile::create(path, 1'000'000, report);
    ASSERT_TRUE(file);
    for (const Exchange& exchange : two_exchanges()) file->write(exchange);
    file->write(board);
  }
  std::ifstream in(path);
  const auto read = read_capture(in);
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->exchanges.size(), 3U);
  EXPECT_EQ(read->board, board);
  EXPECT_EQ(read->exchanges[0].request, two_exchanges()[0].request);
  EXPECT_EQ(read->exchanges[0].response, two_exchanges()[0].response);
  EXPECT_EQ(read->exchanges[2].time_s, 2.5);
}

TEST_F(CaptureFileTest, StopsAtItsLargestSize) {
  {
    auto file = CaptureFile::create(path, 1000, report);
    for (int i = 0; i < 1000; ++i) file->write(two_exchanges()[0]);
  }
  EXPECT_THAT(reported, ElementsAre(HasSubstr("largest size"))) << "said once";
  EXPECT_LT(std::filesystem::file_size(path), 1100U);
  std::ifstream in(path);
  EXPECT_TRUE(read_capture(in)) << "what is there must stay readable";
}

/// A file may not become larger than this while it lives: a disk that is full.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    ::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit now{.rlim_cur = bytes, .rlim_max = before_.rlim_max};
    EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &now), 0);
  }
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, SIG_DFL);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_{};
};

TEST_F(CaptureFileTest, SaysOnceThatTheDiskIsFullAndGoesOnWhenItIsNot) {
  auto file = CaptureFile::create(path, 1'000'000, report);
  ASSERT_TRUE(file);
  file->write(two_exchanges()[0]);
  {
    const FullDisk full(std::filesystem::file_size(path) + 20);
    for (int i = 0; i < 5; ++i) file->write(two_exchanges()[1]);
    EXPECT_THAT(reported, ElementsAre(HasSubstr("cannot be written: ")));
  }
  file->write(two_exchanges()[2]);
  EXPECT_THAT(reported, ElementsAre(HasSubstr("cannot be written: "), HasSubstr("goes on, 5 lines are missing")));
  std::ifstream in(path);
  const auto read = read_capture(in);
  ASSERT_TRUE(read) << read.error().message << ": half a line would spoil the rest";
  ASSERT_EQ(read->exchanges.size(), 2U);
  EXPECT_EQ(read->exchanges[1].time_s, two_exchanges()[2].time_s);
}

TEST_F(CaptureFileTest, SaysWhatItExpectedWhereItCannotBeMade) {
  const auto file = CaptureFile::create("/nope/x", 1000, report);
  ASSERT_FALSE(file);
  EXPECT_THAT(file.error().message, HasSubstr("expected a file to record into: /nope/x"));
  EXPECT_THAT(file.error().message, HasSubstr("No such file or directory"));
}

TEST(Capture, IsBounded) {
  std::ifstream endless("/dev/zero");
  const auto read = read_capture(endless);
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, HasSubstr("line 1: larger than any capture"));
  std::ifstream directory("/");
  EXPECT_FALSE(read_capture(directory));
}

TEST_F(CaptureFileTest, SaysWhatIsWrongWithALine) {
  for (const char* text :
       {"{", "[]", "{\"time_s\": 1}", R"({"time_s": 0, "request": "G0", "response": [], "response_time_s": []})",
        R"({"time_s": 0, "request": null, "response": ["00"], "response_time_s": []})"}) {
    std::istringstream in("\n" + std::string(text) + "\n");
    const auto read = read_capture(in);
    ASSERT_FALSE(read) << text;
    EXPECT_THAT(read.error().message, HasSubstr("line 2: expected"));
  }
}

TEST(ReplayLink, PlaysPiecesAtTheirTimesOnItsOwnClock) {
  std::vector<double> steps;
  ReplayLink line(two_exchanges(), [&steps](TimePoint now) {
    steps.push_back(std::chrono::duration<double>(now.time_since_epoch()).count());
  });
  asio::io_context loop{1};
  std::array<std::uint8_t, 16> buffer{};
  const std::vector<std::uint8_t> question = {0xDD, 0xA5};
  const auto read = [&](Clock::duration patience) { return run(loop, line.read(buffer, line.now() + patience)); };

  ASSERT_TRUE(run(loop, line.write(question)));
  EXPECT_EQ(read(1s), 2U);
  EXPECT_EQ(read(10ms), 0U);  // the next piece comes later than that
  EXPECT_EQ(read(1s), 1U);
  EXPECT_EQ(buffer[0], 3);
  EXPECT_EQ(read(200ms), 0U);
  ASSERT_TRUE(run(loop, line.write(question)));  // skips the exchange that asked something else
  EXPECT_EQ(read(1s), 1U);
  EXPECT_EQ(buffer[0], 4);
  EXPECT_THAT(steps, ElementsAre(0.5, 0.55, 0.56, 0.6, 0.8, 2.5, 2.75));
  EXPECT_FALSE(run(loop, line.write(question)));  // the capture has ended
  EXPECT_FALSE(run(loop, line.open()));
}

TEST(ReplayLink, DoesNotAnswerWhatItLacksAndPlaysTheRest) {
  ReplayLink line(two_exchanges(), [](TimePoint) {});
  asio::io_context loop{1};
  std::array<std::uint8_t, 16> buffer{};
  const std::vector<std::uint8_t> question = {0xDD, 0xA5}, unknown = {0x55};
  const auto read = [&](Clock::duration patience) { return run(loop, line.read(buffer, line.now() + patience)); };

  ASSERT_TRUE(run(loop, line.write(unknown)));
  EXPECT_EQ(read(100ms), 0U);
  ASSERT_TRUE(run(loop, line.write(question)));
  EXPECT_EQ(read(1s), 2U);
  ASSERT_TRUE(run(loop, line.write(unknown)));
  EXPECT_EQ(read(10ms), 0U) << "what has not come yet is not the answer";
  EXPECT_EQ(read(10s), 0U);
  EXPECT_FALSE(run(loop, line.write(unknown))) << "beyond the end nothing is waited for";
}

}  // namespace
}  // namespace bms::link
