#include "files/handed_over.hpp"

#include <cstdlib>

namespace bms::files {

std::string handed_over(const char* variable, const std::string& usual) {
  const char* const said = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe): before there is another thread
  const std::string all = said == nullptr ? "" : said;
  const std::string first = all.substr(0, all.find(':'));
  return first.empty() ? usual : first;
}

}  // namespace bms::files
