// The way from a console to a board: through the running driver, or over a port that is opened for it.
#pragma once

#include <functional>
#include <utility>

#include "console/answer.hpp"
#include "console/request.hpp"
#include "console/trace_news.hpp"

namespace bms::console {

class Way {
 public:
  Way() = default;
  Way(const Way&) = delete;
  Way& operator=(const Way&) = delete;
  virtual ~Way() = default;

  /// Waits for the answer; calls `progress` where the request wants to hear of it. Errors: ErrorKind::link when the way
  /// is gone (what has been done then is not known), silent or as of Detection::run() when there is no board.
  [[nodiscard]] virtual Result<Answer> ask(const Request& request,
                                           const std::function<void(const Progress&)>& progress) = 0;

  /// Hears what passes over the line while a request is carried out that asks for it.
  void listen(TraceListener listener) { traced_ = std::move(listener); }

 protected:
  void tell(const TraceNews& news) const {
    if (traced_) traced_(news);
  }

 private:
  TraceListener traced_;
};

}  // namespace bms::console
