#include "rec/rec_factory.hpp"

#include "rec/rec_instructions.hpp"

namespace bms::rec {

std::optional<double> factory_value(std::string_view mnemonic) {
  const Instruction* const found = find_instruction(mnemonic);
  return found == nullptr ? std::nullopt : found->factory;
}

}  // namespace bms::rec
