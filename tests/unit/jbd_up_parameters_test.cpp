// The parameters of boards of JBD's UP series: read from the blocks that a board answers, asked for no oftener than
// that.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "bms/hex.hpp"
#include "jbd/jbd.hpp"
#include "jbd/jbd_up_parameters.hpp"
#include "jbd_up_wire.hpp"

namespace bms::jbd {
namespace {

using jbd_up_test::ByteVector;
using jbd_up_test::Pack;
using jbd_up_test::run;
using testing::HasSubstr;

struct JbdUpParameters : testing::Test {
  JbdUpParameters() {
    ByteVector& board = pack.blocks[0x1C00];
    for (const unsigned word : {0U, 0U, 3400U, 30U, 500U, 600U, 5680U, 1500U}) jbd_up_test::put(board, word);
    add_text(board, "UP16S019000123456789012345");
    for (const unsigned word : {2025U, 4U, 17U}) jbd_up_test::put(board, word);
    add_text(board, "JBD48100000");
    for (const unsigned word : {2025U, 13U, 1U}) jbd_up_test::put(board, word);
    add_text(board, "ECO-LFP48100-3U-000001");
    for (const unsigned word : {3150U, 1440U}) jbd_up_test::put(board, word);
    board.resize(134);
    pack.blocks[0x2810] =
        from_hex("00210003000C00010007002455503136533031352E313653323030414A424400000000000000000000000000").value();
    pack.blocks[0x2006] = from_hex("128D00640003009600500000197400001EEA").value();
  }

  static void add_text(ByteVector& block, const std::string& letters) {
    const ByteVector bytes = jbd_up_test::text(letters);
    block.insert(block.end(), bytes.begin(), bytes.end());
  }

  Result<CommandResult> read(const std::string& name, bool more = false) {
    auto query = protocol->command(ReadParameter{.name = name, .more = more});
    if (!query) return std::unexpected(query.error());
    asked = run(**query, [this](Bytes request) { return pack.answer(request); });
    return (*query)->result();
  }
  double number(const std::string& name) { return std::get<double>(read(name).value()); }
  std::string text(const std::string& name) { return std::get<std::string>(read(name).value()); }

  void poll() {
    Query<Reading>& query = protocol->poll();
    run(query, [this](Bytes request) { return pack.answer(request); });
    ASSERT_TRUE(query.result());
  }

  Pack pack;
  std::unique_ptr<Protocol> protocol = make({.variant = {.dialect = "up", .baud = 9600, .address = 1}});
  std::vector<ByteVector> asked;
};

TEST_F(JbdUpParameters, AreWhatTheBlocksHold) {
  EXPECT_EQ(number("balance_start"), 3.4);
  EXPECT_EQ(number("balance_window"), 0.03);
  EXPECT_EQ(number("full_charge_voltage"), 56.8);
  EXPECT_EQ(number("full_charge_current"), 15);
  EXPECT_EQ(text("board_serial"), "UP16S019000123456789012345");
  EXPECT_EQ(text("board_date"), "17.04.2025");
  EXPECT_EQ(text("pack_serial"), "JBD48100000");
  EXPECT_EQ(text("bluetooth_name"), "ECO-LFP48100-3U-000001");
  EXPECT_EQ(number("sleep_voltage"), 3.15);
  EXPECT_EQ(number("sleep_delay"), 1440);
  EXPECT_EQ(text("model"), "UP16S015.16S200A");
  EXPECT_EQ(text("project"), "JBD");
  EXPECT_EQ(number("total_charge"), 651.6);
  EXPECT_EQ(number("total_discharge"), 791.4);
  EXPECT_TRUE(pack.orders.empty()) << "nothing is written for that";
}

TEST_F(JbdUpParameters, ADateThatIsNoneIsNotShown) {
  EXPECT_EQ(read("pack_date").error().kind, ErrorKind::unsupported);
}

TEST_F(JbdUpParameters, ABlockThatEndsEarlyLacksWhatComesLater) {
  pack.blocks[0x1C00].resize(118);
  EXPECT_EQ(text("bluetooth_name"), "ECO-LFP48100-3U-000001");
  EXPECT_EQ(read("sleep_voltage").error().kind, ErrorKind::unsupported);
}

TEST_F(JbdUpParameters, OfOneBatchAreReadWithTheirBlock) {
  std::size_t questions = 0;
  for (const up::BlockParameter& parameter : up::block_parameters()) {
    read(std::string(parameter.name), &parameter != &up::block_parameters().back());
    questions += asked.size();
  }
  EXPECT_EQ(questions, 3U) << "one for each block";
  ASSERT_TRUE(read("balance_start"));
  EXPECT_EQ(asked.size(), 1U) << "the batch is over";
}

TEST_F(JbdUpParameters, OfABatchThatNobodyGoesOnWithAreAskedForAnew) {
  ASSERT_TRUE(read("balance_start", true));
  pack.blocks[0x1C00][4] = 0;
  for (int turn = 0; turn < 3; ++turn) poll();
  EXPECT_EQ(std::get<double>(read("balance_start", true).value()), 3.4) << "polls go on during a batch";
  for (int turn = 0; turn < 12; ++turn) poll();
  EXPECT_EQ(std::get<double>(read("balance_start", true).value()), 0.072);
}

TEST_F(JbdUpParameters, OfAPackBehindAnotherAreNotReported) {
  pack.blocks.clear();
  for (const char* name : {"balance_start", "pack_serial"}) {
    const Error error = read(name, true).error();
    EXPECT_EQ(error.kind, ErrorKind::unsupported);
    EXPECT_THAT(error.message, HasSubstr("does not report it"));
  }
  EXPECT_TRUE(asked.empty()) << "once is enough for a batch";
  pack.silent = true;
  EXPECT_EQ(read("model").error().kind, ErrorKind::silent) << "nobody is there, which is something else";
}

TEST_F(JbdUpParameters, AreNotWritten) {
  for (const up::BlockParameter& parameter : up::block_parameters()) {
    const auto refused = protocol->command(WriteParameter{.name = std::string(parameter.name), .value = 1});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message, std::string(parameter.name) + " is read only");
  }
}

}  // namespace
}  // namespace bms::jbd
