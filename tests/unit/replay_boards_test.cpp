// Recordings of several boards on one line: who is in them, and each played for itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "bms/hex.hpp"
#include "driver/captured_boards.hpp"
#include "driver/replay.hpp"
#include "jbd/jbd_frame.hpp"
#include "jbd/jbd_up_frame.hpp"
#include "jbd_up_wire.hpp"
#include "jbd_wire.hpp"
#include "registry.hpp"

namespace bms::driver {
namespace {

using jbd_up_test::ByteVector;
using jbd_up_test::Pack;
using testing::ElementsAre;
using testing::HasSubstr;

/// What passes a line with three packs of the UP series, of which the second one never answers.
struct Recorded {
  std::vector<std::string> lines;
  double time_s = 0;

  void exchange(const ByteVector& request, const ByteVector& response) {
    nlohmann::json line{{"time_s", time_s}, {"request", to_hex(request)}};
    line["response"] = response.empty() ? nlohmann::json::array() : nlohmann::json::array({to_hex(response)});
    line["response_time_s"] = response.empty() ? nlohmann::json::array() : nlohmann::json::array({time_s + 0.2});
    lines.push_back(line.dump());
    time_s += 0.3;
  }

  void rounds(int count) {
    for (int round = 0; round < count; ++round) {
      for (unsigned address = 1; address <= 3; ++address) {
        Pack pack;
        pack.address = address;
        pack.status.current = 300000 + 100 * address;
        pack.silent = address == 2;
        const auto question = jbd::up::read_request(static_cast<std::uint8_t>(address), jbd::up::blocks::pack_status);
        const ByteVector request(question.begin(), question.end());
        exchange(request, pack.answer(request));
      }
    }
  }

  void note(const std::string& dialect, unsigned address) {
    lines.insert(lines.begin(), nlohmann::json{{"note", "the board that answers"},
                                               {"bms", "jbd"},
                                               {"dialect", dialect},
                                               {"baud", 9600},
                                               {"address", address}}
                                    .dump());
  }

  [[nodiscard]] std::string text() const {
    std::string all;
    for (const std::string& line : lines) all += line + "\n";
    return all;
  }

  [[nodiscard]] std::vector<std::string> boards() const {
    std::istringstream in(text());
    std::vector<std::string> found;
    for (const line::Candidate& one : captured_boards(link::read_capture(in).value(), *find_family("jbd")))
      found.push_back(std::string(one.options.variant.dialect) + " " + std::to_string(one.options.variant.address));
    return found;
  }
};

TEST(CapturedBoards, AreThoseThatAnswered) {
  Recorded recorded;
  recorded.rounds(3);
  EXPECT_THAT(recorded.boards(), ElementsAre("up 1", "up 3"));
  recorded.note("up", 1);
  EXPECT_THAT(recorded.boards(), ElementsAre("up 1", "up 3"));
}

TEST(CapturedBoards, SpeakTheDialectInWhichMostWasSaid) {
  Recorded recorded;
  jbd_test::WireBoard plain;  // as a board of both is met by a search
  const auto question = jbd::read_request(0x03);
  const ByteVector request(question.begin(), question.end());
  recorded.exchange(request, plain.answer(request));
  EXPECT_THAT(recorded.boards(), ElementsAre(" 0"));
  recorded.rounds(2);
  EXPECT_THAT(recorded.boards(), ElementsAre("up 1", "up 3"));
  recorded.note("", 0);
  EXPECT_THAT(recorded.boards(), ElementsAre(" 0")) << "the driver knew";
}

TEST(CapturedBoards, AreTheOneThatIsNotedWhereNobodyAnswers) {
  Recorded recorded;
  recorded.note("addressed", 7);
  EXPECT_THAT(recorded.boards(), ElementsAre("addressed 7"));
  recorded.lines.clear();
  EXPECT_THAT(recorded.boards(), ElementsAre(" 0"));
}

struct Played {
  ExitCode code;
  std::string out, problems;
};

Played play(const std::string& capture, const ReplayOptions& options) {
  std::istringstream in(capture);
  std::ostringstream out;
  std::ostringstream problems;
  const ExitCode code = replay(in, out, problems, options, {});
  return {.code = code, .out = out.str(), .problems = problems.str()};
}

TEST(ReplayOfALine, PlaysEachOfItsBoards) {
  Recorded recorded;
  recorded.rounds(5);
  const Played played = play(recorded.text(), {.bms = "jbd"});
  EXPECT_EQ(played.code, ExitCode::stopped) << played.problems;
  std::istringstream lines(played.out);
  std::map<unsigned, double> currents;
  for (std::string text; std::getline(lines, text);) {
    const nlohmann::json line = nlohmann::json::parse(text);
    currents[line.at("address").get<unsigned>()] = line.at("items").at("/Dc/0/Current").get<double>();
  }
  EXPECT_EQ(currents, (std::map<unsigned, double>{{1, 1}, {3, 3}}));
}

TEST(ReplayOfALine, PlaysTheOneThatIsMeant) {
  Recorded recorded;
  recorded.rounds(5);
  const Played played = play(recorded.text(), {.bms = "jbd", .address = 3, .table = true});
  EXPECT_EQ(played.code, ExitCode::stopped);
  EXPECT_TRUE(played.out.starts_with("address 3\n")) << played.out;
  EXPECT_THAT(played.out, testing::Not(HasSubstr("address 1")));
  const Played nobody = play(recorded.text(), {.bms = "jbd", .address = 2});
  EXPECT_EQ(nobody.code, ExitCode::configuration);
  EXPECT_EQ(nobody.problems, "nobody answers at address 2; the capture is of 1, 3\n");
}

}  // namespace
}  // namespace bms::driver
