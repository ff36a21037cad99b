// Looks at what advertises nearby, for somebody who has asked for it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>

#include "bluetooth/advertisement.hpp"

namespace bms::bluetooth {

/// Who hears of a scan. Both are called from the event loop, and not before the constructor has returned.
struct ScanListener {
  /// A device has been seen for the first time, or something of it has changed: all that is known of it.
  std::function<void(const Advertisement& seen)> on_seen;

  /// Why nothing can be found at present, in words: the adapter is off, absent, or in somebody's hands, or BlueZ does
  /// not run. Empty: the scan works, or works again. Called when it changes, and once in any case.
  std::function<void(const std::string& problem)> on_problem;
};

/// A scan, from construction to destruction; it goes on for as long as it is wanted. Connects to nobody. What others
/// do on the adapter is left alone; only our own discovery is ended. Devices that BlueZ knows of from before are
/// reported once they are heard.
class Scan {
 public:
  /// `adapter`: by its address, any spelling; empty: the first that is switched on. Throws sdbus::Error when there is
  /// no D-Bus.
  Scan(boost::asio::io_context& loop, const std::string& adapter, ScanListener listener);
  ~Scan();
  Scan(const Scan&) = delete;
  Scan& operator=(const Scan&) = delete;

 private:
  class Search;
  std::unique_ptr<Search> search_;
};

}  // namespace bms::bluetooth
