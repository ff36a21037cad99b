#include "console/trace_news.hpp"

#include <cmath>

#include "bms/hex.hpp"
#include "console/json.hpp"

namespace bms::console {

namespace {

constexpr std::size_t largest_piece = 64 * 1024;
constexpr double longest_up_s = 1e9;

double seconds_of(TimePoint time) { return std::chrono::duration<double>(time.time_since_epoch()).count(); }

TimePoint time_of(const Json& json) {
  const double at_s = number_of(member(json, "at_s"), "at_s");
  if (std::abs(at_s) > longest_up_s) throw Unexpected{"expected seconds since the start of the machine as at_s"};
  return TimePoint(std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(at_s)));
}

std::uint64_t loss_of(const Json& json) {
  const double lost = number_of(json, "lost");
  if (lost < 1 || lost > 1e15) throw Unexpected{"expected a number of pieces as lost"};
  return static_cast<std::uint64_t>(lost);
}

KeptTraffic piece_of(const Json& json) {
  const bool sent = has(json, "sent");
  auto bytes = from_hex(text_of(member(json, sent ? "sent" : "received"), "bytes", 2 * largest_piece));
  if (!bytes || bytes->empty()) throw Unexpected{"expected bytes as pairs of hexadecimal digits"};
  return {.at = time_of(json), .sent = sent, .bytes = *std::move(bytes)};
}

}  // namespace

std::string written(const Traffic& piece) {
  return one_line(
      {{"trace", {{"at_s", seconds_of(piece.at)}, {piece.sent ? "sent" : "received", to_hex(piece.bytes)}}}});
}

std::string written_loss(std::uint64_t lost) { return one_line({{"trace", {{"lost", lost}}}}); }

Result<TraceNews> trace_news_from(const Json& json) {
  try {
    const Json& trace = member(json, "trace");
    if (has(trace, "lost")) return TraceNews{.lost = loss_of(trace["lost"])};
    return TraceNews{.piece = piece_of(trace)};
  } catch (const Unexpected& problem) {
    return failure(ErrorKind::rejected, "the trace of the driver: " + problem.message);
  }
}

}  // namespace bms::console
