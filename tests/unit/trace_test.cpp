// A trace as it is shown: frames put together from pieces, with what they ask, mean, and hide.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "bms/hex.hpp"
#include "cli/console/trace.hpp"
#include "cli/console/trace_text.hpp"
#include "cli/decode.hpp"
#include "link/capture.hpp"
#include "registry.hpp"
#include "tests/unit/console_way.hpp"

namespace bms::cli {
namespace {

using console::TraceNews;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

KeptTraffic piece(int ms, bool sent, const char* hex) {
  return {.at = TimePoint(std::chrono::milliseconds(ms)), .sent = sent, .bytes = from_hex(hex).value()};
}
KeptTraffic asked(int ms, const char* hex) { return piece(ms, true, hex); }
KeptTraffic came(int ms, const char* hex) { return piece(ms, false, hex); }

/// Lines of a trace that began at 1 s.
std::vector<std::string> lines(const char* family, const std::vector<KeptTraffic>& pieces, bool parts = false) {
  std::vector<std::string> all;
  TraceFrames frames(family == nullptr ? nullptr : find_family(family), [&](const TraceFrame& frame) {
    std::string text = line_of(frame, TimePoint(std::chrono::seconds(1)));
    if (parts) text += "\n" + lines_of_parts(frame);
    all.push_back(text);
  });
  for (const KeptTraffic& one : pieces) frames.take(one);
  frames.end();
  return all;
}

constexpr const char* ask_cells = "DDA50400FFFC77";
constexpr const char* cells = "DD0400040CE40CE4FE1C77";

TEST(Trace, ShowsQuestionAndAnswerWithTimeDirectionAndMeaning) {
  EXPECT_THAT(lines("jbd", {asked(1412, ask_cells), came(1455, cells)}),
              ElementsAre("+0.412 s → DD A5 04 00 FF FC 77  read register 0x04 (cell voltages)",
                          "+0.455 s ← DD 04 00 04 0C E4 0C E4 FE 1C 77  cells_v [3.3,3.3]"));
}

TEST(Trace, PutsPiecesTogether) {
  const auto whole = lines("jbd", {asked(1412, ask_cells), came(1455, cells)});
  EXPECT_EQ(
      lines("jbd", {asked(1412, ask_cells), came(1455, "DD04"), came(1456, "00040CE40C"), came(1459, "E4FE1C77")}),
      whole);
}

TEST(Trace, ShowsWhatWasBeforeWithAMinus) {
  EXPECT_THAT(lines("jbd", {asked(500, ask_cells), came(600, cells)}),
              ElementsAre(HasSubstr("-0.500 s →"), HasSubstr("-0.400 s ←")));
}

TEST(Trace, SaysThatNobodyAnsweredAndWhatIsWrongWithAnAnswer) {
  EXPECT_THAT(lines("jbd", {asked(1000, ask_cells), asked(1900, ask_cells), came(2000, "DD0400040CE40CE4FE1D77"),
                            asked(2500, ask_cells), came(2600, "DD0400"), asked(3000, ask_cells),
                            came(3100, "DD048000FF8077")}),
              ElementsAre(HasSubstr("→"), "+0.900 s   no answer", HasSubstr("→"), HasSubstr("checksum"), HasSubstr("→"),
                          HasSubstr("did not end"), HasSubstr("→"), HasSubstr("0x80")));
}

TEST(Trace, ExplainsEachPart) {
  const auto shown = lines("rec", {asked(1000, "5501000543454C4C3F5D24AA")}, true);
  ASSERT_THAT(shown, SizeIs(1));
  EXPECT_EQ(shown[0],
            "+0.000 s → 55 01 00 05 43 45 4C 4C 3F 5D 24 AA  read CELL?\n"
            "      0        start     55\n"
            "      1-2      address   01 00\n"
            "      3        length    05\n"
            "      4-8      payload   43 45 4C 4C 3F  \"CELL?\"\n"
            "      9-10     checksum  5D 24  received 5D24, computed 5D24\n"
            "      11       end       AA\n");
  const auto damaged = lines("jbd", {asked(1000, ask_cells), came(1100, "DD0400040CE40CE4FE1D77")}, true);
  EXPECT_THAT(damaged[1], HasSubstr("received FE1D, computed FE1C: wrong"));
  const auto sound = lines("jbd", {asked(1000, ask_cells), came(1100, cells)}, true);
  EXPECT_THAT(sound[1], HasSubstr("means     cells_v = [3.3,3.3]"));
}

TEST(Trace, ShowsNoPassword) {
  // As it comes from the driver: hidden, with a checksum that fits.
  const auto shown = lines("ant", {asked(1000, "7EA1234A01082A2A2A2A2A2A2A2A0000AA55")}, true);
  EXPECT_THAT(shown[0], HasSubstr("08 ** ** ** ** ** ** ** ** "));
  EXPECT_THAT(shown[0], HasSubstr("log in"));
  EXPECT_THAT(shown[0], HasSubstr("a password, not shown"));
  EXPECT_THAT(shown[0], Not(HasSubstr("\"****")));
}

TEST(Trace, ShowsBytesWhereTheFamilyIsNotKnown) {
  EXPECT_THAT(lines(nullptr, {asked(1000, ask_cells), came(1100, cells)}),
              ElementsAre("+0.000 s → DD A5 04 00 FF FC 77", "+0.100 s ← DD 04 00 04 0C E4 0C E4 FE 1C 77"));
}

TEST(Trace, KeepsABoundedPartOfWhatNeverBecomesAFrame) {
  std::vector<KeptTraffic> noise(200, came(1000, "00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF"));
  EXPECT_THAT(lines("jbd", noise), SizeIs(testing::Ge(1U)));
}

TEST(Trace, IsAnObjectForPrograms) {
  std::vector<nlohmann::ordered_json> all;
  TraceFrames frames(find_family("jbd"), [&](const TraceFrame& frame) {
    all.push_back(json_of(frame, TimePoint(std::chrono::seconds(1)), true));
  });
  frames.take(asked(1500, ask_cells));
  frames.take(came(1625, cells));
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0]["time_s"], 0.5);
  EXPECT_EQ(all[0]["sent"], ask_cells);
  EXPECT_EQ(all[0]["asks"], "read register 0x04 (cell voltages)");
  EXPECT_EQ(all[1]["received"], cells);
  EXPECT_EQ(all[1]["facts"]["cells_v"], nlohmann::ordered_json::array({3.3, 3.3}));
  EXPECT_EQ(all[1]["parts"][0]["role"], "start");
}

