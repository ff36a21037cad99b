// Texts that are safe to put on D-Bus. The bus drops a client that sends a byte sequence which is no UTF-8, so nothing
// that came from a device may go out unseen.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace bms::venus {

/// Whether `text` is UTF-8 without control characters (C0, DEL, C1).
[[nodiscard]] bool is_clean_text(std::string_view text);

/// `text` with every offending byte replaced by '?'.
[[nodiscard]] std::string clean_text(std::string_view text);

/// As many whole characters of `text` as fit into so many bytes.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t bytes);

}  // namespace bms::venus
