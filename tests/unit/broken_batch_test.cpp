// A batch of a JBD board that ends at any byte: the board loses its power, the line dies, or the process is killed.
// Whatever is left open is known to whoever comes next, who leaves it before anything else; what has been reported as
// set is set; and nothing is carried out twice or late.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "console_bench.hpp"

namespace bms::console {
namespace {

using test::BoardKind;
using test::ConsoleBench;
using test::Killed;

const BoardKind kind{.name = "jbd", .family = "jbd"};
const std::vector<Setting> batch{{.name = "cell_overvoltage", .value = 3.6},
                                 {.name = "cell_overvoltage_release", .value = 3.4},
                                 {.name = "cell_undervoltage", .value = 2.6}};
constexpr unsigned registers[] = {0x24, 0x25, 0x26};

/// How a batch ends, at a byte on its way to the board or back.
enum class Death : std::uint8_t {
  power,      ///< of the board, which is back at once, and has forgotten what was not saved
  silence,    ///< nothing passes any more
  unplugged,  ///< the adapter is gone
  killed      ///< the process is
};

/// What is there after a batch that was broken.
struct Aftermath {
  std::optional<Answer> answer{};  ///< empty: there was nobody any more to give it
  nlohmann::json state{};
  bool noted = false;
};

using Words = std::map<unsigned, unsigned>;

Words words_in(const nlohmann::json& state, const char* which) {
  Words words;
  for (const auto& pair : state[which]) words[pair[0].get<unsigned>()] = pair[1].get<unsigned>();
  return words;
}

unsigned word_of(const Setting& setting) { return static_cast<unsigned>(std::lround(setting.value * 1000)); }

/// How often a register was written; with the words that came.
std::vector<std::string> writes_to(const nlohmann::json& state, unsigned number) {
  std::vector<std::string> frames;
  for (const auto& one : state["writes"])
    if (one["register"] == number) frames.push_back(one["frame"]);
  return frames;
}

class BrokenBatch : public testing::TestWithParam<Death> {
 protected:
  /// Runs the batch, which dies at byte `at` of it; 0: it does not.
  static Aftermath run(ConsoleBench& bench, Death death, std::size_t at) {
    std::size_t passed = 0;
    bench.line.crosses = [&, death, at] {
      ++bench.bytes;
      if (++passed < at || at == 0) return true;
      if (passed == at) strike(bench, death);
      return death == Death::power && passed > at;
    };
    Aftermath after;
    try {
      after.answer = bench.ask(Set{.settings = batch});
    } catch (const Killed&) {
      bench.forget();
    }
    after.state = bench.state();
    after.noted = bench.has_note();
    bench.repair();
    return after;
  }

  static void strike(ConsoleBench& bench, Death death) {
    switch (death) {
      case Death::power: return bench.lose_power();
      case Death::silence: return;
      case Death::unplugged: return bench.line.unplug();
      case Death::killed: throw Killed{};
    }
  }

