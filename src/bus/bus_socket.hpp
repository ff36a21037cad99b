// What libsystemd does not say of its socket: how large the next message is, and what the bus has not read yet.
#pragma once

#include <cstddef>
#include <cstdint>

namespace bms::bus {

/// Looks at a socket that libsystemd reads and writes. Does not own it.
class BusSocket {
 public:
  /// No message that anybody has a reason to send us is larger. The bus itself would let through 32 MB and more, for
  /// which libsystemd would make room. The list of all names must fit, however many there are.
  static constexpr std::size_t largest_message = std::size_t{2} * 1024 * 1024;

  /// `fd`: of a connection that has been made, where libsystemd will go on with the beginning of a message. The kernel
  /// is to keep little of what is written: what lies there is in front of the next limit. libsystemd asks for 8 MB.
  explicit BusSocket(int fd);

  /// Whether the bus has read everything that was written to the socket. Where the kernel does not say: yes.
  [[nodiscard]] bool all_taken() const;

  /// What libsystemd would find if it read now.
  enum class Input : std::uint8_t {
    none,     ///< nothing
    message,  ///< something that it may read
    unready,  ///< what it must not read: too large, or not to be judged yet
  };

  /// Has to be asked before each time that libsystemd may read. What is too large is read here and thrown away.
  [[nodiscard]] Input look();

  /// Has to be called afterwards.
  void note_read();

  /// Has to be called before libsystemd reads in a blocking call: what is being thrown away has to be gone.
  void prepare_blocking_call();

  /// Has to be called after that. `answered`: it has the answer, which was the last thing that it read. Else it may
  /// have stopped anywhere, and nothing is judged any more.
  void note_blocking_call(bool answered);

  /// How many messages were thrown away.
  [[nodiscard]] std::uint64_t refused() const { return refused_; }

 private:
  /// Where libsystemd will go on reading.
  enum class Place : std::uint8_t {
    boundary,   ///< a message begins there
    inside,     ///< of one that may be read
    oversized,  ///< of one that is thrown away
    unknown,    ///< everything is let in
  };

  [[nodiscard]] Input look_at_header();
  [[nodiscard]] Input throw_away();

  int fd_;
  Place place_ = Place::boundary;
  std::size_t left_ = 0;  ///< bytes of that message
  bool called_ = false;   ///< a blocking call was made while libsystemd was at work
  std::uint64_t refused_ = 0;
};

}  // namespace bms::bus
