#include "venus/value.hpp"

namespace bms::venus {

ValueView view(const Value& value) {
  return std::visit([](const auto& held) { return ValueView{held}; }, value);
}

Value copy(const ValueView& value) {
  if (const auto* borrowed = std::get_if<std::string_view>(&value)) return std::string{*borrowed};
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* count = std::get_if<std::int32_t>(&value)) return *count;
  return {};
}

}  // namespace bms::venus
