// Exports an ItemTree as com.victronenergy.BusItem objects.
#pragma once

#include <systemd/sd-bus.h>

#include <cstdint>
#include <span>

#include "bms/paced.hpp"
#include "bus/bus_connection.hpp"
#include "items/item_tree.hpp"

namespace bms::bus {

/// What changes are about.
enum class Haste : std::uint8_t {
  none,
  must_be_heard,  ///< something is forbidden now: if the bus does not read that, the connection is given up
};

/// Whether copies of other items are announced now.
enum class Copies : std::uint8_t { later, as_well };

/// Answers every call below "/" of a connection from the tree as it is at that moment, and announces changes.
class BusItemService {
 public:
  /// From now on calls are answered. `bus` and `tree` must outlive the service; one service per connection.
  /// Throws sdbus::Error.
  BusItemService(BusConnection& bus, items::ItemTree& tree);
  BusItemService(const BusItemService&) = delete;
  BusItemService& operator=(const BusItemService&) = delete;
  ~BusItemService();

  /// Announces all changed items in one ItemsChanged; sends nothing when there are none. Later, with what else changes
  /// by then, while calls are being answered, while the bus takes nothing, and when there were many signals just now:
  /// everybody who follows the service is woken by each.
  void send_changes(Haste haste = Haste::none, Copies copies = Copies::later);

 private:
  static int on_call(sd_bus_message* call, void* self, sd_bus_error* error);

  void send_what_waits();
  void send();
  [[nodiscard]] std::span<const items::ItemTree::Id> due_copies() const;

  BusConnection& bus_;
  items::ItemTree& tree_;
  Slot slot_;
  Paced sending_;
  bool wanted_ = false;         ///< changes are to be sent
  bool must_be_heard_ = false;  ///< one of them
  bool copies_due_ = false;     ///< they go along
};

}  // namespace bms::bus
