// The items of one service, by path: values, their texts, and what changed since the last look. Knows no D-Bus.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "items/number_text.hpp"
#include "items/value.hpp"

namespace bms::items {

/// In which steps a real number is published; smaller changes do not count as changes.
struct Resolution {
  double counts_per_unit = 1;  ///< 100: steps of 0.01
  double fine_counts = 0;      ///< steps to take below `fine_below` instead; 0: the same everywhere
  double fine_below = 0;       ///< amount, sign ignored
  bool downwards = false;      ///< towards minus infinity instead of to the nearest: for limits
};

/// The kind of an item, for life.
struct Kind {
  Type type = Type::text;
  TextFormat format{};
  Resolution resolution{};
  bool copy = false;  ///< of another item, for a page of the screen that few look at: news of it may wait
};

/// What a write led to; the numbers are SetValue's answers.
enum class SetResult : std::int32_t {
  accepted = 0,      ///< also when the value was the present one
  not_writable = 1,  ///< or the type does not fit
  refused = 2,       ///< outside the range, or the owner says no
};

/// What a writable number may be.
struct Range {
  double min = 0;
  double max = 0;
  double initial = 0;  ///< answered to GetDefault
};

/// Makes an item writable: a wish is decided, shown, and then acted on.
struct WriteAccess {
  /// Decides about a value of the item's type (or invalid) inside `range`, and does nothing else; it may put another
  /// value in its place. Empty: all are accepted.
  std::function<SetResult(Value& value)> decide{};

  std::optional<Range> range{};

  /// Does what was decided. The write is over by then and the item shows the value, so it may change items, this one as
  /// well. What it returns is the answer; of a value that it refuses the one before is shown again. Empty: there is
  /// nothing to do.
  std::function<SetResult(const Value& value)> act{};

  /// What is written is not a value to keep but something to do, each time: the item stays as it is.
  bool action = false;
};

/// One value with its path.
struct Item {
  std::string path;
  Kind kind;
  Value value;
  std::unique_ptr<WriteAccess> write;  ///< empty: read-only

  /// What `value` was rounded from; NaN: it was not. Most values are the same as before, and need not be rounded again.
  double unrounded = std::numeric_limits<double>::quiet_NaN();

  /// Whether the value has changed, and how soon that is to be announced.
  enum class News : std::uint8_t { none, may_wait, due } news = News::none;

  /// The value for people, with its unit; "---" when invalid. Valid until the value changes, or `room` is used again.
  [[nodiscard]] const char* text(NumberText& room) const;

  /// One end of the range, as a value of the item's type; invalid when there is no range.
  [[nodiscard]] Value bound(double Range::* end) const;
};

/// Items in the order in which they were added. No path may lie below another item's path.
class ItemTree {
 public:
  using Id = std::size_t;

  /// Makes room for so many items at once, which leaves no holes in the heap.
  void reserve(std::size_t count);

  /// Adds an invalid item. Precondition: `path` is absolute, new, neither above nor below another item's.
  Id add(std::string path, const Kind& kind, std::unique_ptr<WriteAccess> write = nullptr);

  /// Adds an item whose value is asked for whenever somebody looks, and that never counts as changed.
  Id add_live(std::string path, const Kind& kind, std::function<ValueView()> source);

  /// Brings those items up to date; to be called before values are handed to somebody who asked.
  void refresh();

  /// Sets a value, rounded to the item's resolution; what differs from the present one then is remembered as changed.
  /// NaN and infinity become invalid, and bytes of a text that are not UTF-8 become '?'. A value of another type than
  /// the item's is a programming error (asserted; without assertions the item becomes invalid). Allocates nothing
  /// unless a text grows.
  void set(Id id, ValueView value);

  /// Another range of a writable number; its value stays. Precondition: the item has a range.
  void set_range(Id id, const Range& range) { items_[id].write->range = range; }

  /// A client's wish: fits it to the item's type, lets it be decided, takes over what is accepted, and acts on it.
  [[nodiscard]] SetResult write(Id id, const Incoming& incoming);

  [[nodiscard]] const Item& operator[](Id id) const { return items_[id]; }
  [[nodiscard]] std::span<const Item> items() const { return items_; }

  /// The item with exactly this path.
  [[nodiscard]] std::optional<Id> find(std::string_view path) const;

  /// All items below `node` ("/", "/Dc", without a slash at the end), sorted by path. Empty: there is no such node.
  [[nodiscard]] std::span<const Id> below(std::string_view node) const;

  /// What changed since clear_changes(), in the order of the last set(). A copy is among it when it became valid or
  /// invalid.
  [[nodiscard]] std::span<const Id> changed() const { return changed_; }
  void clear_changes();

  /// Copies that changed from one value to another since clear_changed_copies() and are not among changed().
  [[nodiscard]] std::span<const Id> changed_copies() const { return changed_copies_; }
  void clear_changed_copies();

 private:
  void note_change(Id id, Item::News news);
  void clear(std::vector<Id>& list);
  [[nodiscard]] auto path_of() const {
    return [this](Id id) -> std::string_view { return items_[id].path; };
  }

  struct Live {
    Id id;
    std::function<ValueView()> source;
  };

  std::vector<Item> items_;
  std::vector<Live> live_;
  std::vector<Id> by_path_;
  std::vector<Id> changed_;
  std::vector<Id> changed_copies_;
};

/// The part of `path` that a node's methods use as key: relative, without a leading slash ("/Dc", "/Dc/0/Voltage" ->
/// "0/Voltage"). Precondition: `path` lies below `node`.
[[nodiscard]] const char* relative_to(std::string_view node, const std::string& path);

}  // namespace bms::items
