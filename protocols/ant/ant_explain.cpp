// Says what recorded bytes mean, for people and for tests.
#include "ant/ant_explain.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ant/ant_facts.hpp"
#include "ant/ant_new_frame.hpp"
#include "ant/ant_old_frame.hpp"
#include "bms/hex.hpp"

namespace bms::ant {
namespace {

using Json = nlohmann::ordered_json;
using ByteVector = std::vector<std::uint8_t>;

Json explain_error(const Error& error) {
  // A sound frame with impossible content is rubbish as far as a decoder is concerned.
  const ErrorKind kind = error.kind == ErrorKind::implausible ? ErrorKind::garbage : error.kind;
  return Json{{"error", name_of(kind)}, {"message", error.message}};
}

std::string words_for(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::truncated: return "a frame began and did not end";
    case ErrorKind::checksum: return "the checksum of the frame does not fit its content";
    case ErrorKind::end_marker: return "expected AA 55 behind the checksum";
    case ErrorKind::unexpected_command: return "only frames came that answer something else";
    case ErrorKind::length: return "a sound frame whose counts are impossible or do not fit its length";
    default: return "expected a frame, none begins here";
  }
}

/// The answers in a stream, and the first thing that was wrong.
class Walk {
 public:
  explicit Walk(bool all) : all_(all) {}

  /// Steps from candidate to candidate. `judge(bytes)` brings a Finding, `explain(reply)` a Result<Json>.
  template <class Starts, class Judge, class Explain>
  void run(Bytes stream, Starts starts, Judge judge, Explain explain_reply) {
    for (std::size_t at = 0; at < stream.size() && (all_ || frames_.empty());) {
      if (!starts(stream[at])) {
        ++at;
        continue;
      }
      const auto finding = judge(stream.subspan(at));
      at += finding.advance;
      if (finding.what != std::remove_cvref_t<decltype(finding)>::What::answer) {
        note({finding.reason, words_for(finding.reason), std::nullopt});
        continue;
      }
      if (Result<Json> facts = explain_reply(finding.reply)) {
        frames_.push_back(*std::move(facts));
      } else {
        note(facts.error());
        // What is not an answer is not skipped as a whole: a good frame may begin inside.
        at -= finding.advance - 1;
      }
    }
  }

  [[nodiscard]] Json result() && {
    if (frames_.size() > 1) return Json{{"frames", std::move(frames_)}};
    if (frames_.size() == 1) return std::move(frames_.front());
    return explain_error(first_.value_or(Error{ErrorKind::garbage, words_for(ErrorKind::garbage), std::nullopt}));
  }

  [[nodiscard]] const std::optional<Error>& first_error() const { return first_; }

 private:
  void note(Error error) {
    // Bytes that only look like the beginning of a header are not a candidate.
    if (!first_ && error.kind != ErrorKind::garbage) first_ = std::move(error);
  }

