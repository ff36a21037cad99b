// A few words for people that cost no heap: reasons, causes. What does not fit is cut off.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bms {

/// A printed number; one that was rounded to nothing has no sign: "0.0", not "-0.0".
[[nodiscard]] constexpr std::string_view without_sign_of_zero(std::string_view number) {
  if (number.starts_with('-') && number.find_first_not_of("0.", 1) == std::string_view::npos) number.remove_prefix(1);
  return number;
}

class ShortText {
 public:
  static constexpr std::size_t capacity = 95;

  constexpr ShortText() = default;
  constexpr ShortText(std::string_view text) { append(text); }                  // NOLINT(google-explicit-constructor)
  constexpr ShortText(const char* text) : ShortText(std::string_view(text)) {}  // NOLINT(google-explicit-constructor)

  constexpr ShortText& append(std::string_view text) {
    const std::size_t count = std::min(text.size(), capacity - size_);
    std::copy_n(text.begin(), count, letters_.begin() + size_);
    size_ = static_cast<std::uint8_t>(size_ + count);
    return *this;
  }

  /// Appends a number with so many decimals: 3.4624, 3 -> "3.462".
  ShortText& append(double value, int decimals) {
    std::array<char, 32> digits{};
    const auto [end, failed] =
        std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed, decimals);
    if (failed != std::errc{}) return append("?");
    return append(without_sign_of_zero({digits.data(), end}));
  }

  [[nodiscard]] constexpr std::string_view view() const { return {letters_.data(), size_}; }
  constexpr operator std::string_view() const { return view(); }  // NOLINT(google-explicit-constructor)
  [[nodiscard]] constexpr bool empty() const { return size_ == 0; }

  friend constexpr bool operator==(const ShortText& a, const ShortText& b) { return a.view() == b.view(); }
  friend constexpr bool operator==(const ShortText& a, std::string_view b) { return a.view() == b; }
  friend constexpr bool operator==(const ShortText& a, const char* b) { return a.view() == b; }

 private:
  std::array<char, capacity> letters_{};
  std::uint8_t size_ = 0;
};

}  // namespace bms
