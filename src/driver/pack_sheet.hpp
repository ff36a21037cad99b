// What a pack of this program hands to its bank: the values that a bank follows, on a sheet in memory. To take them out
// of the signals of the bus would cost the bank more than all else that it does.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "files/sheet.hpp"
#include "items/item_tree.hpp"
#include "items/value.hpp"

namespace bms::driver {

/// How old what is handed over is, and when there will be more.
struct SheetTime {
  std::chrono::steady_clock::time_point read_at{};  ///< when the newest reading that was believed was complete
  double poll_interval_s = 1;                       ///< between two readings
};

/// The pack's end.
class PackSheet {
 public:
  /// `directory`, `place`: of the heartbeat of this pack. `owner`: unique name of its connection to the bus, by which
  /// the bank knows that what stands there is of the service that it sees.
  PackSheet(const std::string& directory, std::string_view place, std::string owner);

  /// What the items are now.
  void write(const items::ItemTree& tree, const SheetTime& time);

 private:
  files::Sheet sheet_;
  std::string owner_;
  std::vector<std::optional<items::ItemTree::Id>> items_;  ///< of each path, once the tree is known
  std::vector<std::uint8_t> content_;
};

/// The bank's end. Untrusted, as everything that comes from other programs.
class PackSheetWatch {
 public:
  /// As above, all three of the service that the bank sees.
  PackSheetWatch(const std::string& directory, std::string_view place, std::string owner);

  /// Takes over what stands there now. False: nothing of this pack can be read, or not just now. It writes before it is
  /// on the bus, so the first looks say whether it ever will.
  [[nodiscard]] bool look();

  [[nodiscard]] const SheetTime& time() const { return time_; }

  /// The value of a path, by its place in pack_paths(), as a finite number; empty: it has none.
  [[nodiscard]] std::optional<double> number(std::size_t path) const;

  /// Likewise as a text, valid until the next look; empty: it has none.
  [[nodiscard]] std::string_view text(std::size_t path) const;

 private:
  files::SheetWatch sheet_;
  std::string owner_;
  SheetTime time_;
  std::vector<items::Value> values_;  ///< of each path
};

}  // namespace bms::driver
