#include "mqtt/password.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <string_view>

#include "files/small_file.hpp"

namespace bms::mqtt {

namespace {

constexpr std::size_t longest_password = 4096;
constexpr mode_t too_open = S_IWGRP | S_IRWXO;

std::expected<std::string, std::string> first_line_of(const std::string& path) {
  const files::SmallFile file = files::read_small_file(path, longest_password);
  if (!file.content) return std::unexpected(path + ": " + (file.problem.empty() ? "is not there" : file.problem));
  return file.content->substr(0, file.content->find_first_of("\r\n"));
}

}  // namespace

std::expected<std::string, std::string> password_of(const Config& config) {
  if (config.user.empty()) return std::string();
  // What systemd hands over is readable for this program alone already.
  if (config.password_file.empty()) {
    const char* const credentials = std::getenv("CREDENTIALS_DIRECTORY");  // NOLINT(concurrency-mt-unsafe): nobody sets
    if (credentials == nullptr) return std::string();
    return first_line_of(std::string(credentials) + "/mqtt");
  }
  struct stat status{};
  if (stat(config.password_file.c_str(), &status) == 0 && (status.st_mode & too_open) != 0)
    return std::unexpected(config.password_file + ": others may read or change it; expected a mode of 0640 or less");
  return first_line_of(config.password_file);
}

}  // namespace bms::mqtt
