#include "items/item_tree.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

#include "bms/utf8.hpp"

namespace bms::items {
namespace {

// So that 28.999999999999996 counts still are 29 when rounding downwards. Far below anything that matters.
constexpr double representation_slack = 1e-6;

double rounded(double value, const Resolution& resolution) {
  const bool fine = resolution.fine_counts > 0 && std::abs(value) < resolution.fine_below;
  const double counts_per_unit = fine ? resolution.fine_counts : resolution.counts_per_unit;
  const double counts = value * counts_per_unit;
  const double whole = resolution.downwards ? std::floor(counts + representation_slack) : std::round(counts);
  return whole / counts_per_unit + 0.0;  // + 0.0: no negative zero
}

bool of_type(const ValueView& value, Type type) {
  switch (value.index()) {
    case 0: return true;
    case 1: return type == Type::integer;
    case 2: return type == Type::real;
    default: return type == Type::text;
  }
}

/// The value as it will be kept: rounded, finite, of the item's type.
ValueView settled(ValueView value, const Kind& kind) {
  if (!of_type(value, kind.type)) return {};
  const auto* number = std::get_if<double>(&value);
  if (!number) return value;
  const double result = rounded(*number, kind.resolution);
  return std::isfinite(result) ? ValueView{result} : ValueView{};
}

/// Whether they say the same.
bool same(const ValueView& next, const Value& present) {
  if (next.index() != present.index()) return false;
  if (const auto* number = std::get_if<double>(&next)) return *number == *std::get_if<double>(&present);
  if (const auto* count = std::get_if<std::int32_t>(&next)) return *count == *std::get_if<std::int32_t>(&present);
  const auto* words = std::get_if<std::string_view>(&next);
  return words == nullptr || *words == *std::get_if<std::string>(&present);
}

/// Takes over a value that differs from the present one; a text into the memory that it has.
void assign(Item& item, const ValueView& next) {
  const auto* words = std::get_if<std::string_view>(&next);
  auto* present = std::get_if<std::string>(&item.value);
  if (words && present)
    present->assign(*words);
  else
    item.value = copy(next);
}

bool inside(const Value& value, const std::optional<Range>& range) {
  const auto number = number_in(value);
  if (!number) return true;
  if (!std::isfinite(*number)) return false;
  return !range || (*number >= range->min && *number <= range->max);
}

/// Decides about a wish, takes over what is accepted, and acts on it.
SetResult carry_out(ItemTree& tree, ItemTree::Id id, Value& value) {
  const WriteAccess& write = *tree[id].write;
  if (value == tree[id].value && !write.action) return SetResult::accepted;
  if (!inside(value, write.range)) return SetResult::refused;
  const SetResult decision = write.decide ? write.decide(value) : SetResult::accepted;
  if (decision != SetResult::accepted) return decision;
  const Value before = tree[id].value;
  if (!write.action) tree.set(id, view(value));
  const SetResult result = write.act ? write.act(value) : SetResult::accepted;
  // Unless somebody has set something else meanwhile, what was refused is not shown.
  if (result != SetResult::accepted && !write.action && value == tree[id].value) tree.set(id, view(before));
  return result;
}

}  // namespace

const char* Item::text(NumberText& room) const {
  if (const auto* number = std::get_if<double>(&value)) return print(room, *number, kind.format);
  if (const auto* count = std::get_if<std::int32_t>(&value)) return print(room, *count, kind.format);
  const auto* words = std::get_if<std::string>(&value);
  return words ? words->c_str() : "---";
}

Value Item::bound(double Range::* end) const {
  if (!write || !write->range) return {};
  const double limit = (*write->range).*end;
  return kind.type == Type::integer ? Value{static_cast<std::int32_t>(limit)} : Value{limit};
}

void ItemTree::reserve(std::size_t count) {
  items_.reserve(count);
  by_path_.reserve(count);
  changed_.reserve(count);
}

ItemTree::Id ItemTree::add(std::string path, const Kind& kind, std::unique_ptr<WriteAccess> write) {
  assert(path.size() > 1 && path.front() == '/' && path.back() != '/');
  assert(!find(path) && below(path).empty());
  const Id id = items_.size();
  const auto place = std::ranges::lower_bound(by_path_, path, {}, path_of());
  by_path_.insert(place, id);
  items_.push_back(Item{std::move(path), kind, {}, std::move(write)});
  changed_.reserve(items_.capacity());
  return id;
}

ItemTree::Id ItemTree::add_live(std::string path, const Kind& kind, std::function<ValueView()> source) {
  const Id id = add(std::move(path), kind);
  live_.push_back({id, std::move(source)});
  return id;
}

void ItemTree::refresh() {
  for (const Live& live : live_) assign(items_[live.id], settled(live.source(), items_[live.id].kind));
}

void ItemTree::set(Id id, ValueView value) {
  Item& item = items_[id];
  assert(of_type(value, item.kind.type));
  const auto* number = std::get_if<double>(&value);
  if (number && *number == item.unrounded) return;
  item.unrounded = number ? *number : std::numeric_limits<double>::quiet_NaN();
  const ValueView next = settled(value, item.kind);
  if (same(next, item.value)) return;

  const auto* words = std::get_if<std::string_view>(&next);
  if (words && !is_clean_text(*words)) return set(id, text(clean_text(*words)));
  const bool may_wait = item.kind.copy && is_valid(item.value) && next.index() != 0;
  assign(item, next);
  note_change(id, may_wait ? Item::News::may_wait : Item::News::due);
}

SetResult ItemTree::write(Id id, const Incoming& incoming) {
  if (!items_[id].write) return SetResult::not_writable;
  auto value = fitted(incoming, items_[id].kind.type);
  if (!value) return SetResult::not_writable;
  const Value wish = *value;
  const SetResult result = carry_out(*this, id, *value);
  // Whoever has written it waits to hear of the item, and the GUI does not send the same wish again before it has.
  if (items_[id].value != wish) note_change(id, Item::News::due);
  return result;
}

std::optional<ItemTree::Id> ItemTree::find(std::string_view path) const {
  const auto place = std::ranges::lower_bound(by_path_, path, {}, path_of());
  if (place == by_path_.end() || items_[*place].path != path) return std::nullopt;
  return *place;
}

std::span<const ItemTree::Id> ItemTree::below(std::string_view node) const {
  if (node == "/") return by_path_;
  // Sorted, all paths that begin with "/Dc/" are neighbours.
  const std::string prefix = std::string{node} + '/';
  const auto first = std::ranges::lower_bound(by_path_, prefix, {}, path_of());
  const auto last = std::find_if(first, by_path_.end(), [&](Id id) { return !items_[id].path.starts_with(prefix); });
  return {first, last};
}

void ItemTree::clear_changes() { clear(changed_); }

void ItemTree::clear_changed_copies() { clear(changed_copies_); }

void ItemTree::clear(std::vector<Id>& list) {
  for (const Id id : list) items_[id].news = Item::News::none;
  list.clear();
}

void ItemTree::note_change(Id id, Item::News news) {
  Item& item = items_[id];
  if (item.news == Item::News::may_wait) {
    if (news == Item::News::may_wait) return;
    std::erase(changed_copies_, id);
  }
  // Whoever hears of several changes at once hears of the last one last: limits are withdrawn and granted in order.
  if (item.news == Item::News::due) std::erase(changed_, id);
  item.news = std::max(item.news, news);
  (item.news == Item::News::due ? changed_ : changed_copies_).push_back(id);
}

const char* relative_to(std::string_view node, const std::string& path) {
  return path.c_str() + (node == "/" ? 1 : node.size() + 1);
}

}  // namespace bms::items
