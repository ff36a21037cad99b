// Tables of a family as its page in docs/ shows them. Made from the tables the code works with, so that the two agree.
#pragma once

#include <string>
#include <vector>

namespace bms {

/// One table. It is kept in docs/<family>.md between "<!-- name -->" and "<!-- end -->".
struct DocumentTable {
  std::string name;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

}  // namespace bms
