// A pack that lives with a roof full of sun and a house for some days, with its cells watched by the driver.
#pragma once

#include <span>
#include <string_view>

#include "battery/cell_document.hpp"
#include "pack.hpp"

namespace bms::model {

/// A pack with something about it. The name is that of a picture in docs/cells.
struct WatchedPack {
  std::string_view name;
  PackDesign design;
};

[[nodiscard]] std::span<const WatchedPack> watched_packs();

/// What the driver knows of its cells after ten days: charged by day until full, discharged by night until the lowest
/// cell is empty.
[[nodiscard]] battery::CellDocument watched(const PackDesign& design);

}  // namespace bms::model
