// Every parameter of every board that can be simulated, through the console: read, set to both ends of its range and
// looked at in the board itself, refused beyond them before a byte goes out; and boards that do not do as they are
// told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "cli/console/exits.hpp"
#include "console_boards.hpp"
#include "sim/wire.hpp"

namespace bms::console {
namespace {

using test::board_rows;
using test::BoardRow;
using test::ConsoleBench;
using test::range_of;
using test::step_of;
using testing::ElementsAreArray;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::string> names_of_failed(const Answer& answer) {
  std::vector<std::string> names;
  for (const Outcome& outcome : answer.results)
    if (!outcome.ok()) names.push_back(outcome.name);
  return names;
}

using Held = std::map<std::string, double>;

/// Where two looks at the memory of a board differ.
std::set<std::string> differences(const Held& one, const Held& other) {
  std::set<std::string> places;
  for (const auto& [place, value] : one)
    if (std::abs(other.at(place) - value) > 1e-6 * std::abs(value)) places.insert(place);  // some keep single precision
  return places;
}

class ConsoleBoards : public testing::TestWithParam<BoardRow> {
 protected:
  void SetUp() override {
    bench_.with_relations = false;  // both ends of all ranges contradict each other
    bench_.start();
  }

  [[nodiscard]] bool has(const Parameter& parameter) const {
    return std::ranges::find(row_.lacks, parameter.name) == row_.lacks.end();
  }

  double now(const std::string& name) { return std::get<double>(bench_.get({name}).results.front().after.value()); }

  /// What the board's memory holds once this is set.
  Held set_to(const std::string& name, double value) {
    const Answer answer = bench_.set(name, value);
    EXPECT_TRUE(answer.ok()) << value << ": " << (answer.refused ? answer.refused->message : "")
                             << (answer.results.front().error ? answer.results.front().error->message : "");
    if (answer.ok()) {
      EXPECT_NEAR(std::get<double>(*answer.results.front().after), value, 1e-6 * std::max(1.0, std::abs(value)));
    }
    return bench_.held();
  }

  void try_ends(const Parameter& parameter, const Range& range);
  void refuse(const std::string& name, double value);

