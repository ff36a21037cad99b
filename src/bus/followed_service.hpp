// Some values of one service on the bus, followed as long as it is there.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bms/timer.hpp"
#include "bus/bus_calls.hpp"
#include "bus/bus_connection.hpp"
#include "items/value.hpp"

namespace bms::bus {

/// Reads a service once (only the path of interest where there is only one), then follows ItemsChanged and
/// PropertiesChanged. Never waits; a service that does not answer is asked again, and has said nothing until it does.
/// What it says is not trusted: see number().
class FollowedService {
 public:
  /// Called when the service has been read, and whenever a value has become another one.
  using OnNews = std::function<void()>;

  static constexpr std::chrono::milliseconds usual_wait{2000};

  /// `paths` (of constant lifetime) are the values of interest, known by their place in there. `owner` is the unique
  /// name of the service's present owner. `bus` must outlive the object. `longest_wait` for the answer that is read
  /// first: every time that it takes too long there are twice as many seconds for the next, but no more than this.
  FollowedService(BusConnection& bus, std::string name, std::string owner, std::span<const std::string_view> paths,
                  OnNews on_news, std::chrono::milliseconds longest_wait = usual_wait);
  FollowedService(const FollowedService&) = delete;
  FollowedService& operator=(const FollowedService&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }

  /// Whether it has been read completely.
  [[nodiscard]] bool answered() const { return answered_; }

  /// Whether it has this path, with a value or without.
  [[nodiscard]] bool has(std::size_t path) const { return items_[path].there; }

  /// The value as a finite number. Empty: there is none, or it is invalid, a text, NaN or infinite.
  [[nodiscard]] std::optional<double> number(std::size_t path) const;

  /// The value as a text; empty as well when it is not one. Valid until the value is another one.
  [[nodiscard]] std::string_view text(std::size_t path) const;

  /// Asks for one value anew. `on_answer` hears whether the service answered; the value has been taken over then.
  void ask(std::size_t path, std::chrono::milliseconds timeout, std::function<void(bool answered)> on_answer);

 private:
  struct Item {
    bool there = false;
    items::Incoming value;
  };

  void read();
  void read_one();
  void take_reading(sd_bus_message* reply, bool items);
  [[nodiscard]] std::optional<std::size_t> place_of(std::string_view path) const;
  bool take_value(std::string_view path, const items::Incoming& value);
  void read_later(const sd_bus_error* error);

  BusConnection& bus_;
  std::string name_, owner_;
  std::span<const std::string_view> paths_;
  std::vector<std::uint16_t> sorted_;  ///< places in there, for looking up; of those that are alike the first one first
  OnNews on_news_;
  std::vector<Item> items_;
  std::vector<Pending> subscriptions_;
  std::vector<Pending> questions_;  ///< one for each path
  Pending reading_;
  Timer retry_;
  std::chrono::milliseconds wait_ = usual_wait, longest_wait_;
  bool answered_ = false;
  bool changed_ = false;  ///< by the signal that is being read
};

}  // namespace bms::bus
