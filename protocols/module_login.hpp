// Telling a Bluetooth module its password, before it lets anything through to the board.
#pragma once

#include <cstdint>

#include "bms/bytes.hpp"

namespace bms {

/// A conversation that neither waits nor sends, like a Dialogue: it is asked what to write, and told what came.
class ModuleLogin {
 public:
  enum class State : std::uint8_t {
    asking,          ///< write question() and wait for what comes
    open,            ///< the password was accepted, or the module has none
    refused,         ///< it is another one
    lacks_password,  ///< the module wants one, and none was given
    wants_pairing,   ///< the module gives back what is written: it must be paired with by the system, with its passkey
    silent,          ///< no such module, or none that answers: the board may be read all the same
  };

  virtual ~ModuleLogin() = default;

  [[nodiscard]] virtual State state() const = 0;

  /// What to write now; with `asking` only. Valid until the next call.
  [[nodiscard]] virtual Bytes question() const = 0;

  /// Takes what has come, noise and frames of the board included.
  virtual void hear(Bytes piece) = 0;

  /// No answer came in time.
  virtual void timed_out() = 0;
};

}  // namespace bms
