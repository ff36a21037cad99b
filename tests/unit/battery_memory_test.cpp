// What outlives a restart: two copies of one small file, and what may happen to them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "driver/battery_memory.hpp"
#include "driver/save_schedule.hpp"

namespace bms::driver {
namespace {

using files::Lasting;

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::HasSubstr;

const WallTime noon = WallTime{} + std::chrono::seconds(1'795'000'000);

/// Gives every kept member a value of its own inside its range.
template <class T>
void fill(T& value, std::span<const KeptField<T>> fields, double share) {
  for (const KeptField<T>& field : fields) {
    const double number = field.min + (field.max - field.min) * share;
    if (const auto* flag = std::get_if<bool T::*>(&field.place)) {
      value.** flag = share > 0.5;
    } else if (const auto* plain = std::get_if<double T::*>(&field.place)) {
      value.** plain = number;
    } else {
      value.*std::get<std::optional<double> T::*>(field.place) = number;
    }
  }
}

Remembered example(double share) {
  Remembered what;
  fill(what.charge, charge::kept_fields(), share);
  fill(what.battery, battery::kept_fields(), share);
  return what;
}

template <class T>
void expect_equal(const T& a, const T& b, std::span<const KeptField<T>> fields) {
  for (const KeptField<T>& field : fields) {
    std::visit([&](auto place) { EXPECT_EQ(a.*place, b.*place) << field.name; }, field.place);
  }
}

void expect_equal(const Remembered& a, const Remembered& b) {
  expect_equal(a.charge, b.charge, charge::kept_fields());
  expect_equal(a.battery, b.battery, battery::kept_fields());
}

class BatteryMemoryTest : public testing::Test {
 protected:
  BatteryMemoryTest() {
    std::string pattern = (fs::temp_directory_path() / "battery-memory-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
  }
  ~BatteryMemoryTest() override { fs::remove_all(directory_); }

  [[nodiscard]] std::string lasting() const { return battery_file(directory_ / "data", "jbd_1"); }
  [[nodiscard]] std::string in_memory() const { return battery_file(directory_ / "run", "jbd_1"); }
  [[nodiscard]] BatteryMemory memory() const { return {lasting(), in_memory()}; }

  void spoil(const std::string& member, const nlohmann::json& value) const {
    std::ifstream in(lasting());
    nlohmann::json stored = nlohmann::json::parse(in);
    stored[nlohmann::json::json_pointer(member)] = value;
    std::ofstream(lasting()) << stored;
  }

  fs::path directory_;
};

TEST_F(BatteryMemoryTest, GivesBackEveryMember) {
  for (const double share : {0.0, 0.3, 1.0}) {
    ASSERT_TRUE(memory().save(example(share), Lasting::yes, noon));
    const auto recalled = memory().recall(noon + 90s);
    ASSERT_TRUE(recalled);
    expect_equal(recalled->what, example(share));
    EXPECT_EQ(recalled->down_s, 90);
  }
}

TEST_F(BatteryMemoryTest, BeginsAsNewWithoutAFile) {
  BatteryMemory nothing = memory();
  EXPECT_FALSE(nothing.recall(noon));
  EXPECT_EQ(nothing.problem(), "");
  BatteryMemory nowhere("", "");
  EXPECT_TRUE(nowhere.save(example(0.5), Lasting::yes, noon));
  EXPECT_FALSE(nowhere.recall(noon));
}

TEST_F(BatteryMemoryTest, TheNewerCopyWins) {
  BatteryMemory writer = memory();
  ASSERT_TRUE(writer.save(example(0.1), Lasting::yes, noon));
  ASSERT_TRUE(writer.save(example(0.2), Lasting::no, noon));
  expect_equal(memory().recall(noon)->what, example(0.2));
  ASSERT_TRUE(writer.save(example(0.3), Lasting::yes, noon));
  expect_equal(memory().recall(noon)->what, example(0.3));
}

TEST_F(BatteryMemoryTest, ACopyInMemoryOfAnotherFileCountsForNothing) {
  ASSERT_TRUE(memory().save(example(0.1), Lasting::yes, noon));
  const std::string other = battery_file(directory_ / "other", "jbd_1");
  BatteryMemory stranger(other, in_memory());
  ASSERT_TRUE(stranger.save(example(0.5), Lasting::yes, noon));
  ASSERT_TRUE(stranger.save(example(0.9), Lasting::no, noon));
  expect_equal(memory().recall(noon)->what, example(0.1));
}

TEST_F(BatteryMemoryTest, WithoutABelievableClockNobodyKnowsHowLongItWas) {
  ASSERT_TRUE(memory().save(example(0.1), Lasting::yes, WallTime{} + 60s));
  EXPECT_EQ(memory().recall(noon)->down_s, std::nullopt);
  ASSERT_TRUE(memory().save(example(0.1), Lasting::yes, noon));
  EXPECT_EQ(memory().recall(noon - 10s)->down_s, std::nullopt) << "the clock went back";
}

TEST_F(BatteryMemoryTest, corrupt_state_file) {
  const std::string contents[] = {"", "{", "null", "[1]", "{\"format\":1}", std::string(100, '\0')};
  for (const std::string& content : contents) {
    fs::create_directories(fs::path(lasting()).parent_path());
    std::ofstream(lasting()) << content;
    BatteryMemory reader = memory();
    EXPECT_FALSE(reader.recall(noon)) << content;
    EXPECT_THAT(reader.problem(), HasSubstr("kept as " + lasting() + ".corrupt"));
    EXPECT_FALSE(fs::exists(lasting()));
  }
  EXPECT_TRUE(fs::exists(lasting() + ".corrupt.2")) << "each is kept";
}

TEST_F(BatteryMemoryTest, AValueThatNobodyWroteMakesTheFileCorrupt) {
  const auto& field = battery::kept_fields().front();
  const std::string member = "/battery/" + std::string(field.name);
  const nlohmann::json values[] = {"text", field.max * 2 + 1, nlohmann::json::array()};
  for (const nlohmann::json& value : values) {
    ASSERT_TRUE(memory().save(example(0.5), Lasting::yes, noon));
    spoil(member, value);
    BatteryMemory reader = memory();
    EXPECT_FALSE(reader.recall(noon)) << value;
    EXPECT_NE(reader.problem(), "");
  }
}

TEST_F(BatteryMemoryTest, AFileOfALaterVersionIsKeptAside) {
  ASSERT_TRUE(memory().save(example(0.5), Lasting::yes, noon));
  spoil("/format", 2);
  BatteryMemory reader = memory();
  EXPECT_FALSE(reader.recall(noon));
  EXPECT_THAT(reader.problem(), HasSubstr("later version"));
  EXPECT_TRUE(fs::exists(lasting() + ".newer"));
}

TEST_F(BatteryMemoryTest, MembersThatCameLaterKeepTheirInitialValue) {
  ASSERT_TRUE(memory().save(example(0.5), Lasting::yes, noon));
  spoil("/battery", nlohmann::json::object());
  const auto recalled = memory().recall(noon);
  ASSERT_TRUE(recalled);
  expect_equal(recalled->what.battery, battery::Kept{}, battery::kept_fields());
  expect_equal(recalled->what.charge, example(0.5).charge, charge::kept_fields());
}

// Whenever the process dies, what is found is one of the states that were saved, whole, and not an older one than the
// last whose save had returned.
TEST_F(BatteryMemoryTest, SurvivesBeingKilledWhileSaving) {
  std::mt19937 random(1);
  constexpr int rounds = 60;
  constexpr int states = 1000;
  for (int round = 0; round < rounds; ++round) {
    int done[2];
    ASSERT_EQ(pipe(done), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      BatteryMemory writer = memory();
      for (int state = 0;; state = (state + 1) % states) {
        (void)writer.save(example(static_cast<double>(state) / states), state % 2 == 0 ? Lasting::yes : Lasting::no,
                          noon + std::chrono::seconds(state));
        if (write(done[1], &state, sizeof state) != sizeof state) _exit(0);
      }
    }
    close(done[1]);
    int state = -1;
    const auto saves = 2 + random() % 20;
    for (auto left = saves; left > 0; --left) ASSERT_EQ(read(done[0], &state, sizeof state), ssize_t{sizeof state});
    kill(child, SIGKILL);
    while (read(done[0], &state, sizeof state) == ssize_t{sizeof state}) continue;
    close(done[0]);
    ASSERT_EQ(waitpid(child, nullptr, 0), child);

    BatteryMemory reader = memory();
    const auto recalled = reader.recall(noon + 1h);
    ASSERT_TRUE(recalled) << reader.problem();
    EXPECT_EQ(reader.problem(), "");
    const auto field = std::ranges::find_if(battery::kept_fields(), [](const auto& kept) {
      return std::holds_alternative<double battery::Kept::*>(kept.place);
    });
    const double first = recalled->what.battery.*std::get<double battery::Kept::*>(field->place);
    const double found = (first - field->min) / (field->max - field->min) * states;
    EXPECT_GE(found, state - 0.5) << "what was saved is lost";
    expect_equal(recalled->what, example(std::round(found) / states));
  }
}

TEST(SaveSchedule, SavesTheFirstReadingAndThenSparesTheFlash) {
  SaveSchedule schedule;
  TimePoint now = TimePoint{} + 1h;
  EXPECT_EQ(schedule.due(50, false, now), Lasting::yes);
  EXPECT_EQ(schedule.due(50, false, now += 1s), std::nullopt);
  EXPECT_EQ(schedule.due(50, true, now += 1s), std::nullopt) << "not twice in a minute";
  EXPECT_EQ(schedule.due(50, false, now += 28s), Lasting::no);
  EXPECT_EQ(schedule.due(50, false, now += 30s), Lasting::yes) << "the state has changed since";
  EXPECT_EQ(schedule.due(52.5, false, now += 60s), Lasting::yes);
  EXPECT_EQ(schedule.due(52.6, false, now += 60s), Lasting::no);
}

TEST(SaveSchedule, save_rate_bounded) {
  SaveSchedule schedule;
  const TimePoint begin = TimePoint{} + 1h;
  int lasting = 0;
  int in_memory = 0;
  TimePoint saved_at = begin;
  Clock::duration longest{};
  for (int second = 0; second < 86'400; ++second) {
    // Two full cycles, in four ramps, and a state that changes more often than it ever should.
    const double phase = std::fmod(second / 43'200.0, 1.0);
    const double soc_pct = 100 * (phase < 0.5 ? 1 - 2 * phase : 2 * phase - 1);
    const TimePoint now = begin + std::chrono::seconds(second);
    const auto due = schedule.due(soc_pct, second % 3600 == 0, now);
    if (!due) continue;
    ++(*due == Lasting::yes ? lasting : in_memory);
    longest = std::max(longest, now - saved_at);
    saved_at = now;
  }
  EXPECT_LE(lasting, 400);
  EXPECT_GE(lasting, 144);
  EXPECT_LE(longest, 60s) << "kill -9 loses a minute at most";
  EXPECT_GT(in_memory, 1000);
}

}  // namespace
}  // namespace bms::driver
