// What passes over a line, for those who ask at the socket: passwords hidden, the last minute kept if that is wanted.
#pragma once

#include <memory>

#include "console/socket.hpp"
#include "link/tap.hpp"

namespace bms::driver {

/// A tap through which no password passes.
[[nodiscard]] std::shared_ptr<link::Tap> make_tap();

/// Lets the clients of a socket hear what passes there.
void offer(const std::shared_ptr<link::Tap>& tap, console::SocketServices& services);

}  // namespace bms::driver
