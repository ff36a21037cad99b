#include "driver/captured_boards.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace bms::driver {

namespace {

using line::Candidate;

bool answers(Dialogue& dialogue, const link::Exchange& exchange) {
  for (const auto& [time_s, piece] : exchange.response)
    if (dialogue.receive(piece).answered) return true;
  return false;
}

/// How many times this board answered the first question of a poll.
std::size_t answers_of(const Candidate& candidate, const link::Capture& capture) {
  const auto protocol = candidate.family->make(candidate.options);
  std::size_t count = 0;
  for (const link::Exchange& exchange : capture.exchanges) {
    Query<Reading>& poll = protocol->poll();
    const auto question = poll.request();
    const bool asked = question && !question->bytes.empty() && std::ranges::equal(question->bytes, exchange.request);
    if (asked && answers(poll, exchange)) ++count;
  }
  return count;
}

/// A dialect at every address that its boards can have.
std::vector<Candidate> at_every_address(const Family& family, const Variant& variant) {
  std::vector<Candidate> all{{.family = &family, .options = {.variant = variant}}};
  for (unsigned address = family.first_address; variant.shares_line && address <= family.last_address; ++address) {
    if (address == variant.address) continue;
    all.push_back(all.front());
    all.back().options.variant.address = address;
  }
  std::ranges::sort(all, {}, [](const Candidate& one) { return one.options.variant.address; });
  return all;
}

/// The dialect that is noted, or all of them.
std::vector<Variant> possible(const Family& family, const std::optional<link::ReachedBoard>& noted) {
  std::vector<Variant> variants(family.variants.begin(), family.variants.end());
  if (noted && noted->family == family.name)
    std::erase_if(variants, [&](const Variant& one) { return one.dialect != noted->dialect; });
  return variants;
}

Candidate usual_board(const Family& family, const std::optional<link::ReachedBoard>& noted) {
  Candidate board{.family = &family, .options = {.variant = family.variants.front()}};
  if (!noted || noted->family != family.name) return board;
  const auto known = std::ranges::find(family.variants, noted->dialect, &Variant::dialect);
  if (known != family.variants.end()) board.options.variant = *known;
  board.options.variant.address = noted->address;
  return board;
}

}  // namespace

std::vector<Candidate> captured_boards(const link::Capture& capture, const Family& family) {
  std::vector<Candidate> boards;
  std::size_t most = 0;
  for (const Variant& variant : possible(family, capture.board)) {
    std::vector<Candidate> here;
    std::size_t count = 0;
    for (const Candidate& candidate : at_every_address(family, variant)) {
      const std::size_t heard = answers_of(candidate, capture);
      if (heard > 0) here.push_back(candidate);
      count += heard;
    }
    if (count > most) boards = std::move(here);
    most = std::max(most, count);
  }
  if (boards.empty()) boards.push_back(usual_board(family, capture.board));
  return boards;
}

}  // namespace bms::driver
