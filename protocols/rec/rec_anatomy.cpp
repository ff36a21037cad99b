#include "rec/rec_anatomy.hpp"

#include "rec/rec_frame.hpp"
#include "rec/rec_text.hpp"

namespace bms::rec {

namespace {

constexpr std::string_view layout = "SAAL*CCE";

std::size_t size_of_payload(Bytes head) { return head[3]; }

constexpr FrameForm forms[] = {
    {.sender = Sender::host,
     .layout = layout,
     .begins = [](Bytes head) { return head[0] == start_byte && head[2] == host_address; },
     .payload = size_of_payload,
     .summed_from = 1,
     .sum = crc},
    {.sender = Sender::board,
     .layout = layout,
     .begins = [](Bytes head) { return head[0] == start_byte && head[1] == host_address; },
     .payload = size_of_payload,
     .summed_from = 1,
     .sum = crc},
};

}  // namespace

std::span<const FrameForm> frame_forms() { return forms; }

std::string question_in_words(Bytes question) {
  if (question.size() < frame_overhead) return "";
  const Candidate found = examine(question, question[1], host_address);
  if (found.what != Candidate::What::frame) return "";
  const auto text = text_of(found.payload);
  if (!text) return "";
  return (text->ends_with('?') ? "read " : "write ") + std::string(*text);
}

}  // namespace bms::rec
