// The batteries behind one line, as far as they can be asked by hand.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "console/desk.hpp"

namespace bms::driver {

class Desks {
 public:
  void add(std::shared_ptr<console::Desk> desk) { desks_.push_back(std::move(desk)); }
  /// A board at this place is on the line as well, so it is said, and has not been heard yet.
  void expect(std::string place) { expected_.push_back(std::move(place)); }
  void clear() {
    desks_.clear();
    expected_.clear();
  }

  /// Has the board that the request means answer it; refuses one that means none, or several.
  boost::asio::awaitable<console::Answer> answer(console::Request request, std::string who,
                                                 std::function<void(const console::Progress&)> progress) const;

 private:
  [[nodiscard]] Result<std::shared_ptr<console::Desk>> meant(const std::string& battery) const;
  [[nodiscard]] std::vector<console::BatteryNames> names() const;

  std::vector<std::shared_ptr<console::Desk>> desks_;
  std::vector<std::string> expected_;
};

}  // namespace bms::driver