  BoardRow row_ = GetParam();
  ConsoleBench bench_{row_.kind};
};

TEST_P(ConsoleBoards, EveryParameterIsRead) {
  const Answer answer = bench_.get(bench_.names());
  if (bench_.names().empty()) return;
  EXPECT_FALSE(answer.refused);
  ASSERT_THAT(answer.results, SizeIs(bench_.names().size()));
  EXPECT_THAT(names_of_failed(answer), ElementsAreArray(row_.lacks));
  for (const Parameter* one : bench_.parameters()) {
    const auto& outcome = *std::ranges::find(answer.results, one->name, &Outcome::name);
    if (!outcome.ok() || one->name == "sleep") continue;  // which is a text where a board never sleeps
    EXPECT_EQ(std::holds_alternative<double>(*outcome.after), is_number(one->kind)) << one->name;
  }
  EXPECT_FALSE(bench_.has_note());
}

void ConsoleBoards::try_ends(const Parameter& parameter, const Range& range) {
  const std::string name(parameter.name);
  const Held before = bench_.held();
  const double original = now(name);
  std::set<std::string> places;
  for (const double end : {range.min, range.max}) {
    const Held after = set_to(name, end);
    const std::set<std::string> changed = differences(before, after);
    places.insert(changed.begin(), changed.end());
    if (const auto by_name = after.find(name); by_name != after.end()) {
      EXPECT_NEAR(by_name->second, end, 1e-6 * std::max(1.0, std::abs(end))) << "in the board itself";
    } else if (changed.size() == 1) {
      // Boards that keep counts have moved by as many as there are steps in between.
      const std::string& place = *changed.begin();
      const auto steps = std::llround((end - original) / step_of(parameter, row_));
      const auto counts = std::llround(after.at(place) - before.at(place));
      EXPECT_EQ((counts - steps) % 65536, 0) << counts << " counts, " << steps << " steps";
    }
  }
  EXPECT_THAT(places, SizeIs(1)) << "no neighbour is touched";
  EXPECT_THAT(differences(before, set_to(name, original)), IsEmpty()) << "and back again";
}

TEST_P(ConsoleBoards, EveryParameterIsSetToBothEndsOfItsRange) {
  for (const Parameter* one : bench_.parameters()) {
    const auto range = range_of(*one, row_);
    if (!range || !has(*one)) continue;
    SCOPED_TRACE(one->name);
    try_ends(*one, *range);
  }
  const nlohmann::json state = bench_.state();
  if (!state.contains("factory_mode")) return;
  EXPECT_FALSE(state["factory_mode"]);
  EXPECT_FALSE(bench_.has_note());
  EXPECT_EQ(state["saved"], state["registers"]);
}

void ConsoleBoards::refuse(const std::string& name, double value) {
  const std::size_t before = bench_.bytes;
  const Answer answer = bench_.set(name, value);
  ASSERT_TRUE(answer.refused) << value;
  EXPECT_EQ(answer.refused->kind, ErrorKind::rejected) << value;
  EXPECT_EQ(cli::exit_of(answer), ExitCode::configuration) << value;
  EXPECT_EQ(bench_.bytes, before) << value << ": something was sent";
}

TEST_P(ConsoleBoards, WhatIsOutsideIsRefusedBeforeAByteGoesOut) {
  for (const Parameter* one : bench_.parameters()) {
    SCOPED_TRACE(one->name);
    const std::string name(one->name);
    if (const auto range = range_of(*one, row_)) {
      const double step = step_of(*one, row_);
      for (const double value : {range->min - step, range->max + step, -std::numeric_limits<double>::infinity(),
                                 std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()})
        refuse(name, value);
      if (is_whole(one->kind)) refuse(name, range->min + 0.5);
    } else {
      refuse(name, one->range ? one->range->min : 1);
    }
  }
}

/// What else is right in a request does not go out either.
TEST_P(ConsoleBoards, OneValueOutsideRefusesAllOfThem) {
  const ParameterList all = bench_.parameters();
  const auto usable = [&](const Parameter* one) { return has(*one) && range_of(*one, row_).has_value(); };
  const auto first = std::ranges::find_if(all, usable);
  if (first == all.end()) return;
  for (const Parameter* one : all) {
    const auto range = range_of(*one, row_);
    if (!range || one == *first) continue;
    const std::size_t before = bench_.bytes;
    const Answer answer =
        bench_.ask(Set{.settings = {{.name = std::string((*first)->name), .value = range_of(**first, row_)->max},
                                    {.name = std::string(one->name), .value = range->max + step_of(*one, row_)}}});
    EXPECT_TRUE(answer.refused) << one->name;
    EXPECT_EQ(bench_.bytes, before) << one->name;
  }
}

INSTANTIATE_TEST_SUITE_P(All, ConsoleBoards, testing::ValuesIn(board_rows()),
                         [](const auto& instance) { return instance.param.kind.name; });

// ---- Boards that do not do as they are told ----

using Frame = std::vector<std::uint8_t>;

/// How questions of a board are told from each other, and how it refuses.
struct Wiring {
  const char* name;
  bool (*writes)(Bytes question);
  std::optional<Frame> (*refusal)(Bytes question);
};

Frame jbd_refusal(Bytes question) {
  const std::uint8_t sum = 0x80;
  return {0xDD, question[2], sum, 0x00, 0xFF, static_cast<std::uint8_t>(0x100 - sum), 0x77};
}

Frame rec_refusal(Bytes question) {
  Frame covered{0, question[1], 6, 'E', 'R', 'R', 'O', 'R', '1'};
  const unsigned sum = sim::crc16(covered, 0);
  Frame frame{0x55};
  frame.insert(frame.end(), covered.begin(), covered.end());
  sim::put(frame, sum);
  frame.push_back(0xAA);
  return frame;
}

// How a new ANT board refuses was never recorded.
const std::map<std::string, Wiring> wirings{
    {"jbd",
     {"jbd", [](Bytes q) { return q[1] == 0x5A && q[2] > 1; }, [](Bytes q) { return std::optional(jbd_refusal(q)); }}},
    {"ant", {"ant", [](Bytes q) { return q[2] == 0x22; }, [](Bytes) { return std::optional<Frame>(); }}},
    {"ant_old",
     {"ant_old", [](Bytes q) { return q[0] == 0xA5 && q[2] < 0xF0; },
      [](Bytes) { return std::optional(Frame{0xA5, 0xA5, 0xF5, 0x00, 0x01, 0xF6}); }}},
    {"rec_1q",
     {"rec_1q", [](Bytes q) { return q.size() > 9 && q[8] == ' '; },
      [](Bytes q) { return std::optional(rec_refusal(q)); }}},
};

/// For each kind of value, a parameter of the board that can be set.
ParameterList one_of_each_kind(const ConsoleBench& bench, const BoardRow& row) {
  ParameterList some;
  for (const Parameter* one : bench.parameters())
    if (range_of(*one, row) && std::ranges::find(some, one->kind, &Parameter::kind) == some.end()) some.push_back(one);
  return some;
}

class DisobedientBoards : public testing::TestWithParam<std::string> {
 protected:
  static BoardRow row() {
    const auto all = board_rows();
    return *std::ranges::find_if(all, [](const BoardRow& one) { return one.kind.name == GetParam(); });
  }

