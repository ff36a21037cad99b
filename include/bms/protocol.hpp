// What a BMS family offers to the driver. Bytes in, facts out; a command in, bytes out.
// Nothing behind these interfaces does I/O, knows the time, logs, or keeps global state.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bms/bounds.hpp"
#include "bms/bytes.hpp"
#include "bms/command.hpp"
#include "bms/error.hpp"
#include "bms/extra.hpp"
#include "bms/reading.hpp"

namespace bms {

/// One question to the BMS, and how patiently its answer is to be awaited.
struct Request {
  Bytes bytes;                           ///< valid until answered or given up; empty: only listen (a BMS that talks)
  std::size_t reply_size = 1;            ///< the least number of bytes that can be an answer
  int attempts = 3;                      ///< how often to ask before giving up
  std::chrono::milliseconds first_byte;  ///< wait at most this long for an answer to begin
  std::chrono::milliseconds whole;       ///< and at most this long for it to be complete
  std::chrono::milliseconds gap;         ///< a silence of this length ends what has begun
  std::chrono::milliseconds pause;       ///< before asking again; an answer that comes by then still counts
  std::chrono::milliseconds quiet{0};    ///< silence on the line before asking; what comes meanwhile is dropped
};

/// What became of the bytes handed to a dialogue.
struct Progress {
  bool answered = false;    ///< the question is answered (a refusal is an answer); go on with request()
  std::size_t missing = 1;  ///< otherwise: the least number of bytes that must still come
  bool begun = false;       ///< part of an answer is here, sound or damaged: more than strangers and echoes
  unsigned strangers = 0;   ///< whole frames in this chunk that answered something else (late replies)
};

/// A conversation with the BMS: questions and answers until it is over. The driver runs it like this:
/// while request() has a question, send it and feed what comes to receive() until answered; when time is up call
/// timed_out() and ask again; after the last attempt call give_up().
class Dialogue {
 public:
  Dialogue() = default;
  Dialogue(const Dialogue&) = delete;
  Dialogue& operator=(const Dialogue&) = delete;
  virtual ~Dialogue() = default;

  /// The present question; the same one until it is answered or given up. Empty: the dialogue is over.
  [[nodiscard]] virtual std::optional<Request> request() = 0;

  /// Takes bytes as they came, in any slicing. Never more than a bounded number of them is kept.
  virtual Progress receive(Bytes chunk) = 0;

  /// The time for this attempt is over: forgets what came and says why it was no answer; ErrorKind::silent when
  /// nothing but strangers and echoes came.
  virtual Error timed_out() = 0;

  /// No attempt is left: goes on without the answer, or ends the dialogue, as the question deserves.
  virtual void give_up(const Error& why) = 0;
};

/// A dialogue that brings a value.
template <class T>
class Query : public Dialogue {
 public:
  /// What the dialogue brought. Precondition: it is over.
  [[nodiscard]] virtual Result<T> result() const = 0;
};

/// One BMS on one line. Owns the state that lasts between polls and nothing else. Every query refers to its protocol,
/// which must outlive it, and to nothing else: options and commands may go as soon as a function has returned.
class Protocol {
 public:
  Protocol() = default;
  Protocol(const Protocol&) = delete;
  Protocol& operator=(const Protocol&) = delete;
  virtual ~Protocol() = default;

  /// The fewest and safest frames that show whether such a board is there: nothing that another family's board could
  /// take for an order. Brings in words what was recognised ("status frame of 16 cells"). Errors: why it is not such a
  /// board; ErrorKind::unsupported when it is one that cannot be served.
  [[nodiscard]] virtual std::unique_ptr<Query<std::string>> probe() = 0;

  /// Starts the next poll. The query stays valid, and belongs to this object; starting another one ends it.
  [[nodiscard]] virtual Query<Reading>& poll() = 0;

  /// Appends what the board has said besides its newest reading, if this family has any such thing. The same order for
  /// the same things.
  virtual void add_extras(std::vector<Extra>& /*to*/) const {}

  /// Asks once who is there. Boards that do not say leave the fields empty; that is not a failure.
  [[nodiscard]] virtual std::unique_ptr<Query<DeviceInfo>> identify() = 0;

  /// Prepares a command, a dialogue of its own to be run between two polls. Errors: ErrorKind::rejected when it is
  /// outside the family's tables; no byte is sent then.
  [[nodiscard]] virtual Result<std::unique_ptr<Query<CommandResult>>> command(const Command& command) = 0;

  /// Whether the board may be in a mode that it has to be taken out of again, because a batch is not over, or because
  /// leaving it was not acknowledged.
  [[nodiscard]] virtual bool mode_open() const { return false; }

  /// No command of a batch follows any more, or an earlier run of the program has ended within one: the next poll takes
  /// the board out of its mode before it asks for anything. What a batch of this run has written and verified is saved.
  virtual void leave_mode() {}

  /// What to believe of this family's readings.
  [[nodiscard]] virtual const Bounds& bounds() const = 0;
};

}  // namespace bms
