#include "cli/console/trace.hpp"

#include <memory>
#include <optional>
#include <ostream>

#include "cli/console/exits.hpp"
#include "link/capture.hpp"

namespace bms::cli {

namespace {

constexpr std::uint64_t largest_recording = 10'000'000;

/// A file that becomes a recording with the first piece, whose time is its zero.
class Keeping {
 public:
  Keeping(link::CaptureFile file, const std::optional<Board>& board) : file_(std::move(file)) {
    if (!board) return;
    const console::BoardFacts& facts = board->facts;
    file_->write(link::ReachedBoard{
        .family = facts.family, .dialect = facts.dialect, .baud = facts.baud, .address = facts.address});
  }

  void take(const KeptTraffic& piece) {
    if (!recorder_) {
      recorder_ = std::make_unique<link::Recorder>(*std::move(file_), piece.at);
      file_.reset();
    }
    recorder_->take({.at = piece.at, .sent = piece.sent, .bytes = piece.bytes});
  }

 private:
  std::optional<link::CaptureFile> file_;
  std::unique_ptr<link::Recorder> recorder_;
};

/// Whose line it is; empty: the driver is still looking for a board.
Result<std::optional<Board>> board_there(const Conversation& with) {
  auto board = meet(with);
  if (board) return std::optional(*std::move(board));
  if (board.error().kind != ErrorKind::busy) return std::unexpected(board.error());
  return std::optional<Board>();
}

Result<std::unique_ptr<Keeping>> recording(const Conversation& with, const std::optional<Board>& board,
                                           const std::string& path) {
  if (path.empty()) return std::unique_ptr<Keeping>();
  auto file = link::CaptureFile::create(path, largest_recording, [&with](const std::string& what, bool /*problem*/) {
    with.terminal.told << what << "\n";
  });
  if (!file) return failure(ErrorKind::rejected, file.error().message);
  return std::make_unique<Keeping>(*std::move(file), board);
}

}  // namespace

ExitCode trace(const Conversation& with, const TraceOptions& options) {
  const auto board = board_there(with);
  if (!board) return undone(with, board.error());
  const auto recorded = recording(with, *board, options.file);
  if (!recorded) return undone(with, recorded.error());
  with.terminal.told << (*board ? in_words(**board) : "the driver is still looking for a board") << "\n";
  TracePrinter printer(*board ? (*board)->family : nullptr, {.bytes = options.bytes, .json = with.json},
                       with.terminal.out);
  with.way.listen([&](const console::TraceNews& news) {
    printer.take(news);
    if (*recorded && news.lost == 0) (*recorded)->take(news.piece);
  });
  const auto answer =
      with.way.ask({.battery = with.battery, .trace = true, .wish = console::Trace{options.seconds, options.past}},
                   [](const console::Progress& /*none*/) {});
  with.way.listen({});
  printer.end();
  if (!answer) return undone(with, answer.error());
  if (answer->refused) return undone(with, *answer->refused);
  return ExitCode::stopped;
}

}  // namespace bms::cli
