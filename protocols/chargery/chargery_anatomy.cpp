#include "chargery/chargery_anatomy.hpp"

#include "chargery/chargery_frame.hpp"

namespace bms::chargery {

namespace {

constexpr std::size_t around_payload = 5;  // header, command, length, checksum

constexpr FrameForm forms[] = {
    {.sender = Sender::board,
     .layout = "SSFL*C",
     .begins = [](Bytes head) { return head[0] == header_byte && head[1] == header_byte && head[3] >= shortest_frame; },
     .payload = [](Bytes head) { return head[3] - around_payload; },
     .summed_from = 0,
     .sum = [](Bytes covered) { return std::uint16_t{checksum(covered)}; }},
};

}  // namespace

std::span<const FrameForm> frame_forms() { return forms; }

// Nobody hears a question.
std::string question_in_words(Bytes /*question*/) { return ""; }

}  // namespace bms::chargery
