// A picture as PNG, for places that take no SVG.
#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace bms::cli {

/// Lets rsvg-convert (librsvg's own program) draw `svg` into the file `path`. Waits until it has. Errors: what went
/// wrong and what to do, as the end of a sentence that begins with the path.
[[nodiscard]] std::expected<void, std::string> write_png(const std::string& path, std::string_view svg);

}  // namespace bms::cli
