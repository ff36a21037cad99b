#include "cli/session_decoder.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

#include "module_frame.hpp"

namespace bms::cli {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_pending = 1024;  // no board has longer answers

bool is_error(const Json& facts) { return facts.contains("error"); }

bool is_truncated(const Json& facts) { return is_error(facts) && facts["error"] == name_of(ErrorKind::truncated); }

/// What a module is asked never reaches the board.
bool is_for_module(Bytes request) {
  bluetooth::ModuleNoise noise;
  return noise.sort(request).board.empty();
}

/// What the module says in bytes that are its own, where it says it in frames.
std::string words_of_module(const Family& family, Bytes own) {
  std::string words;
  while (const auto frame = module_frame_at(own)) {
    if (family.on_air.module_in_words != nullptr)
      words += (words.empty() ? "" : ", ") + family.on_air.module_in_words(*frame);
    own = own.subspan(frame->size);
  }
  return words;
}

}  // namespace

SessionDecoder::SessionDecoder(const Family& family, const Json& session) : family_(family) {
  for (const char* key : {"dialect", "variant", "context"})
    if (const auto found = session.find(key); found != session.end()) steering_[key] = *found;
}

Parsed<Json> SessionDecoder::explain(const Json& exchange) {
  const bool notified = exchange.is_object() && exchange.contains("notifications");
  auto parsed = parse_exchange(exchange, notified ? "notifications" : "response");
  if (!parsed) return std::unexpected(std::move(parsed).error());
  if (parsed->request) noise_.asked();
  Recording recording{.request = question_of(*parsed), .pieces = {}, .line = steering_};
  std::string module;
  for (const ByteVector& piece : parsed->pieces) {
    const auto sorted = noise_.sort(piece);
    if (const std::string words = words_of_module(family_, sorted.module); !words.empty())
      module += (module.empty() ? "" : ", ") + words;
    if (!sorted.board.empty()) recording.pieces.emplace_back(sorted.board.begin(), sorted.board.end());
  }
  Json facts = recording.pieces.empty() && !module.empty() ? Json::object() : explain_board(recording);
  if (!module.empty()) facts["module"] = module;
  return facts;
}

/// What an answer in this exchange belongs to. The board may still owe one while its module is spoken to.
std::optional<SessionDecoder::ByteVector> SessionDecoder::question_of(const Recording& exchange) const {
  const bool for_board = exchange.request && !is_for_module(*exchange.request);
  return for_board ? exchange.request : waiting_;
}

Json SessionDecoder::explain_board(const Recording& recording) {
  waiting_ = recording.request;
  if (recording.pieces.empty()) return Json{{"error", name_of(ErrorKind::silent)}, {"message", "no answer came"}};
  ByteVector stream = std::exchange(pending_, {});
  for (const ByteVector& piece : recording.pieces) stream.insert(stream.end(), piece.begin(), piece.end());
  Json facts = facts_in(stream, recording);
  if (!is_error(facts)) {
    sound_.push_back(facts);
    waiting_.reset();
    pending_ = begun_behind_answer(stream, recording);
  } else if (is_truncated(facts)) {
    pending_ = std::move(stream);
  }
  if (pending_.size() > most_pending) pending_.clear();
  return facts;
}

Json SessionDecoder::facts_in(Bytes stream, const Recording& recording) const {
  return family_.explain(
      {.request = recording.request, .pieces = {{stream.begin(), stream.end()}}, .line = recording.line});
}

/// The bytes behind the answer, if the next one begins there. The answer ends where a shorter stream would have none.
SessionDecoder::ByteVector SessionDecoder::begun_behind_answer(const ByteVector& stream,
                                                               const Recording& recording) const {
  const auto sizes = std::views::iota(std::size_t{0}, stream.size());
  const auto end = std::ranges::partition_point(
      sizes, [&](std::size_t size) { return is_error(facts_in(Bytes(stream).first(size), recording)); });
  const std::size_t size = end == sizes.end() ? stream.size() : *end;
  const Bytes rest = Bytes(stream).subspan(size);
  if (rest.empty() || !is_truncated(facts_in(rest, recording))) return {};
  return {rest.begin(), rest.end()};
}

}  // namespace bms::cli
