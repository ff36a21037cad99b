#include "console/request.hpp"

namespace bms::console {}
