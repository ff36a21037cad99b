// Is there an ANT board? The status is asked for twice, which changes nothing.
#include "ant/ant_probe.hpp"
#include "bms/words.hpp"

#include <utility>

namespace bms::ant {
namespace {

/// Once something has answered well it is worth asking again.
constexpr int attempts_when_seen = 3;

std::string sighting(const Status& status, const char* protocol) {
  return "status frame of " + counted(status.cells_v.size(), "cell") + ", " + protocol + " protocol";
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

NewProbe::NewProbe(NewBoard& board) : board_(board) { ask_status(); }

void NewProbe::ask_status() {
  ask(status_request(), board_.status_size,
      probing_patience.with_attempts(sightings_.any() ? attempts_when_seen : probing_patience.attempts));
}

void NewProbe::take(Result<NewReply> answer) {
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

OldProbe::OldProbe(OldBoard& board) : OldConversation(board) { ask_status(0); }

void OldProbe::ask_status(std::size_t which) {
  asked_ = which;
  ask(old_status_requests[which],
      probing_patience.with_attempts(sightings_.any() ? attempts_when_seen : probing_patience.attempts));
}

void OldProbe::take(Result<OldReply> answer) {
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
