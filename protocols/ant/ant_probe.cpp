// Is there an ANT board? The status is asked for twice, which changes nothing.
#include "ant/ant_probe.hpp"

#include <utility>

namespace bms::ant {
namespace {

constexpr auto listening_time = std::chrono::milliseconds(300);

/// Once something has answered well it is worth asking again.
constexpr int attempts_when_seen = 3;

std::optional<Error> error_of(const auto& answer) {
  if (answer) return std::nullopt;
  return answer.error();
}

Error foreign_talk() {
  return {ErrorKind::garbage, "something on this line talks without being asked, and not as an ANT board",
          std::nullopt};
}

std::string sighting(const Status& status, const char* protocol) {
  return "status frame of " + std::to_string(status.cells_v.size()) + " cells, " + protocol + " protocol";
}

}  // namespace

std::optional<Error> Sightings::look(const Result<Status>& status) {
  if (!status) return status.error();
  if (auto error = implausible(*status, while_probing)) return error;
  if (status->older && !status->older->spare_slots_empty)
    return Error{ErrorKind::implausible, "a status frame with more cells than it counts", std::nullopt};
  if (seen_ > 0 && status->runtime_s < runtime_s_)
    return Error{ErrorKind::implausible, "the run time went back from one status frame to the next", std::nullopt};
  runtime_s_ = status->runtime_s;
  ++seen_;
  return std::nullopt;
}

Hearing::Verdict Hearing::judge(const std::optional<Error>& outcome) {
  // Sound frames of our own kind are the answers to a display on the same plug.
  if (!outcome || outcome->kind == ErrorKind::silent) return Verdict::speak;
  // Opening a port, and the late answer to another family's probe, make a noise once.
  return ++noisy_ > 1 ? Verdict::foreign : Verdict::listen_again;
}

NewProbe::NewProbe(NewBoard& board) : board_(board) { listen(listening_time); }

void NewProbe::ask_status() {
  listening_ = false;
  ask(status_request(), board_.status_size,
      probing_patience.with_attempts(sightings_.any() ? attempts_when_seen : probing_patience.attempts));
}

void NewProbe::take(Result<NewReply> answer) {
  if (listening_) {
    switch (hearing_.judge(error_of(answer))) {
      case Hearing::Verdict::speak: return ask_status();
      case Hearing::Verdict::listen_again: return listen(listening_time);
      case Hearing::Verdict::foreign: return end(std::unexpected(foreign_talk()));
    }
  }
  if (!answer) return end(std::unexpected(answer.error()));
  const Result<Status> status = decode_new_status(answer->payload);
  if (auto error = sightings_.look(status)) return end(std::unexpected(*std::move(error)));
  board_.status_size = answer->payload.size() + new_frame_overhead;
  if (!sightings_.enough()) return ask_status();
  end(sighting(*status, "new"));
}

void NewProbe::end(Result<std::string> outcome) {
  result_ = std::move(outcome);
  exchange().close();
}

OldProbe::OldProbe(OldBoard& board) : OldConversation(board) { listen(listening_time); }

void OldProbe::ask_status(std::size_t which) {
  listening_ = false;
  asked_ = which;
  ask(old_status_requests[which],
      probing_patience.with_attempts(sightings_.any() ? attempts_when_seen : probing_patience.attempts));
}

void OldProbe::take(Result<OldReply> answer) {
  if (listening_) {
    switch (hearing_.judge(error_of(answer))) {
      case Hearing::Verdict::speak: return ask_status(0);
      case Hearing::Verdict::listen_again: return listen(listening_time);
      case Hearing::Verdict::foreign: return end(std::unexpected(foreign_talk()));
    }
  }
  if (!answer) {
    if (!sightings_.any() && asked_ + 1 < old_status_requests.size()) return ask_status(asked_ + 1);
    return end(std::unexpected(answer.error()));
  }
  const Result<Status> status = decode_old_status(answer->frame);
  if (auto error = sightings_.look(status)) return end(std::unexpected(*std::move(error)));
  if (!sightings_.enough()) return ask_status(asked_);
  board().status_request = asked_;
  end(sighting(*status, "old"));
}

void OldProbe::end(Result<std::string> outcome) {
  result_ = std::move(outcome);
  exchange().close();
}

}  // namespace bms::ant
