#include "cli/cells/png.hpp"

#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <system_error>
#include <utility>

#include "files/atomic_file.hpp"
#include "files/descriptor.hpp"
#include "files/small_file.hpp"

namespace bms::cli {

namespace {

constexpr const char* converter = "rsvg-convert";

/// Runs the converter; its exit code, or the negative number of an error.
int run_converter(const files::Descriptor& svg, const files::Descriptor& png) {
  posix_spawn_file_actions_t ends;
  posix_spawn_file_actions_init(&ends);
  posix_spawn_file_actions_adddup2(&ends, svg.number(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&ends, png.number(), STDOUT_FILENO);
  std::string name = converter;
  std::string format = "--format=png";
  std::string paper = "--background-color=white";
  const std::array<char*, 4> words{name.data(), format.data(), paper.data(), nullptr};
  pid_t child = 0;
  const int problem = ::posix_spawnp(&child, converter, &ends, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&ends);
  if (problem != 0) return -problem;
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);  // as shells have it
}

/// Empty: it is none, or a larger one than anybody wants.
std::optional<std::string> content_of(const files::Descriptor& file) {
  constexpr off_t largest = 10'000'000;
  const off_t size = ::lseek(file.number(), 0, SEEK_END);
  if (size <= 0 || size > largest) return std::nullopt;
  std::string content(static_cast<std::size_t>(size), 0);
  const bool read = ::pread(file.number(), content.data(), content.size(), 0) == size;
  return read ? std::optional(std::move(content)) : std::nullopt;
}

std::string words_for(int result) {
  if (result == -ENOENT)
    return std::string("needs the program ") + converter +
           ", which is not installed (Debian: apt install librsvg2-bin); without it take --svg, which every browser "
           "shows";
  if (result < 0)
    return std::string("needs ") + converter + ", which cannot be run: " + std::system_category().message(-result);
  return std::string("could not be drawn: ") + converter + " ended with " + std::to_string(result) +
         "; take --svg, which every browser shows";
}

}  // namespace

std::expected<void, std::string> write_png(const std::string& path, std::string_view svg) {
  const files::Descriptor picture(::memfd_create("cells.svg", MFD_CLOEXEC));
  if (!picture.is_open() || !files::write_all(picture, svg) || ::lseek(picture.number(), 0, SEEK_SET) != 0)
    return std::unexpected("could not be drawn: there is no memory for it");
  // What is there already is replaced by a whole picture or by none.
  const files::Descriptor drawn(::memfd_create("cells.png", MFD_CLOEXEC));
  if (!drawn.is_open()) return std::unexpected("could not be drawn: there is no memory for it");
  if (const int result = run_converter(picture, drawn); result != 0) return std::unexpected(words_for(result));
  const auto content = content_of(drawn);
  const auto file = content ? files::open_to_overwrite(path) : std::unexpected("could not be drawn: it is too large");
  if (!file) return std::unexpected(file.error());
  if (!files::write_all(*file, *content)) return std::unexpected("could not be written");
  return {};
}

}  // namespace bms::cli
