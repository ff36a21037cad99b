// Finds the answer to one question in the bytes of a line.
#include "rec/rec_answer.hpp"

#include <algorithm>

#include "rec/rec_text.hpp"

namespace bms::rec {
namespace {

constexpr std::size_t least_values_in_shared_frame = 4;  // of each unit

/// Whether one frame can hold the values of several units.
bool divides_evenly(Bytes data, unsigned units) {
  const std::size_t values = data.size() / float_size;
  return units > 1 && values % units == 0 && values / units >= least_values_in_shared_frame;
}

bool single_frame_fits(Bytes payload, Shape shape) {
  const auto text = text_of(payload);
  switch (shape) {
    case Shape::number: return number_of(payload).has_value();
    case Shape::count: return count_of(payload).has_value();
    case Shape::name: return text && text != "SET" && !number_of(payload);
    case Shape::text: return text && text != "SET";
    case Shape::line: return text != "SET";
    case Shape::time: return text && looks_like_time(*text);
    case Shape::date: return text && looks_like_date(*text);
    case Shape::acknowledgement: return is_acknowledgement(payload);
    default: return false;
  }
}

/// Takes the sound frames of the asked unit one after the other and puts the answer together.
class Collector {
 public:
  enum class Verdict : std::uint8_t { stranger, part, answer };

  explicit Collector(const Question& question) : question_(question) {}

  Verdict take(Bytes payload) {
    any_ = true;
    if (is_refusal(payload)) {
      refused_ = true;
      return Verdict::part;
    }
    if (payload.empty()) {
      misfit_ = true;
      return Verdict::part;
    }
    switch (question_.shape) {
      case Shape::block: return take_for_block(payload);
      case Shape::per_unit: return take_for_units(payload);
      default:
        if (!single_frame_fits(payload, question_.shape)) return Verdict::stranger;
        if (!question_.plain_digits && array_count_of(payload)) return Verdict::stranger;
        answer_.data.push_back(payload);
        return Verdict::answer;
    }
  }

  [[nodiscard]] const Answer& answer() const { return answer_; }

  /// Whether what has come must be taken for the answer if nothing more comes.
  [[nodiscard]] bool silence_would_complete() const {
    const bool expected = !question_.layout || question_.layout->one_frame;
    return question_.shape == Shape::per_unit && expected && count_ && answer_.data.size() == 1 &&
           divides_evenly(answer_.data.front(), *count_);
  }

  /// Whether one more frame after a complete per-unit array belongs to it, which makes it too many.
  [[nodiscard]] bool is_surplus(Bytes payload) const {
    return question_.shape == Shape::per_unit && is_data(payload) && payload.size() % float_size == 0 &&
           !number_of(payload);
  }

  /// Whether the answer was the count before `payload`: what looked like a number belongs to an array that comes late.
  [[nodiscard]] bool was_count_of(Bytes payload) const {
    const bool array = question_.shape == Shape::block || question_.shape == Shape::per_unit;
    return !array && array_count_of(answer_.payload()) && is_data(payload) && payload.size() % float_size == 0 &&
           !text_of(payload);
  }

  /// What was taken for the answer was not one.
  void forget() { answer_ = {}; }

  /// The least number of bytes that must follow the frames so far.
  [[nodiscard]] std::size_t least_to_come() const {
    const std::size_t whole = question_.shortest_answer();
    if (!count_) return whole;
    if (question_.shape == Shape::block)
      return *count_ == question_.block_count ? frame_overhead + question_.block_size : whole;
    if (question_.layout) {
      const std::size_t have = frame_overhead + (*count_ > 9 ? 2 : 1) + size_of_data();
      return whole > have ? whole - have : 1;
    }
    const std::size_t frames = *count_ > answer_.data.size() ? *count_ - answer_.data.size() : 1;
    return frames * (frame_overhead + float_size);
  }

  [[nodiscard]] bool refused() const { return refused_; }
  [[nodiscard]] bool begun() const { return refused_ || misfit_ || counted_; }

  /// Why the sound frames were no answer; empty when there was none.
  [[nodiscard]] std::optional<ErrorKind> reason() const {
    if (misfit_) return ErrorKind::length;
    if (counted_) return ErrorKind::truncated;
    if (any_) return ErrorKind::unexpected_command;
    return std::nullopt;
  }

 private:
  [[nodiscard]] static bool is_data(Bytes payload) {
    return !payload.empty() && !is_refusal(payload) && !is_acknowledgement(payload) && !array_count_of(payload);
  }

  [[nodiscard]] std::size_t size_of_data() const {
    std::size_t size = 0;
    for (const Bytes data : answer_.data) size += data.size() + frame_overhead;
    return size;
  }

  Verdict take_for_block(Bytes payload) {
    if (const auto count = array_count_of(payload)) {
      count_ = count;
      if (*count != question_.block_count) return Verdict::stranger;
      counted_ = true;
      return Verdict::part;
    }
    if (!is_data(payload)) return Verdict::stranger;
    const bool fits = payload.size() == question_.block_size;
    const bool counted = count_ == question_.block_count;
    if (fits && (counted || (!count_ && !question_.count_expected))) {
      answer_ = {.data = {payload}, .counted = counted};
      return Verdict::answer;
    }
    if (!count_) return Verdict::stranger;
    // Of the size that is asked for, but announced as something else; or announced, and of another size.
    if (!counted) count_.reset();
    if (!fits && !counted) return Verdict::stranger;
    misfit_ = true;
    return Verdict::part;
  }

