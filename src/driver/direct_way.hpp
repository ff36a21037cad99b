// The way to a board over a port that no driver runs on: opened, searched and given back.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>

#include "config/config.hpp"
#include "console/way.hpp"
#include "link/port.hpp"

namespace bms::driver {

/// Which port, and what is known of it.
struct DirectOptions {
  link::Port port;
  std::string battery{};  ///< any name of the battery that is meant; of several on the line its place, which is needed
  config::Config config{};
  std::string state_directory, run_directory;
  std::function<void(const std::string& what)> doing{};  ///< how the search goes
};

/// Opens the port and finds its board. SIGINT, SIGTERM and SIGHUP are taken from then on: what has begun is ended in
/// good order, and the answer says so. Errors: as of Detection::run(); rejected for what is configured wrong.
[[nodiscard]] Result<std::unique_ptr<console::Way>> open_directly(const DirectOptions& options);

}  // namespace bms::driver
