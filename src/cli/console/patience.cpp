#include "cli/console/patience.hpp"

#include <thread>

namespace bms::cli {

namespace {

constexpr std::chrono::milliseconds short_while{200};

}  // namespace

Patience::Patience(std::chrono::seconds how_long, driver::ProgressLine& line)
    : end_(std::chrono::steady_clock::now() + how_long), line_(line) {}

bool Patience::another_try(const std::string& why) {
  if (std::chrono::steady_clock::now() + short_while > end_) {
    line_.clear();
    return false;
  }
  line_.show("waiting: " + why.substr(0, why.find(';')) + " ...");
  std::this_thread::sleep_for(short_while);
  return true;
}

}  // namespace bms::cli