  Verdict take_for_units(Bytes payload) {
    if (const auto count = array_count_of(payload)) {
      count_ = count;
      counted_ = true;
      answer_ = {.data = {}, .counted = true, .units = *count};
      return Verdict::part;
    }
    if (!is_data(payload) || !count_) return Verdict::stranger;
    if (payload.size() % float_size != 0 || *count_ == 0) {
      misfit_ = true;
      return Verdict::part;
    }
    answer_.data.push_back(payload);
    const bool shared = question_.layout && question_.layout->one_frame;
    if (!shared && answer_.data.size() < *count_) return Verdict::part;
    if (!question_.layout || question_.layout == answer_.layout()) return Verdict::answer;
    misfit_ = true;
    count_.reset();
    return Verdict::part;
  }

  const Question& question_;
  Answer answer_;
  std::optional<unsigned> count_;  ///< of the count frame that came last, whosever it was
  bool counted_ = false;           ///< a count frame came that belongs to the question
  bool any_ = false;
  bool refused_ = false;
  bool misfit_ = false;
};

class Search {
 public:
  Search(Bytes stream, const Question& question, End end)
      : stream_(stream), question_(question), end_(end), collector_(question) {}

  Findings run() {
    for (std::size_t at = 0; at < stream_.size() && !over_;) at += step(at);
    if (end_ == End::final) conclude();
    findings_.begun = findings_.begun || collector_.begun();
    if (!over_) findings_.missing = std::max(findings_.missing, collector_.least_to_come());
    return findings_;
  }

 private:
  /// Judges what is at one place; how far to go on.
  std::size_t step(std::size_t at) {
    if (stream_[at] != start_byte) return 1;
    const Candidate candidate = examine(stream_.subspan(at), host_address, question_.unit);
    switch (candidate.what) {
      case Candidate::What::none: return 1;
      case Candidate::What::frame: take(candidate, at); return candidate.size();
      case Candidate::What::incomplete:
        if (end_ == End::open) {
          wait_for(candidate, stream_.size() - at);
          return 1;
        }
        reject(ErrorKind::truncated);
        return 1;
      case Candidate::What::end_marker: reject(ErrorKind::end_marker); return 1;
      case Candidate::What::checksum: reject(ErrorKind::checksum); return 1;
    }
    return 1;
  }

  void take(const Candidate& candidate, std::size_t at) {
    if (findings_.answer) return look_behind(candidate.payload);
    switch (collector_.take(candidate.payload)) {
      case Collector::Verdict::stranger: ++findings_.strangers; break;
      case Collector::Verdict::part: last_part_end_ = at + candidate.size(); break;
      case Collector::Verdict::answer:
        findings_.answer = collector_.answer();
        over_ = end_ == End::open;
        break;
    }
  }

  /// The frame after an answer in a recorded stream. On a live line nobody waits for it.
  void look_behind(Bytes payload) {
    over_ = true;
    if (collector_.was_count_of(payload)) {
      findings_.answer.reset();
      findings_.strangers += 2;
      collector_.forget();
      over_ = false;
    } else if (collector_.is_surplus(payload)) {
      findings_.answer.reset();
      surplus_ = true;
    }
  }

  /// A frame that is not whole yet. Whatever it turns out to be, nothing is decided before.
  void wait_for(const Candidate& candidate, std::size_t have) {
    const std::size_t least = collector_.least_to_come();
    findings_.missing = std::max(candidate.missing, least > have ? least - have : 1);
    if (have >= header_size - 1) findings_.begun = true;
    over_ = true;
  }

  void reject(ErrorKind reason) {
    if (!rejected_) rejected_ = reason;
    findings_.begun = true;
  }

  void conclude() {
    if (findings_.answer) return;
    // Nothing may follow a frame that counts only because nothing follows: a damaged byte there may have been the
    // beginning of the next unit's data.
    if (!surplus_ && collector_.silence_would_complete() && last_part_end_ == stream_.size()) {
      findings_.answer = collector_.answer();
      findings_.settled_by_silence = true;
      return;
    }
    if (collector_.refused()) {
      findings_.reason = ErrorKind::status;
    } else if (rejected_) {
      findings_.reason = *rejected_;
    } else if (surplus_) {
      findings_.reason = ErrorKind::length;
    } else if (const auto reason = collector_.reason()) {
      findings_.reason = *reason;
    } else {
      findings_.reason = stream_.empty() ? ErrorKind::truncated : ErrorKind::garbage;
    }
  }

  Bytes stream_;
  const Question& question_;
  End end_;
  Collector collector_;
  Findings findings_;
  std::optional<ErrorKind> rejected_;
  std::size_t last_part_end_ = 0;
  bool surplus_ = false;  ///< frames of more units came than were announced
  bool over_ = false;
};

}  // namespace

std::optional<Layout> Answer::layout() const {
  if (units == 0 || units > max_units) return std::nullopt;
  Layout layout{.one_frame = units > 1 && data.size() == 1, .values = {}};
  for (unsigned unit = 0; unit < units; ++unit) {
    const std::size_t bytes = layout.one_frame ? payload().size() / units : data[unit].size();
    layout.values.push_back(static_cast<std::uint8_t>(bytes / float_size));
  }
  return layout;
}

Findings search(Bytes stream, const Question& question, End end) { return Search(stream, question, end).run(); }

}  // namespace bms::rec
