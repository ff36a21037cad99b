// The board of a battery on D-Bus: object /Control of its service, where it is read and set as on the command line.
//
// It is no BusItem and none is below it, so what passes the tree of items on to a broker or a portal does not find it.
#pragma once

#include <sdbus-c++/IObject.h>
#include <sdbus-c++/MethodResult.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bus/bus_connection.hpp"
#include "bus/bus_names.hpp"
#include "console/request.hpp"
#include "driver/desks.hpp"

namespace bms::driver {

class ControlObject {
 public:
  static constexpr const char* path = "/Control";
  static constexpr const char* interface = "com.github.dbusbms.Control1";

  /// More calls than that at the same time are refused.
  static constexpr std::size_t most_calls = 8;

  /// `bus`: of the service, must outlive this object. `place`: of the battery, by which `desks` know it. Root and the
  /// user of the program are answered. Throws sdbus::Error.
  ControlObject(bus::BusConnection& bus, std::string place, std::shared_ptr<const Desks> desks);
  ~ControlObject();
  ControlObject(const ControlObject&) = delete;
  ControlObject& operator=(const ControlObject&) = delete;

 private:
  struct Call;
  using Answer = sdbus::Result<std::string>;
  using Wish = decltype(console::Request::wish);

  void offer_methods();
  void take(Answer&& answer, Wish wish);
  void begin(const std::shared_ptr<Call>& call, const bus::Caller& caller);
  void tell_progress(const Call& call, const console::Progress& progress);
  void end(const std::shared_ptr<Call>& call, const std::function<void(const Answer&)>& say);
  static boost::asio::awaitable<void> carry_out(std::weak_ptr<Call> waiting, std::shared_ptr<const Desks> desks,
                                                console::Request request, std::string who);

  bus::BusConnection& bus_;
  std::string place_;
  std::shared_ptr<const Desks> desks_;
  std::unique_ptr<sdbus::IObject> object_;
  std::vector<std::shared_ptr<Call>> calls_;  ///< under way; none outlives the connection
};

}  // namespace bms::driver