  static std::size_t bytes_of_a_batch() {
    ConsoleBench bench(kind);
    bench.start();
    const std::size_t before = bench.bytes;
    const Aftermath after = run(bench, Death::silence, 0);
    EXPECT_TRUE(after.answer->ok());
    EXPECT_EQ(after.state["factory_count"]["saved"], 1);
    return bench.bytes - before;
  }
};

/// What was reported as set is there, what was reported as refused or not tried is not. Of the rest nobody knows.
void check_report(const Answer& answer, const Words& original, const Words& now) {
  for (std::size_t i = 0; i < answer.results.size(); ++i) {
    const Outcome& outcome = answer.results[i];
    const unsigned word = now.at(registers[i]);
    if (answer.refused) {
      EXPECT_EQ(word, original.at(registers[i])) << outcome.name;
    } else if (outcome.ok()) {
      EXPECT_EQ(word, word_of(batch[i])) << outcome.name << " was reported as set";
    } else if (outcome.error->kind == ErrorKind::status || outcome.error->kind == ErrorKind::rejected) {
      EXPECT_EQ(word, original.at(registers[i])) << outcome.name << ": " << outcome.error->message;
    } else {
      EXPECT_TRUE(word == word_of(batch[i]) || word == original.at(registers[i])) << outcome.name;
    }
  }
}

/// Nothing is changed of which nobody can tell what it was.
void check_undo(const ConsoleBench& bench, const Words& original, const Words& now) {
  if (original == now) return;
  std::size_t kept = 0;
  for (const auto& file : std::filesystem::directory_iterator(bench.directory()))
    kept += file.path().filename().string().starts_with("undo-") ? 1 : 0;
  EXPECT_EQ(kept, 1U);
}

TEST_P(BrokenBatch, LeavesNothingOpenThatNobodyKnowsOf) {
  const std::size_t bytes = bytes_of_a_batch();
  ASSERT_GT(bytes, 200U);
  for (std::size_t at = 1; at <= bytes; ++at) {
    SCOPED_TRACE(at);
    ConsoleBench bench(kind);
    bench.start();
    const Words original = words_in(bench.state(), "saved");
    const Aftermath after = run(bench, GetParam(), at);
    if (after.state["factory_mode"]) {
      EXPECT_TRUE(after.noted) << "in factory mode, and nobody knows";
    }
    check_undo(bench, original, words_in(after.state, "registers"));
    bench.start();
    bench.ask(Identify{});
    const nlohmann::json state = bench.state();
    EXPECT_FALSE(state["factory_mode"]);
    EXPECT_FALSE(bench.has_note());
    EXPECT_LE(state["factory_count"]["saved"], 1);
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const auto orders = writes_to(state, registers[i]);
      EXPECT_EQ(orders, writes_to(after.state, registers[i])) << "nothing comes late";
      EXPECT_EQ(std::set(orders.begin(), orders.end()).size(), orders.empty() ? 0U : 1U);
    }
    if (HasFailure()) return;
  }
}

// A board that loses its power after the last look and before it saves acknowledges all the same: of that nobody hears.
TEST_P(BrokenBatch, SaysOfNothingThatItIsSetThatIsNot) {
  if (GetParam() == Death::killed) GTEST_SKIP() << "nobody is left to say it";
  const std::size_t bytes = bytes_of_a_batch();
  constexpr std::size_t saving = 9 + 7;  // the question and its answer
  std::size_t unnoticed = 0;
  for (std::size_t at = 1; at <= bytes; ++at) {
    SCOPED_TRACE(at);
    ConsoleBench bench(kind);
    bench.start();
    const Words original = words_in(bench.state(), "saved");
    const Aftermath after = run(bench, GetParam(), at);
    ASSERT_TRUE(after.answer);
    bench.start();
    bench.ask(Identify{});
    // A line that is dead keeps a board from saving; the next start leaves without. What is said then is "unconfirmed".
    const Words now = words_in(bench.state(), GetParam() == Death::power ? "saved" : "registers");
    const bool in_the_gap = GetParam() == Death::power && at + saving > bytes;
    if (in_the_gap && after.answer->ok() && now == original) {
      ++unnoticed;
      continue;
    }
    check_report(*after.answer, original, now);
    if (HasFailure()) return;
  }
  EXPECT_LE(unnoticed, saving);
}

std::string name_of(const testing::TestParamInfo<Death>& instance) {
  switch (instance.param) {
    case Death::power: return "PowerLost";
    case Death::silence: return "LineSilent";
    case Death::unplugged: return "Unplugged";
    case Death::killed: return "Killed";
  }
  return "";
}

INSTANTIATE_TEST_SUITE_P(All, BrokenBatch,
                         testing::Values(Death::power, Death::silence, Death::unplugged, Death::killed), name_of);

}  // namespace
}  // namespace bms::console