  /// Sets each kind of parameter on a board of its own, with a fault, and hands over what came of it.
  void each(const std::function<void(ConsoleBench&)>& fault,
            const std::function<void(ConsoleBench&, const Outcome&, bool changed)>& look) {
    ConsoleBench model(row_.kind);
    for (const Parameter* one : one_of_each_kind(model, row_)) {
      SCOPED_TRACE(one->name);
      ConsoleBench bench(row_.kind);
      bench.with_relations = false;
      bench.start();
      const Held before = bench.held();
      const double now = std::get<double>(*bench.get({std::string(one->name)}).results.front().after);
      const Range range = *range_of(*one, row_);
      fault(bench);
      const Answer answer = bench.set(std::string(one->name), now == range.max ? range.min : range.max);
      ASSERT_THAT(answer.results, SizeIs(1));
      look(bench, answer.results.front(), !differences(before, bench.held()).empty());
      bench.repair();
      bench.start();
      EXPECT_FALSE(bench.has_note());
      EXPECT_FALSE(bench.state().value("factory_mode", false));
    }
  }

  BoardRow row_ = row();
  const Wiring& wiring_ = wirings.at(GetParam());
};

TEST_P(DisobedientBoards, ARefusalIsReportedAsOne) {
  const auto refuse = [this](ConsoleBench& bench) {
    bench.line.instead = [this](Bytes question) -> std::optional<Frame> {
      return wiring_.writes(question) ? wiring_.refusal(question) : std::nullopt;
    };
  };
  if (GetParam() == "ant") GTEST_SKIP() << "nobody knows how it refuses";
  each(refuse, [](ConsoleBench&, const Outcome& outcome, bool changed) {
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(outcome.error->kind, ErrorKind::status) << outcome.error->message;
    EXPECT_FALSE(changed);
  });
}

TEST_P(DisobedientBoards, WhatIsAcknowledgedAndNotDoneIsNoSuccess) {
  std::optional<test::SimulatedBoard> obedient;  // whose acknowledgements come instead
  const auto ignore = [&](ConsoleBench& bench) {
    obedient.emplace(row_.kind.family, row_.kind.options, sim::PackOptions{.cells = row_.kind.cells, .drift = false});
    bench.line.instead = [&](Bytes question) -> std::optional<Frame> {
      std::optional<Frame> answer;
      obedient->board().line_idle();
      for (const std::uint8_t byte : question)
        if (auto whole = obedient->board().receive(byte)) answer = std::move(whole->bytes);
      return wiring_.writes(question) ? answer : std::nullopt;
    };
  };
  each(ignore, [](ConsoleBench&, const Outcome& outcome, bool changed) {
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(outcome.error->kind, ErrorKind::unverified) << outcome.error->message;
    EXPECT_FALSE(changed);
  });
}

TEST_P(DisobedientBoards, AWriteThatIsNotHeardIsNoSuccess) {
  const auto lose = [this](ConsoleBench& bench) {
    bench.line.instead = [this](Bytes question) -> std::optional<Frame> {
      return wiring_.writes(question) ? std::optional(Frame{}) : std::nullopt;
    };
  };
  each(lose, [](ConsoleBench&, const Outcome& outcome, bool changed) {
    ASSERT_FALSE(outcome.ok());
    EXPECT_FALSE(changed);
  });
}

TEST_P(DisobedientBoards, ALostAcknowledgementProvesNothingAndReadingBackDecides) {
  bool write = false;
  const auto lose = [&](ConsoleBench& bench) {
    bench.line.instead = [&](Bytes question) -> std::optional<Frame> {
      write = wiring_.writes(question);
      return std::nullopt;
    };
    bench.line.damage = [&](Frame& answer) {
      if (write) answer.clear();
    };
  };
  each(lose, [](ConsoleBench&, const Outcome& outcome, bool changed) {
    if (outcome.ok()) {
      EXPECT_TRUE(changed);
      return;
    }
    const ErrorKind kind = outcome.error->kind;
    EXPECT_TRUE(kind != ErrorKind::status && kind != ErrorKind::rejected) << outcome.error->message;
  });
}

/// From the write on nothing is heard any more.
TEST_P(DisobedientBoards, ABoardThatFallsSilentIsNotSaidToHaveBeenSet) {
  bool silent = false;
  const auto fall_silent = [&](ConsoleBench& bench) {
    silent = false;
    bench.line.instead = [&](Bytes question) -> std::optional<Frame> {
      silent = silent || wiring_.writes(question);
      return silent ? std::optional(Frame{}) : std::nullopt;
    };
  };
  each(fall_silent, [](ConsoleBench& bench, const Outcome& outcome, bool changed) {
    ASSERT_FALSE(outcome.ok());
    EXPECT_FALSE(changed);
    EXPECT_EQ(bench.has_note(), bench.state().value("factory_mode", false)) << "a board that is left open is noted";
  });
}

INSTANTIATE_TEST_SUITE_P(All, DisobedientBoards, testing::Values("jbd", "ant", "ant_old", "rec_1q"),
                         [](const auto& instance) { return instance.param; });

}  // namespace
}  // namespace bms::console
