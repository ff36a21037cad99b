#include <ctime>
#include <filesystem>
#include <ostream>

#include "cli/console/backup_files.hpp"
#include "cli/console/exits.hpp"
#include "cli/console/selection.hpp"
#include "files/atomic_file.hpp"
#include "files/small_file.hpp"

namespace bms::cli {

namespace {

bool write_to(const std::string& text, const std::string& file, const Conversation& with) {
  if (file.empty()) {
    with.terminal.out << text;
    return true;
  }
  // What bears this name may be a device, which must stay what it is.
  if (const std::string strange = files::strange_at(file); !strange.empty()) {
    tell(with, {ErrorKind::rejected, file + " " + strange, {}});
    return false;
  }
  const std::filesystem::path folder = std::filesystem::path(file).parent_path();
  std::error_code ignored;
  if (!folder.empty() && !std::filesystem::is_directory(folder, ignored)) {
    tell(with, {ErrorKind::rejected, file + ": there is no folder " + folder.string(), {}});
    return false;
  }
  if (files::write_atomically(file, text, files::Lasting::yes)) return true;
  tell(with, {ErrorKind::rejected, file + " cannot be written", {}});
  return false;
}

}  // namespace

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  char text[32];
  if (gmtime_r(&now, &parts) == nullptr || std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
    return "";
  return text;
}

Result<console::Backup> read_backup_file(const std::string& file) {
  const files::SmallFile found = files::read_small_file(file, console::largest_backup);
  if (!found.content)
    return failure(ErrorKind::rejected, file + (found.problem.empty() ? ": no such file" : " " + found.problem));
  auto backup = console::read_backup(*found.content);
  if (!backup) return failure(ErrorKind::rejected, file + ": " + backup.error().message);
  return backup;
}

ExitCode back_up(const Conversation& with, const BackupOptions& options) {
  const auto board = meet(with);
  if (!board) return undone(with, board.error());
  if (board->parameters.empty())
    return undone(with, {ErrorKind::rejected, in_words(*board) + ": has no parameters that can be read", {}});
  const auto answer = ask(with, console::Get{names_of(board->parameters)}, "reading");
  if (!answer) return undone(with, answer.error());
  if (answer->refused) return undone(with, *answer->refused);
  const ExitCode exit = exit_of_many(*answer);
  const console::Backup backup = console::backup_of(*answer, options.taken);
  if (exit != ExitCode::stopped) {
    const auto& [name, why] = *backup.unreadable.begin();
    tell(with, {ErrorKind::link, "no backup was made: " + name + ": " + why, {}});
    return exit;
  }
  if (!write_to(console::written(backup, board->parameters), options.file, with)) return ExitCode::configuration;
  with.terminal.told << in_words(*board) << ": " << backup.values.size() << " values";
  if (!backup.unreadable.empty()) with.terminal.told << ", " << backup.unreadable.size() << " could not be read";
  with.terminal.told << "\n";
  return ExitCode::stopped;
}

}  // namespace bms::cli
