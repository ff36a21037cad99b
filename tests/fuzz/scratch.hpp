// A directory, in memory where there is such a place, for files that a fuzzer lets the program read; gone with the
// process.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "bms/bytes.hpp"

namespace fuzz {

class Scratch {
 public:
  explicit Scratch(const std::string& name) {
    const std::filesystem::path memory("/dev/shm");
    const auto base = std::filesystem::exists(memory) ? memory : std::filesystem::temp_directory_path();
    directory_ = base / (name + "-" + std::to_string(::getpid()));
    std::filesystem::create_directories(directory_);
  }
  ~Scratch() { std::filesystem::remove_all(directory_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  [[nodiscard]] const std::string& directory() const { return directory_; }
  [[nodiscard]] std::string path(const std::string& name) const { return directory_ + "/" + name; }

  void write(const std::string& name, bms::Bytes content) const {
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    std::ofstream(path(name), std::ios::binary)
        .write(reinterpret_cast<const char*>(content.data()), static_cast<std::streamsize>(content.size()));
  }

 private:
  std::string directory_;
};

}  // namespace fuzz
