// What was asked of a unit, and what an answer to it looks like.
#include "rec/rec_question.hpp"

#include <numeric>

namespace bms::rec {
namespace {

constexpr std::size_t shortest_frame = frame_overhead + 1;

struct Block {
  std::string_view mnemonic;
  std::size_t size;
  unsigned count;
  bool known_by_size;  ///< also taken without its count frame
};

constexpr Block blocks[] = {{"LCD1", 28, 28, true}, {"LCD3", 8, 8, true}, {"ERRO", 4, 4, true}, {"BTEM", 4, 1, false}};

const Block* find_block(std::string_view mnemonic) {
  for (const Block& block : blocks)
    if (block.mnemonic == mnemonic) return &block;
  return nullptr;
}

std::size_t count_frame_size(std::size_t count) { return frame_overhead + (count > 9 ? 2 : 1); }

}  // namespace

std::size_t Layout::total() const { return std::accumulate(values.begin(), values.end(), std::size_t{0}); }

std::size_t Layout::wire_size() const {
  const std::size_t frames = one_frame ? 1 : values.size();
  return count_frame_size(values.size()) + frames * frame_overhead + total() * float_size;
}

std::size_t Question::shortest_answer() const {
  switch (shape) {
    case Shape::acknowledgement: return frame_overhead + 3;
    case Shape::block: return frame_overhead + block_size + (count_expected ? count_frame_size(block_count) : 0);
    case Shape::per_unit: return layout ? layout->wire_size() : shortest_frame + frame_overhead + float_size;
    default: return shortest_frame;
  }
}

Shape shape_of(const Instruction& instruction) {
  switch (instruction.kind) {
    case ParameterKind::number:
    case ParameterKind::flag:
    case ParameterKind::code:
    case ParameterKind::bits: return Shape::number;
    case ParameterKind::count: return instruction.name == "SERI" ? Shape::count : Shape::number;
    case ParameterKind::time: return Shape::time;
    case ParameterKind::date: return Shape::date;
    case ParameterKind::list: return find_block(instruction.name) != nullptr ? Shape::block : Shape::per_unit;
    case ParameterKind::text: break;
  }
  if (instruction.name == "*IDN") return Shape::name;
  return instruction.name == "ERRL" ? Shape::line : Shape::text;
}

Question read_question(std::uint8_t unit, const Instruction& instruction, bool count_expected) {
  Question question{.unit = unit, .mnemonic = instruction.name, .shape = shape_of(instruction)};
  if (const Block* block = find_block(instruction.name)) {
    question.block_size = block->size;
    question.block_count = block->count;
    question.count_expected = count_expected || !block->known_by_size;
  }
  return question;
}

Question write_question(std::uint8_t unit, std::string_view mnemonic) {
  return {.unit = unit, .mnemonic = mnemonic, .shape = Shape::acknowledgement};
}

RequestBytes read_request(std::uint8_t unit, std::string_view mnemonic) {
  boost::container::static_vector<char, max_request_text> text(mnemonic.begin(), mnemonic.end());
  text.push_back('?');
  return request_frame(unit, {text.data(), text.size()});
}

RequestBytes write_request(std::uint8_t unit, std::string_view mnemonic, std::string_view number) {
  boost::container::static_vector<char, max_request_text> text(mnemonic.begin(), mnemonic.end());
  text.push_back(' ');
  text.insert(text.end(), number.begin(), number.end());
  return request_frame(unit, {text.data(), text.size()});
}

}  // namespace bms::rec
