// Reading and writing the texts of REC units: numbers, counts, names, times.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bms/bytes.hpp"

namespace bms::rec {

/// A decimal number that is the whole payload, blanks around it aside: "4.50000e2" as captured, "-1.2351e2" as in the
/// ACTIVE BMS 4S manual, "103". Empty for anything else, for infinity and for what is not a number.
[[nodiscard]] std::optional<double> number_of(Bytes payload);

/// The same if it is whole and not negative.
[[nodiscard]] std::optional<std::uint64_t> count_of(Bytes payload);

/// The number in the count frame before the data of an array: one or two digits. Empty: no count frame.
[[nodiscard]] std::optional<unsigned> array_count_of(Bytes payload);

/// The payload without blanks, line ends and zeros at its ends; empty optional when nothing printable is left or
/// something in between is not printable ASCII.
[[nodiscard]] std::optional<std::string_view> text_of(Bytes payload);

/// "hh:mm:ss" and "dd.mm.yyyy", as far as digits and dots go.
[[nodiscard]] bool looks_like_time(std::string_view text);
[[nodiscard]] bool looks_like_date(std::string_view text);

/// Whether the payload acknowledges a write.
[[nodiscard]] bool is_acknowledgement(Bytes payload);

/// Whether the payload refuses a request: "ERROR1".
[[nodiscard]] bool is_refusal(Bytes payload);

/// A number as a write carries it: decimal point, no exponent, at most six digits that count.
[[nodiscard]] std::string number_text(double value);

/// Whether two numbers are the same to the accuracy of number_text() and of the answers: 1e-4 relative.
[[nodiscard]] bool same_number(double a, double b);

}  // namespace bms::rec
