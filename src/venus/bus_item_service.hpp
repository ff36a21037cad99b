// Exports an ItemTree as com.victronenergy.BusItem objects.
#pragma once

#include <systemd/sd-bus.h>

#include <cstdint>
#include <memory>

#include "venus/bus_connection.hpp"
#include "venus/item_tree.hpp"

namespace bms::venus {

/// Answers every call below "/" of a connection from the tree as it is at that moment, and announces changes.
class BusItemService {
 public:
  /// From now on calls are answered. `bus` and `tree` must outlive the service; one service per connection.
  /// Throws sdbus::Error.
  BusItemService(BusConnection& bus, ItemTree& tree);
  BusItemService(const BusItemService&) = delete;
  BusItemService& operator=(const BusItemService&) = delete;

  /// Whether copies of other items are announced now.
  enum class Copies : std::uint8_t { later, as_well };

  /// Announces all changed items in one ItemsChanged; sends nothing when there are none.
  void send_changes(Copies copies = Copies::as_well);

 private:
  struct SlotCloser {
    void operator()(sd_bus_slot* slot) const { sd_bus_slot_unref(slot); }
  };

  static int on_call(sd_bus_message* call, void* self, sd_bus_error* error);

  BusConnection& bus_;
  ItemTree& tree_;
  std::unique_ptr<sd_bus_slot, SlotCloser> slot_;
};

}  // namespace bms::venus
