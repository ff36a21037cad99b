// What libsystemd does not say of its socket: how large the next message is, and what the bus has not taken yet.
#pragma once

#include <cstddef>
#include <cstdint>

namespace bms::venus {

/// Looks at a socket that libsystemd reads and writes. Does not own it.
class BusSocket {
 public:
  /// No message that anybody has a reason to send us is larger. The bus itself would let through 32 MB and more, for
  /// which libsystemd would make room. The list of all names must fit, however many there are.
  static constexpr std::size_t largest_message = std::size_t{2} * 1024 * 1024;

  /// `fd`: of a connection that has been made, nothing of which libsystemd has begun to read. The kernel is to keep
  /// little of what is written: what lies there is in front of the next limit. libsystemd asks for 8 MB.
  explicit BusSocket(int fd);

  /// Whether the bus has read everything that was written to the socket. Where the kernel does not say: yes.
  [[nodiscard]] bool all_taken() const;

  /// Has to be called before each time that libsystemd may read, which it does a message at a time. False: it must not
  /// read now, as what lies there is too large, or cannot be judged yet. What is too large is read and thrown away
  /// here.
  [[nodiscard]] bool let_in();

  /// Has to be called afterwards. `dispatched`: libsystemd has done something.
  void note_read(bool dispatched);

  /// Has to be called before libsystemd reads in a blocking call: what is being thrown away has to be gone.
  void prepare_blocking_call();

  /// Has to be called afterwards. The next message is let in, whatever its size.
  void lose_track();

  /// How many messages were thrown away.
  [[nodiscard]] std::uint64_t refused() const { return refused_; }

 private:
  /// Where libsystemd will go on reading.
  enum class Place : std::uint8_t {
    boundary,   ///< a message begins there
    inside,     ///< of one that may be read
    oversized,  ///< of one that is thrown away
    unknown,    ///< the kernel does not help; everything is let in
  };

  [[nodiscard]] bool look();
  [[nodiscard]] bool throw_away();
  void expect_reading();

  int fd_;
  Place place_ = Place::boundary;
  bool track_lost_ = false;  ///< while libsystemd was at work
  std::size_t left_ = 0;     ///< bytes of what is thrown away
  std::uint64_t refused_ = 0;
};

}  // namespace bms::venus