// ---- The verb ----

/// A board whose driver tells these pieces.
class TracedBoard final : public console::RememberedBoard {
 public:
  std::vector<TraceNews> news;

  Result<console::Answer> ask(const console::Request& request,
                              const std::function<void(const console::Progress&)>& progress) override {
    if (std::holds_alternative<console::Trace>(request.wish))
      for (const TraceNews& one : news) tell(one);
    return RememberedBoard::ask(request, progress);
  }
};

struct Desk {
  Conversation with(console::Way& way, bool json = false) { return {.way = way, .terminal = terminal, .json = json}; }
  std::ostringstream out, told;
  std::istringstream answers;
  Terminal terminal{out, told, answers};
};

TEST(TraceVerb, SaysWhatIsMissing) {
  TracedBoard board;
  board.news = {{.piece = asked(1000, ask_cells)}, {.lost = 7}, {.piece = asked(2000, ask_cells)}};
  Desk desk;
  EXPECT_EQ(trace(desk.with(board), {.seconds = 1}), ExitCode::stopped);
  EXPECT_THAT(desk.out.str(), HasSubstr("7 pieces are missing here"));
  EXPECT_THAT(desk.told.str(), HasSubstr("through the running driver"));
}

TEST(TraceVerb, RecordsWhatDecodeReads) {
  TracedBoard board;
  board.facts.baud = 9600;
  board.facts.address = 3;
  board.news = {
      {.piece = asked(1000, ask_cells)}, {.piece = came(1100, "DD0400040C")}, {.piece = came(1105, "E40CE4FE1C77")}};
  Desk desk;
  const std::string path = testing::TempDir() + "trace-" + std::to_string(getpid()) + ".jsonl";
  EXPECT_EQ(trace(desk.with(board), {.seconds = 1, .file = path}), ExitCode::stopped);
  std::ifstream in(path);
  const auto capture = link::read_capture(in);
  ASSERT_TRUE(capture) << capture.error().message;
  EXPECT_EQ(capture->board, (link::ReachedBoard{.family = "jbd", .dialect = "", .baud = 9600, .address = 3}));
  ASSERT_THAT(capture->exchanges, SizeIs(1));
  EXPECT_EQ(capture->exchanges[0].time_s, 0) << "it begins with the first piece";
  EXPECT_THAT(capture->exchanges[0].response, SizeIs(2));
  std::ifstream again(path);
  std::ostringstream decoded;
  EXPECT_EQ(decode("jbd", again, decoded), ExitCode::stopped);
  EXPECT_EQ(decoded.str(), "{\"cells_v\":[3.3,3.3]}\n");
  std::filesystem::remove(path);
}

TEST(TraceVerb, EndsWhereItCannotRecordOrHear) {
  TracedBoard board;
  Desk desk;
  EXPECT_EQ(trace(desk.with(board), {.file = "/nope/x"}), ExitCode::configuration);
  board.gone = Error{ErrorKind::link, "gone", {}};
  EXPECT_EQ(trace(desk.with(board), {}), ExitCode::lost);
}

}  // namespace
}  // namespace bms::cli