  bool all_;
  Json frames_ = Json::array();
  std::optional<Error> first_;
};

/// Every request of the recording, one after the other.
ByteVector all_requests(const Recording& recording) {
  const auto found = recording.line.find("request");
  if (found == recording.line.end() || !found->is_array()) return recording.request.value_or(ByteVector{});
  ByteVector all;
  for (const Json& one : *found) {
    const auto bytes = one.is_string() ? from_hex(one.get_ref<const std::string&>()) : std::nullopt;
    if (bytes) all.insert(all.end(), bytes->begin(), bytes->end());
  }
  return all;
}

bool is_stream(const Recording& recording) {
  const auto found = recording.line.find("stream");
  return found != recording.line.end() && found->is_boolean() && found->get<bool>();
}

std::vector<NewExpectation> new_expectations(Bytes requests) {
  std::vector<NewExpectation> expected;
  while (const std::size_t size = new_request_size(requests)) {
    expected.push_back(new_expectation_of(requests.first(size)));
    requests = requests.subspan(size);
  }
  if (expected.empty()) expected.emplace_back();
  return expected;
}

bool is_old_header(std::uint8_t byte) { return byte == display_header || byte == read_header || byte == write_header; }

std::vector<OldRequest> old_requests(Bytes requests) {
  std::vector<OldRequest> found;
  while (requests.size() >= word_size && is_old_header(requests[0]) && requests[0] == requests[1]) {
    OldRequest one{};
    std::ranges::copy(requests.first(word_size), one.begin());
    found.push_back(one);
    requests = requests.subspan(word_size);
  }
  return found;
}

/// How much a reason says of the candidate: that it is the wrong one says little, that it is not a frame says nothing.
int weight(ErrorKind reason) {
  if (reason == ErrorKind::garbage) return 0;
  return reason == ErrorKind::unexpected_command ? 1 : 2;
}

/// The first expectation that takes the candidate decides, else the one that says most.
template <class Expectation>
auto judge_by(std::vector<Expectation>& expected, Bytes bytes) {
  using What = Finding<typename Expectation::Reply>::What;
  auto best = Finding<typename Expectation::Reply>{.what = What::rejected, .reason = ErrorKind::garbage, .reply = {}};
  for (Expectation& one : expected) {
    if (!one.starts(bytes[0])) continue;
    const auto finding = one.examine(bytes);
    if (finding.what == What::answer) return finding;
    if (weight(finding.reason) > weight(best.reason)) best = finding;
  }
  return best;
}

Json explain_new(Bytes stream, Bytes requests, bool all) {
  auto expected = new_expectations(requests);
  Walk walk(all || expected.size() > 1);
  walk.run(
      stream, NewExpectation::starts, [&](Bytes bytes) { return judge_by(expected, bytes); },
      [](const NewReply& reply) { return facts_of(reply); });
  return std::move(walk).result();
}

/// Four writes, four answers, of which the last decides. While nobody is logged in the first three are refused as well
/// (recorded session of the vendor's application, syssi/esphome-ant-bms, docs/pdus/).
Json explain_login(Bytes stream, std::ptrdiff_t password_frames) {
  OldExpectation any{.request = write_word_request(last_password_register, 0), .line_echoes = nullptr};
  std::ptrdiff_t answers = 0;
  std::optional<Error> first;
  for (std::size_t at = 0; at < stream.size();) {
    if (!any.starts(stream[at])) {
      ++at;
      continue;
    }
    const Bytes here = stream.subspan(at);
    // An acknowledgement repeats the register that was written.
    any.request[2] = here.size() > 2 && here[2] >= first_password_register && here[2] <= last_password_register
                         ? here[2]
                         : last_password_register;
    const auto finding = any.examine(here);
    at += finding.advance;
    if (finding.what != Finding<OldReply>::What::answer) {
      if (!first && finding.reason != ErrorKind::garbage)
        first = Error{finding.reason, words_for(finding.reason), std::nullopt};
      continue;
    }
    if (finding.reply.address() == last_password_register) return login_facts(true, finding.reply);
    if (++answers == password_frames) return login_facts(false, finding.reply);
  }
  if (answers > 0 && !first) first = Error{ErrorKind::truncated, "fewer answers than questions", std::nullopt};
  return explain_error(first.value_or(Error{ErrorKind::garbage, words_for(ErrorKind::garbage), std::nullopt}));
}

/// What an answer may be when nobody knows the question: a status, else whatever the stream begins with.
OldRequest guessed_request(Bytes stream) {
  const bool holds_status = !std::ranges::search(stream, std::to_array<std::uint8_t>({0xAA, 0x55, 0xAA})).empty();
  for (Bytes rest = stream; !holds_status && rest.size() >= word_size; rest = rest.subspan(1))
    if ((rest[0] == read_header || rest[0] == write_header) && rest[0] == rest[1])
      return {rest[0], rest[1], rest[2], rest[3], rest[4], rest[5]};
  return old_status_requests[0];
}

Json explain_old(Bytes stream, Bytes request_bytes, bool all) {
  std::vector<OldRequest> requests = old_requests(request_bytes);
  const auto is_password = [](const OldRequest& request) {
    return request[0] == write_header && request[2] >= first_password_register && request[2] <= last_password_register;
  };
  if (!requests.empty() && is_password(requests.back()) && requests.back()[2] == last_password_register)
    return explain_login(stream, std::ranges::count_if(requests, is_password));
  if (requests.empty()) requests.push_back(guessed_request(stream));

  std::vector<OldExpectation> expected;
  expected.reserve(requests.size());
  for (const OldRequest& request : requests) expected.push_back({.request = request, .line_echoes = nullptr});
  const auto starts = [&expected](std::uint8_t byte) {
    return std::ranges::any_of(expected, [byte](const OldExpectation& one) { return one.starts(byte); });
  };
  const auto facts = [&requests](const OldReply& reply) {
    const auto asked = std::ranges::find_if(
        requests, [&reply](const OldRequest& request) { return !reply.is_status() && request[2] == reply.address(); });
    return facts_of(reply, asked == requests.end() ? requests.front() : *asked);
  };
  Walk walk(all || expected.size() > 1);
  walk.run(stream, starts, [&](Bytes bytes) { return judge_by(expected, bytes); }, facts);
  return std::move(walk).result();
}

/// Which of the two protocols the recording is of.
bool speaks_old(const Recording& recording, Bytes stream, Bytes requests) {
  const auto found = recording.line.find("variant");
  if (found != recording.line.end() && found->is_string()) return *found == "old";
  if (!requests.empty()) return is_old_header(requests[0]);
  const auto begins = [stream](std::uint8_t first, std::uint8_t second) {
    return std::ranges::search(stream, std::to_array({first, second})).begin();
  };
  const auto newer = begins(0x7E, 0xA1);
  return begins(0xAA, 0x55) < newer || begins(write_header, write_header) < newer ||
         begins(read_header, read_header) < newer;
}

}  // namespace

Json explain(const Recording& recording) {
  const ByteVector stream = recording.stream();
  const ByteVector requests = all_requests(recording);
  const bool all = is_stream(recording);
  return speaks_old(recording, stream, requests) ? explain_old(stream, requests, all)
                                                 : explain_new(stream, requests, all);
}

}  // namespace bms::ant
