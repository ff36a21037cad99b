// The cells of a battery as a picture that can be shown to whoever sold it.
#pragma once

#include <string>
#include <string_view>

#include "battery/cell_document.hpp"

namespace bms::cli {

/// An SVG document: how far each cell was from the median during the last days, the three weakest in colour, and all
/// cells as bars, the weakest first. `name`: of the battery.
[[nodiscard]] std::string cells_picture(const battery::CellDocument& document, std::string_view name);

}  // namespace bms::cli
