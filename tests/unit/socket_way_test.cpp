// A driver that does not answer, because it hangs or was stopped.
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <chrono>
#include <filesystem>
#include <string>

#include "console/socket_way.hpp"

namespace bms::console {
namespace {

using boost::asio::local::stream_protocol;

TEST(SocketWay, DoesNotWaitForEverWhereItMustNot) {
  const std::string path = testing::TempDir() + "way-" + std::to_string(getpid()) + ".sock";
  std::filesystem::remove(path);
  boost::asio::io_context loop;
  const stream_protocol::acceptor nobody_accepts(loop, path);
  auto way = SocketWay::connect(path);
  ASSERT_TRUE(way) << way.error().message;
  (*way)->answer_within(std::chrono::milliseconds(20));
  for (int again = 0; again < 2; ++again) {
    const auto answer = (*way)->ask({}, {});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::silent);
    EXPECT_EQ(answer.error().message, path + ": the driver does not answer");
  }
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace bms::console
