// A battery on paper: the faces that `replay` shows a recording with.
#pragma once

#include <functional>
#include <optional>
#include <ostream>
#include <string>

#include "bms/face.hpp"
#include "items/battery_items.hpp"

namespace bms::driver {

/// Asks for the time on the line, in seconds of the recording.
using PrintedTime = std::function<double()>;

/// One line of JSON for each publication, with every item that D-Bus would have.
class PrintedItems final : public Face {
 public:
  /// `address`: of the battery, in each line; empty: it is the only one of the recording.
  PrintedItems(std::ostream& out, PrintedTime time_s, std::optional<unsigned> address)
      : out_(out), time_s_(std::move(time_s)), address_(address) {}

  void meet(const std::string& battery_id, const Introduction& who, const UserBounds& bounds, Wishes& wishes) override;
  void set_bounds(const UserBounds& bounds) override;
  void show_settings(const UserSettings& user) override;
  bool enter(const Battery& battery, const Limits& limits) override;
  void publish(const Battery& battery, const Limits& limits) override;

 private:
  std::ostream& out_;
  PrintedTime time_s_;
  std::optional<unsigned> address_;
  items::ServiceFacts facts_;
  UserBounds bounds_;
  std::optional<items::BatteryItems> items_;
};

/// One row of a table for each publication, with what went wrong since the last one.
class PrintedTable final : public Face {
 public:
  /// `take_fault`: why the newest poll brought nothing; asked once for each row. `address`: of the battery, above the
  /// table; empty: it is the only one of the recording.
  PrintedTable(std::ostream& out, PrintedTime time_s, std::function<std::string()> take_fault,
               std::optional<unsigned> address)
      : out_(out), time_s_(std::move(time_s)), take_fault_(std::move(take_fault)), address_(address) {}

  void meet(const std::string& /*battery_id*/, const Introduction& /*who*/, const UserBounds& /*bounds*/,
            Wishes& /*wishes*/) override {}
  void set_bounds(const UserBounds& /*bounds*/) override {}
  void show_settings(const UserSettings& /*user*/) override {}
  bool enter(const Battery& battery, const Limits& limits) override;
  void publish(const Battery& battery, const Limits& limits) override;

 private:
  std::ostream& out_;
  PrintedTime time_s_;
  std::function<std::string()> take_fault_;
  std::optional<unsigned> address_;
  bool entered_ = false;
};

}  // namespace bms::driver
