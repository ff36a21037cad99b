#include "bus/followed_service.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <variant>

namespace bms::bus {
namespace {

constexpr auto retry_delay = std::chrono::seconds{2};

/// An answer that no repetition changes: the path is not there now; if it comes, it will be announced.
bool is_final(const sd_bus_error* error) {
  return sd_bus_error_has_name(error, SD_BUS_ERROR_UNKNOWN_OBJECT) > 0 ||
         sd_bus_error_has_name(error, SD_BUS_ERROR_UNKNOWN_METHOD) > 0;
}

/// The order of paths for looking up: most are told apart by their lengths.
bool comes_before(std::string_view one, std::string_view other) {
  return one.size() != other.size() ? one.size() < other.size() : one < other;
}

std::vector<std::uint16_t> sorted_places(std::span<const std::string_view> paths) {
  std::vector<std::uint16_t> places(paths.size());
  std::iota(places.begin(), places.end(), std::uint16_t{0});
  std::ranges::stable_sort(places, comes_before, [paths](std::uint16_t place) { return paths[place]; });
  return places;
}

}  // namespace

FollowedService::FollowedService(BusConnection& bus, std::string name, std::string owner,
                                 std::span<const std::string_view> paths, OnNews on_news,
                                 std::chrono::milliseconds longest_wait)
    : bus_{bus},
      name_{std::move(name)},
      owner_{std::move(owner)},
      paths_{paths},
      sorted_{sorted_places(paths)},
      on_news_{std::move(on_news)},
      items_(paths.size()),
      questions_(paths.size()),
      retry_{bus.loop()},
      longest_wait_{longest_wait} {
  subscriptions_ = subscribe_items(
      bus_, owner_, paths_,
      [this](std::string_view path, const items::Incoming& value) { changed_ = take_value(path, value) || changed_; },
      [this] {
        if (std::exchange(changed_, false)) on_news_();
      });
  read();
}

std::optional<double> FollowedService::number(std::size_t path) const {
  return items::finite_number(items_[path].value);
}

std::string_view FollowedService::text(std::size_t path) const {
  const auto* words = std::get_if<std::string>(&items_[path].value);
  return words ? std::string_view{*words} : std::string_view{};
}

void FollowedService::ask(std::size_t path, std::chrono::milliseconds timeout,
                          std::function<void(bool answered)> on_answer) {
  const auto take = [this, path, on_answer = std::move(on_answer)](sd_bus_message* reply) {
    const bool answered = sd_bus_message_is_method_error(reply, nullptr) <= 0;
    // A value that cannot be read counts as no value, not as the one before.
    const bool changed = answered && take_value(paths_[path], read_value(reply).value_or(items::Incoming{}));
    on_answer(answered);
    if (changed) on_news_();
  };
  questions_[path] = call(bus_, {owner_, paths_[path], bus_item_interface, "GetValue"}, timeout, take);
}

void FollowedService::read() {
  if (paths_.size() == 1) return read_one();
  reading_ = call(bus_, {owner_, "/", bus_item_interface, "GetItems"}, wait_, [this](sd_bus_message* reply) {
    // Services of older libraries do not know GetItems.
    if (sd_bus_message_is_method_error(reply, SD_BUS_ERROR_UNKNOWN_METHOD) <= 0) return take_reading(reply, true);
    reading_ = call(bus_, {owner_, "/", bus_item_interface, "GetValue"}, wait_,
                    [this](sd_bus_message* tree) { take_reading(tree, false); });
  });
}

void FollowedService::read_one() {
  reading_ = call(bus_, {owner_, paths_.front(), bus_item_interface, "GetValue"}, wait_, [this](sd_bus_message* reply) {
    const sd_bus_error* error = sd_bus_message_get_error(reply);
    if (error && !is_final(error)) return read_later(error);
    if (!error) take_value(paths_.front(), read_value(reply).value_or(items::Incoming{}));
    answered_ = true;
    on_news_();
  });
}

void FollowedService::take_reading(sd_bus_message* reply, bool items) {
  const auto take = [this](std::string_view path, const items::Incoming& value) { take_value(path, value); };
  const bool understood =
      sd_bus_message_is_method_error(reply, nullptr) <= 0 && (items ? read_items(reply, take) : read_tree(reply, take));
  if (!understood) return read_later(sd_bus_message_get_error(reply));
  answered_ = true;
  on_news_();
}

void FollowedService::read_later(const sd_bus_error* error) {
  const bool late =
      sd_bus_error_has_name(error, SD_BUS_ERROR_NO_REPLY) > 0 || sd_bus_error_has_name(error, SD_BUS_ERROR_TIMEOUT) > 0;
  // Who was given long has had its pause.
  const bool at_once = late && wait_ > usual_wait;
  // What is always late would be asked for ever.
  if (late) wait_ = std::min(2 * wait_, longest_wait_);
  retry_.after(at_once ? std::chrono::seconds{0} : retry_delay, [this] { read(); });
}

/// Empty: it is none of interest.
std::optional<std::size_t> FollowedService::place_of(std::string_view path) const {
  const auto path_at = [this](std::uint16_t place) { return paths_[place]; };
  const auto found = std::ranges::lower_bound(sorted_, path, comes_before, path_at);
  return found != sorted_.end() && paths_[*found] == path ? std::optional<std::size_t>(*found) : std::nullopt;
}

/// Returns whether it is another value than before.
bool FollowedService::take_value(std::string_view path, const items::Incoming& value) {
  const auto place = place_of(path);
  if (!place) return false;
  Item& item = items_[*place];
  if (item.there && item.value == value) return false;
  item.there = true;
  item.value = value;
  return true;
}

}  // namespace bms::bus
