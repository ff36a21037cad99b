// `dbus-bms backup`, `restore` and `diff`.
#pragma once

#include <optional>
#include <string>

#include "cli/console/conversation.hpp"
#include "cli/console/writing.hpp"
#include "console/backup.hpp"

namespace bms::cli {

/// "2026-01-31T12:00:00Z".
[[nodiscard]] std::string utc_now();

/// Reads a backup or an undo file. Errors: ErrorKind::rejected, with the name of the file.
[[nodiscard]] Result<console::Backup> read_backup_file(const std::string& file);

struct BackupOptions {
  std::string file{};  ///< empty: standard output
  std::string taken{};
};

/// Reads all that the board has. Nothing is written when nothing, or not all that the line could bring, was read.
[[nodiscard]] ExitCode back_up(const Conversation& with, const BackupOptions& options);

struct RestoreCommand {
  std::string file{};
  std::optional<ParameterGroup> only{};
  bool write = false;        ///< else only shows what differs
  bool other_board = false;  ///< also onto another model, or one with another firmware
  std::string yes{};         ///< see consent_to(); empty: not given
};

/// Sets what differs from the file, or shows it and returns ExitCode::undecided.
[[nodiscard]] ExitCode restore(const Conversation& with, const RestoreCommand& options);

/// Stands for the board as it is now.
inline constexpr const char* live = "live";

struct DiffOptions {
  std::string first{}, second{};  ///< files, or `live`; not both are
  bool ignore_calibration = false;
  bool json = false;
  std::string taken{};
};

/// Prints the settings that differ. Returns ExitCode::undecided when any do. `with` may be nullptr when both are files.
[[nodiscard]] ExitCode diff(const DiffOptions& options, Terminal& terminal, const Conversation* with);

}  // namespace bms::cli
