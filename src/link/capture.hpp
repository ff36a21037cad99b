// Recording what passes over a line, in the form that `decode` reads and `replay` plays: one JSON object per exchange.
#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bms/error.hpp"
#include "bms/traffic.hpp"
#include "files/descriptor.hpp"
#include "link/reached_board.hpp"

namespace bms::link {

/// One question and what came after it until the next one. Times are seconds since the capture began.
struct Exchange {
  double time_s = 0;
  std::vector<std::uint8_t> request;                                   ///< empty: nothing was asked
  std::vector<std::pair<double, std::vector<std::uint8_t>>> response;  ///< when each piece came, and the piece
};

/// A file of exchanges, one JSON object a line:
/// {"time_s": 1.25, "request": "DDA5...", "response": ["DD03..."], "response_time_s": [1.301]}
/// Bounded: when the file has reached its largest size a last line says so and nothing more is written. What cannot be
/// written, because the disk is full for instance, is left out whole; later lines are tried all the same, and a note
/// says how many are missing.
class CaptureFile {
 public:
  /// What becomes of the recording, in words, when that changes. Not everything is a problem.
  using Report = std::function<void(const std::string& what, bool problem)>;

  /// Creates or overwrites `path`, which must be a file or nothing. Errors: ErrorKind::link with the reason.
  [[nodiscard]] static Result<CaptureFile> create(const std::string& path, std::uint64_t max_bytes, Report report);

  /// Appends one exchange and hands it to the operating system at once.
  void write(const Exchange& exchange);

  /// Notes which board it is that answers.
  void write(const ReachedBoard& board);

 private:
  CaptureFile(std::string path, files::Descriptor file, std::uint64_t max_bytes, Report report);
  void append(const std::string& line);
  [[nodiscard]] bool write_whole(const std::string& lines);

  std::string path_;
  files::Descriptor file_;
  std::uint64_t max_bytes_;
  Report report_;
  std::uint64_t size_ = 0;     ///< of what was written
  std::uint64_t missing_ = 0;  ///< lines that could not be written, since the last one that could
  bool over_ = false;
};

/// What a capture holds.
struct Capture {
  std::vector<Exchange> exchanges;
  std::optional<ReachedBoard> board;  ///< whose exchanges they are, if that was noted
};

/// Reads a capture. Lines that are blank or hold a "note" are skipped. Errors: ErrorKind::rejected, with the line
/// number, what was expected and what is there.
[[nodiscard]] Result<Capture> read_capture(std::istream& in);

/// Writes what passes over a line into a file, exchange by exchange.
class Recorder {
 public:
  /// Times in the file are counted from `began`.
  Recorder(CaptureFile file, TimePoint began) : file_(std::move(file)), began_(began) {}
  ~Recorder() { finish_exchange(); }
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  /// Notes which board it is that answers.
  void note(const ReachedBoard& board) { file_.write(board); }

  void take(const Traffic& piece);

 private:
  void finish_exchange();

  CaptureFile file_;
  TimePoint began_;
  Exchange exchange_;
};

}  // namespace bms::link
